"""The caller's signed-in devices."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_in_session, caller_of
from accounts.api.serializers.sessions import EXAMPLE, SessionResponse
from accounts.credentials.models import Session
from accounts.services import sessions
from config.shared.operations import Idempotency, documented
from config.shared.permissions import IsSignedInUnverified
from config.shared.viewsets import ViewSet


class SessionView(ViewSet):
    """The devices that are signed in to the caller's account."""

    queryset = Session.objects.none()
    serializer_class = SessionResponse
    permission_classes = [IsSignedInUnverified]
    filter_backends: list[Any] = []
    idempotency = Idempotency.EXEMPT
    tag = "auth"

    def get_queryset(self) -> Any:
        return sessions.live_sessions(caller_of(self.request))

    @documented(summary="List your signed-in devices", paginated=True)
    def list(self, request: Request) -> Response:
        """List your signed-in devices, the last used first."""
        return self.listed(self.get_queryset())

    @documented(summary="Get one of your signed-in devices", answer=EXAMPLE)
    def retrieve(self, request: Request, pk: Any) -> Response:
        """Get one of your signed-in devices."""
        return self.answer(self.get_object())

    @documented(nothing=True)
    def end_others(self, request: Request) -> Response:
        """Sign out every device but this one."""
        caller = caller_in_session(request)
        sessions.end_others(user=caller.user, current=caller.session_id)
        return self.answer()

    @documented(nothing=True)
    def end(self, request: Request, pk: Any) -> Response:
        """Sign out one device."""
        sessions.end_one(user=caller_of(request), session_id=pk)
        return self.answer()
