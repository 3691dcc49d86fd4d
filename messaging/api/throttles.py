"""Limits on live updates and on reports."""

from accounts.api.throttles import PersonThrottle, SettingThrottle


class TicketThrottle(PersonThrottle):
    """Tickets for sockets."""

    purpose = "realtime_ticket"
    limit = 60
    window_seconds = 60


class ReportThrottle(SettingThrottle):
    """One person reports so many things a day."""

    purpose = "reports"
    setting = "reports_per_day"
