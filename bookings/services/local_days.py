"""What day it is where a development stands: due dates follow the calendar on its wall."""

from datetime import date, datetime

from accounts.services.calendars import zone_of
from catalog.models import Development


def local_day(development: Development, now: datetime) -> date:
    """The date of ``now`` in the development's time zone."""
    return now.astimezone(zone_of(development.time_zone)).date()
