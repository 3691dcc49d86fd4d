"""The caller's own lists: whom they follow, who follows them, whom they have shut out."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.serializers.people import (
    BlockSerializer,
    FollowerSerializer,
    FollowingSerializer,
)
from accounts.models import Block, Follow
from config.shared.operations import documented
from config.shared.pagination import CursorPagination
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import ViewSet


class ConnectionsViewSet(ViewSet):
    """A list of people, the newest connection first."""

    permission_classes = [IsSignedIn]
    pagination_class = CursorPagination
    ordering = ["-id"]
    tag = "people"

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.listed(self.get_queryset())


class FollowingViewSet(ConnectionsViewSet):
    """The people whom the caller follows."""

    queryset = Follow.objects.none()
    serializer_class = FollowingSerializer

    def get_queryset(self) -> Any:
        return Follow.objects.by(self.request.user).with_followed()

    @documented(summary="List the people you follow")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request)


class FollowersViewSet(ConnectionsViewSet):
    """The people who follow the caller."""

    queryset = Follow.objects.none()
    serializer_class = FollowerSerializer

    def get_queryset(self) -> Any:
        return Follow.objects.of(self.request.user).with_follower()

    @documented(summary="List the people who follow you")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request)


class BlocksViewSet(ConnectionsViewSet):
    """The people whom the caller has shut out."""

    queryset = Block.objects.none()
    serializer_class = BlockSerializer

    def get_queryset(self) -> Any:
        return Block.objects.visible_to(self.request.user).with_blocked()

    @documented(summary="List the people you have blocked")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request)
