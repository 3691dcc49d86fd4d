"""Browsers of the caller that take notifications."""

from typing import Any
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from config.shared.operations import documented
from config.shared.pagination import CursorPagination
from config.shared.parameters import refuse_unknown
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import ReadOnlyViewSet
from messaging.api import notification_examples as examples
from messaging.api.serializers.push import (
    PushKeySerializer,
    PushSubscriptionSerializer,
    SubscribeSerializer,
)
from messaging.models import PushSubscription
from messaging.services.push_subscriptions import forget_browser, push_key, subscribe


class PushSubscriptionViewSet(ReadOnlyViewSet):
    """The caller's browsers; nobody sees those of others."""

    queryset = PushSubscription.objects.none()
    serializer_class = PushSubscriptionSerializer
    permission_classes = [IsSignedIn]
    pagination_class = CursorPagination
    ordering = ["-created_at"]
    tag = "notifications"

    def get_queryset(self) -> Any:
        return PushSubscription.objects.visible_to(self.request.user)

    @documented(summary="List your browsers")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The browsers in which the caller takes notifications, the newest first."""
        return super().list(request)

    @documented(summary="Get a browser of yours", answer=examples.BROWSER)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A browser; when it was last reached stands with it."""
        return super().retrieve(request)

    @documented(
        takes=SubscribeSerializer,
        status=201,
        errors=(409,),
        summary="Take notifications in a browser",
        example=examples.SUBSCRIBE,
        answer=examples.BROWSER,
    )
    def create(self, request: Request) -> Response:
        """Take notifications in a browser by Web Push.

        A browser that is known gets its new keys, and belongs to whoever asked last: delete it
        when its person signs out. Up to twenty are kept; then the oldest goes. One that does not
        take them any more is forgotten by itself.
        """
        return self.answer(subscribe(user=caller_of(request), **self.validated()))

    @documented(summary="Take no notifications in a browser any more")
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Forget a browser."""
        forget_browser(subscription=self.get_object())
        return self.answer()

    @action(detail=False, methods=["get"])
    @documented(
        gives=PushKeySerializer,
        errors=(409,),
        summary="Get the key for browsers",
        answer=examples.PUSH_KEY,
    )
    def key(self, request: Request) -> Response:
        """The public key of this site; 409 `push_off` where nothing is sent to browsers."""
        refuse_unknown(request, (), ())
        return self.answer({"key": push_key()})
