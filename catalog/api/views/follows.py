"""Following developments."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from catalog.api.serializers.updates import FollowedDevelopmentSerializer, FollowStateSerializer
from catalog.models import Development, DevelopmentFollow
from catalog.services.follows import follow_development, unfollow_development
from config.shared.operations import documented
from config.shared.pagination import CursorPagination
from config.shared.permissions import IsSignedIn, PublicRead
from config.shared.viewsets import ViewSet

FOLLOWED = {
    "development": "0199c3a4-6c71-7d3f-8a5b-2e3c4d5e6f70",
    "is_followed": True,
    "followers_count": 128,
}


class DevelopmentFollowView(ViewSet):
    """Whether one hears of a development."""

    queryset = Development.objects.none()
    serializer_class = FollowStateSerializer
    permission_classes = [PublicRead]
    lookup_url_kwarg = "development_id"
    tag = "developments"

    def get_queryset(self) -> Any:
        user = self.request.user
        return Development.objects.visible_to(user).with_follows(user)

    @documented(
        summary="See whether you follow a development",
        operation_id="developments_followers",
        answer=FOLLOWED,
    )
    def retrieve(self, request: Request, development_id: UUID) -> Response:
        """See whether you follow a development, and how many people do."""
        return self.answer(self.get_object())

    @documented(operation_id="developments_follow", answer=FOLLOWED)
    def follow(self, request: Request, development_id: UUID) -> Response:
        """Follow a development.

        News from its site are told to you. Doing it again changes nothing.
        """
        follow_development(user=caller_of(request), development=self.get_object())
        return self.answer(self.get_object())

    @documented(operation_id="developments_unfollow", nothing=True)
    def unfollow(self, request: Request, development_id: UUID) -> Response:
        """Follow a development no more; doing it again changes nothing."""
        unfollow_development(user=caller_of(request), development_id=development_id)
        return self.answer()


class FollowedDevelopmentViewSet(ViewSet):
    """The developments that the caller follows, the newest of them first."""

    queryset = DevelopmentFollow.objects.none()
    serializer_class = FollowedDevelopmentSerializer
    permission_classes = [IsSignedIn]
    pagination_class = CursorPagination
    ordering = ["-id"]
    tag = "developments"

    def get_queryset(self) -> Any:
        user = self.request.user
        return DevelopmentFollow.objects.visible_to(user).with_developments(user)

    @documented(summary="List the developments you follow")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.listed(self.get_queryset())
