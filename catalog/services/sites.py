"""Who may write about a building site, and until when."""

from datetime import date, datetime

from accounts.models import User
from accounts.services.calendars import zone_of
from catalog.choices import DevelopmentStatus, PhaseStatus
from catalog.homes_exceptions import DevelopmentClosedError
from catalog.models import Development, ProgressPhase
from catalog.services.teams import SITE_ROLES, require_team
from config.shared.errors import InvalidInputError, MissingError

__all__ = ["check_site", "clean_reason", "is_late", "next_order", "today_at"]

LAST_ORDER = 32_767


def check_site(*, actor: User, development: Development) -> None:
    """Raise unless ``actor`` works on the site of ``development`` and there still is one.

    Raises ``MissingError`` for a development that was deleted, ``NotAllowedError`` for anybody
    but the builder's own people of the site and staff, ``DevelopmentClosedError`` for one that
    was put away.
    """
    if development.deleted_at is not None:
        raise MissingError
    require_team(actor=actor, builder=development.builder, roles=SITE_ROLES)
    if development.status == DevelopmentStatus.ARCHIVED:
        raise DevelopmentClosedError


def today_at(development: Development, *, now: datetime) -> date:
    """The date of ``now`` where ``development`` stands."""
    return now.astimezone(zone_of(development.time_zone)).date()


def next_order(last: int | None) -> int:
    """The place after ``last``, as far as places are counted."""
    return min((last or 0) + 1, LAST_ORDER)


def is_late(phase: ProgressPhase, *, now: datetime) -> bool:
    """Whether ``phase`` should have been completed on a day that is over where it is built."""
    if phase.planned_end is None or phase.status == PhaseStatus.COMPLETED:
        return False
    return phase.planned_end < today_at(phase.development, now=now)


def clean_reason(reason: str, *, code: str = "required", detail: str = "Say why.") -> str:
    """``reason`` without spaces around it, or ``InvalidInputError`` where nothing is left."""
    text = reason.strip()
    if not text:
        raise InvalidInputError.at("/reason", code, detail)
    return text
