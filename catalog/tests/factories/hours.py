"""Hosts with hours for tests, made by the services that make the real ones."""

from collections.abc import Iterable
from typing import Any

from accounts.choices import MembershipRole
from accounts.models import User
from accounts.tests.factories.organizations import seated
from catalog.models import Development
from catalog.services.availability import replace_hours


def hours_on(*weekdays: int, opens: int = 9, closes: int = 17, **changes: Any) -> list[Any]:
    """Hours on each of ``weekdays`` (0 is Monday), from one full hour to another."""
    return [
        {
            "weekday": weekday,
            "from_minute": opens * 60,
            "to_minute": closes * 60,
            "slot_minutes": 60,
            "buffer_minutes": 0,
            "lead_minutes": 0,
            **changes,
        }
        for weekday in weekdays
    ]


def receiving(
    host: User, *, time_zone: str = "Asia/Dubai", hours: Iterable[Any] | None = None
) -> User:
    """``host``, who receives visitors round the clock unless ``hours`` are given."""
    week = list(hours) if hours is not None else hours_on(*range(7), opens=0, closes=24)
    replace_hours(host=host, time_zone=time_zone, hours=week)
    return host


def host_of(development: Development, *, role: str = MembershipRole.SALES, **hours: Any) -> User:
    """Somebody new of the builder's people, who receives visitors."""
    return receiving(seated(development.builder, role), **hours)
