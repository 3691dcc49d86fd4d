"""The contractor directory, and the figures about people that other apps keep."""

from datetime import date
from typing import Any

from accounts.models import User
from accounts.querysets.figures import FigureName, forget_figure, register_figure
from accounts.services.calendars import FALLBACK_ZONE, zone_of
from config.shared.clock import database_now

__all__ = [
    "FigureName",
    "contractors_for",
    "forget_figure",
    "register_figure",
    "today_for_everybody",
]


def today_for_everybody() -> date:
    """The date by which licences count in lists: that of the site's own time zone."""
    return database_now().astimezone(zone_of(FALLBACK_ZONE)).date()


def contractors_for(user: Any) -> Any:
    """The contractors whom ``user`` may find, as the directory shows them, by name."""
    people = User.objects.contractors().visible_to(user).order_by("full_name", "pk")
    return people.with_directory_card(today=today_for_everybody())
