"""The caller's own account."""

from functools import partial

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from accounts.api.serializers.own_account import EXAMPLE, UPDATE_EXAMPLE, UserResponse, UserUpdate
from accounts.api.versions import VersionedAnswersMixin, refuse_other_version
from accounts.models import User
from accounts.services.profiles import update_user
from config.shared.operations import documented
from config.shared.permissions import IsSignedInUnverified
from config.shared.viewsets import ViewSet


class OwnAccountView(VersionedAnswersMixin, ViewSet):
    """What the caller's own account says about them."""

    queryset = User.objects.none()
    serializer_class = UserResponse
    input_serializer_class = UserUpdate
    permission_classes = [IsSignedInUnverified]

    @documented(summary="Change your account", example=UPDATE_EXAMPLE, answer=EXAMPLE)
    def update(self, request: Request) -> Response:
        """Change your account.

        Fields that are left out stay as they are, as with PATCH. Phone number and e-mail address
        are changed by ways of their own; state and verification are not the owner's to change.
        """
        person = caller_of(request)
        changes = self.validated(person, partial=True)
        check = partial(refuse_other_version, request)
        return self.answer(update_user(user=person, changes=changes, check=check))

    @documented(summary="Change part of your account", example=UPDATE_EXAMPLE, answer=EXAMPLE)
    def partial_update(self, request: Request) -> Response:
        """Change part of your account."""
        return self.update(request)
