"""Who calls, for views that only signed-in people reach."""

from typing import cast

from rest_framework.request import Request

from accounts.models import User


def caller_of(request: Request) -> User:
    """The signed-in caller; the view's permissions have made sure that there is one."""
    return cast(User, request.user)
