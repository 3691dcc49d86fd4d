"""Which wishes to be forgotten somebody may see, and which are due."""

from typing import TYPE_CHECKING, Any, Self

from django.db.models.functions import Now

from accounts.choices import ErasureStatus
from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from accounts.models import ErasureRequest

OPEN = (ErasureStatus.SCHEDULED, ErasureStatus.RUNNING)


class ErasureRequestQuerySet(VisibleQuerySet["ErasureRequest"]):
    """Wishes to be forgotten."""

    def open(self) -> Self:
        """Those that nothing came of yet."""
        return self.filter(status__in=OPEN)

    def due(self) -> Self:
        """Open ones whose time has come, also those that were cut short."""
        return self.open().filter(due_at__lte=Now())

    def visible_to(self, user: Any) -> Self:
        """One's own; staff who may view people see all."""
        if getattr(user, "is_staff", False) and user.has_perm("accounts.view_user"):
            return self.all()
        return self.filter(user=user) if user.is_authenticated else self.none()
