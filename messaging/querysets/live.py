"""Whose events and tickets somebody may see."""

from typing import TYPE_CHECKING, Any, Self

from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from messaging.models import LiveEvent, RealtimeTicket


class LiveEventQuerySet(VisibleQuerySet["LiveEvent"]):
    """What happened, for one person each."""

    def visible_to(self, user: Any) -> Self:
        """One's own."""
        return self.filter(user=user) if getattr(user, "is_authenticated", False) else self.none()

    def since(self, horizon: int) -> Self:
        """Those of transactions that may not have been over when ``horizon`` was told."""
        return self.filter(xid__gte=horizon).order_by("xid", "id")


class RealtimeTicketQuerySet(VisibleQuerySet["RealtimeTicket"]):
    """Tickets; nobody sees them again."""
