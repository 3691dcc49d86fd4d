"""Who may call an operation at all; which rows they then find is ``visible_to``'s to say."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

FULL = "full"
UNVERIFIED = "unverified"


def scope_of(request: Request) -> str:
    """What the caller's access token covers; a caller without one (the admin's session) has all."""
    return getattr(request.auth, "scope", FULL) if request.auth is not None else FULL


def is_signed_in(request: Request) -> bool:
    """Whether an active person calls, whatever their token covers."""
    user = request.user
    return bool(user and user.is_authenticated and user.is_active)


class IsSignedIn(BasePermission):
    """An active person whose phone number or e-mail address is verified."""

    message: Any = None
    code: str | None = None

    def has_permission(self, request: Request, view: Any) -> bool:
        if not is_signed_in(request):
            return False
        if scope_of(request) == FULL:
            return True
        self.message = "Please verify your phone number or e-mail address first."
        self.code = "verification_required"
        return False


class IsSignedInUnverified(BasePermission):
    """An active person, also one who has yet to verify anything."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return is_signed_in(request) and scope_of(request) in {FULL, UNVERIFIED}


class IsStaff(IsSignedIn):
    """A member of staff; what they may do is decided by their Django permissions."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return super().has_permission(request, view) and bool(request.user.is_staff)


class PublicRead(IsSignedIn):
    """Anybody may read; whoever writes is signed in."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return request.method in SAFE_METHODS or super().has_permission(request, view)


class Public(BasePermission):
    """Anybody, signed in or not."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return True
