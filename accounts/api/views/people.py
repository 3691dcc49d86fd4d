"""Public pages of people, their figures, and following and blocking them."""

from typing import Any
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from accounts.api.serializers.people import EXAMPLE, PublicUserSerializer, UserStatsSerializer
from accounts.api.throttles import ConnectionThrottle
from accounts.models import User
from accounts.services.connections import block_user, follow_user, unblock_user, unfollow_user
from config.shared.operations import documented
from config.shared.permissions import PublicRead
from config.shared.viewsets import ViewSet


class UserViewSet(ViewSet):
    """People as everybody may see them: no phone number, no e-mail address, no exact place."""

    queryset = User.objects.none()
    serializer_class = PublicUserSerializer
    permission_classes = [PublicRead]
    tag = "people"

    def get_queryset(self) -> Any:
        user = self.request.user
        if self.action == "stats":
            return User.objects.visible_to(user).showing("show_stats", to=user).with_stats()
        if self.action == "block":
            return User.objects.not_blocking(user)
        return User.objects.visible_to(user).with_public_page(user)

    def get_throttles(self) -> list[Any]:
        return [] if self.action in {"retrieve", "stats"} else [ConnectionThrottle()]

    @documented(summary="Get a person's public page", answer=EXAMPLE)
    def retrieve(self, request: Request, pk: UUID) -> Response:
        return self.answer(self.get_object())

    @action(detail=True)
    @documented(gives=UserStatsSerializer)
    def stats(self, request: Request, pk: UUID) -> Response:
        """Get a person's public figures.

        Somebody who does not show their figures has none: the answer is a 404.
        """
        return self.answer(self.get_object())

    @action(detail=True, methods=["post"])
    @documented(nothing=True)
    def follow(self, request: Request, pk: UUID) -> Response:
        """Follow a person. Doing it again changes nothing."""
        follow_user(follower=caller_of(request), followed=self.get_object())
        return self.answer()

    @follow.mapping.delete
    @documented(nothing=True, operation_id="users_unfollow")
    def unfollow(self, request: Request, pk: UUID) -> Response:
        """Follow a person no more. Doing it again changes nothing."""
        unfollow_user(follower=caller_of(request), followed_id=pk)
        return self.answer()

    @action(detail=True, methods=["post"])
    @documented(nothing=True)
    def block(self, request: Request, pk: UUID) -> Response:
        """Shut a person out. Neither finds the other any more, and neither follows the other."""
        block_user(blocker=caller_of(request), blocked=self.get_object())
        return self.answer()

    @block.mapping.delete
    @documented(nothing=True, operation_id="users_unblock")
    def unblock(self, request: Request, pk: UUID) -> Response:
        """Let a person in again. Follows that the block ended do not come back."""
        unblock_user(blocker=caller_of(request), blocked_id=pk)
        return self.answer()
