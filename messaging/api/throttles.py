"""Limits on live updates."""

from rest_framework.request import Request

from accounts.api.throttles import DAY, PersonThrottle
from accounts.services.settings import get_setting
from config.shared.limits import take


class TicketThrottle(PersonThrottle):
    """Tickets for sockets."""

    purpose = "realtime_ticket"
    limit = 60
    window_seconds = 60


class ReportThrottle(PersonThrottle):
    """One person reports so many things a day (setting ``reports_per_day``)."""

    purpose = "reports"
    window_seconds = DAY

    def allow_request(self, request: Request, view: object) -> bool:
        """Count the request."""
        if not request.user.is_authenticated:
            return True
        taken = take(
            f"{self.purpose}:{request.user.pk}",
            limit=get_setting("reports_per_day"),
            window_seconds=self.window_seconds,
        )
        self.retry_after = taken.retry_after
        return taken.allowed
