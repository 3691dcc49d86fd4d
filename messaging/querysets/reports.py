"""Which reports somebody may see."""

from typing import TYPE_CHECKING, Any, Self

from config.shared.querysets import VisibleQuerySet
from messaging.choices import ReportStatus

if TYPE_CHECKING:
    from messaging.models import Report


class ReportQuerySet(VisibleQuerySet["Report"]):
    """Reports."""

    def open(self) -> Self:
        """Those that nobody has decided on."""
        return self.filter(status__in=[ReportStatus.OPEN, ReportStatus.TRIAGED])

    def made_by(self, user: Any) -> Self:
        """One person's own."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(reporter=user)

    def visible_to(self, user: Any) -> Self:
        """One's own; staff who decide on them see all but those about themselves."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_staff and user.has_perm("messaging.view_report"):
            return self.exclude(accused=user)
        return self.filter(reporter=user)
