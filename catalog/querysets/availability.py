"""Whose hours somebody may see and change."""

from typing import TYPE_CHECKING, Any, Self

from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from catalog.models import Availability, AvailabilityException


class AvailabilityQuerySet(VisibleQuerySet["Availability"]):
    """Weekly hours of hosts."""

    def visible_to(self, user: Any) -> Self:
        """One's own; what others offer shows as slots."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_staff and user.has_perm("catalog.view_availability"):
            return self.all()
        return self.filter(host=user)


class AvailabilityExceptionQuerySet(VisibleQuerySet["AvailabilityException"]):
    """Days on which hosts are away or receive at other hours."""

    def visible_to(self, user: Any) -> Self:
        """One's own."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_staff and user.has_perm("catalog.view_availabilityexception"):
            return self.all()
        return self.filter(host=user)
