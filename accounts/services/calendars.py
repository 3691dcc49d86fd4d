"""What day it is for somebody: deadlines in days follow the calendar on their own wall."""

from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from accounts.models import User
from config.shared.clock import database_now

FALLBACK_ZONE = "Asia/Dubai"


def zone_of(name: str) -> ZoneInfo:
    """The IANA zone ``name``; Dubai's where there is no such zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(FALLBACK_ZONE)


def today_of(user: User, *, now: datetime | None = None) -> date:
    """The date in the time zone of ``user``; ``now`` saves asking the database's clock again."""
    return (now or database_now()).astimezone(zone_of(user.time_zone)).date()
