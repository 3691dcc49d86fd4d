"""Limits on live updates."""

from accounts.api.throttles import PersonThrottle


class TicketThrottle(PersonThrottle):
    """Tickets for sockets."""

    purpose = "realtime_ticket"
    limit = 60
    window_seconds = 60
