"""A development in figures: its units, what was sold, what came in and what is owed."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Count,
    DateField,
    ExpressionWrapper,
    F,
    IntegerField,
    Q,
    QuerySet,
    Sum,
)
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce

from accounts.models import User
from bookings.choices import SOLD_BOOKINGS, BookingStatus
from bookings.models import Booking, Instalment, Payment
from bookings.querysets.homes import TEAM_ROLES
from bookings.services.late_terms import GRACE_DAYS
from bookings.services.local_days import local_day
from catalog.choices import UnitStatus
from catalog.models import Development, Unit
from catalog.services.teams import is_on_team
from config.shared.clock import database_now
from config.shared.money import written

NOTHING = Decimal(0)


def development_figures(*, development: Development, viewer: User | None) -> dict[str, Any]:
    """The figures of ``development`` as they are at this moment, in a constant number of queries.

    Everybody who sees it learns how many units are in which state and how much is built; the
    builder's team and staff who see bookings also learn about bookings and money, which are None
    for others. ``development`` has ``percent_built``.
    """
    units = _units(development)
    found: dict[str, Any] = {
        "development": development.pk,
        "name": development.name,
        "total_units": sum(count for count, _ in units.values()),
        "units": {status: units.get(status, (0, NOTHING))[0] for status in UnitStatus.values},
        "percent_built": development.percent_built,  # type: ignore[attr-defined]
        "bookings": None,
        "money": None,
    }
    if viewer is not None and _may_see_money(development, viewer):
        bookings = _bookings(development)
        found["bookings"] = {name: bookings.get(name, 0) for name in BookingStatus.values}
        found["money"] = _money(development, units)
    return found


def _may_see_money(development: Development, viewer: User) -> bool:
    return is_on_team(
        actor=viewer,
        builder=development.builder,
        roles=TEAM_ROLES,
        permission="bookings.view_booking",
    )


def _units(development: Development) -> dict[str, tuple[int, Decimal]]:
    """How many units are in each live state, and what they cost together."""
    mine: Any = Unit.objects.order_by().filter(development=development).with_live_status()
    rows = mine.values("live_status").annotate(count=Count("pk"), value=Sum("price"))
    return {row["live_status"]: (row["count"], row["value"]) for row in rows}


def _bookings(development: Development) -> dict[str, int]:
    mine: Any = Booking.objects.order_by().filter(development=development).with_live_status()
    rows = mine.values("live_status").annotate(count=Count("pk"))
    return {row["live_status"]: row["count"] for row in rows}


def _money(development: Development, units: Mapping[str, tuple[int, Decimal]]) -> dict[str, str]:
    """Sums in the development's currency, which all its units and bookings have."""
    sold = Booking.objects.order_by().filter(development=development, status__in=SOLD_BOOKINGS)
    received = Payment.objects.order_by().filter(booking__development=development).received()
    came = received.aggregate(sum=Sum(F("amount") - F("refunded_amount")))["sum"]
    sums = {
        "value_all": _sum(value for _, value in units.values()),
        "value_available": units.get(UnitStatus.AVAILABLE, (0, NOTHING))[1],
        "value_sold": sold.aggregate(sum=Sum("price"))["sum"],
        "collected": came,
        **_owed(development),
    }
    currency = development.currency
    shown = {name: written(amount or NOTHING, currency) for name, amount in sums.items()}
    return {"currency": currency, **shown}


def _owed(development: Development) -> dict[str, Decimal | None]:
    """What has to be paid now, and how much of it is late, by the calendar and not by the job."""
    today = local_day(development, database_now())
    owed = (
        Instalment.objects.order_by()
        .owed()
        .filter(booking__development=development, booking__status__in=SOLD_BOOKINGS)
        .with_paid()
    )
    return {
        "due": owed.aggregate(sum=Sum("outstanding"))["sum"],
        "overdue": _late(owed, today).aggregate(sum=Sum("outstanding"))["sum"],
    }


def _late(owed: QuerySet[Any], today: date) -> QuerySet[Any]:
    policy = KeyTransform("late_fee_policy", "booking__terms")
    grace = Coalesce(Cast(KeyTextTransform("grace_days", policy), IntegerField()), GRACE_DAYS)
    last_good_day = ExpressionWrapper(F("due_date") + grace, output_field=DateField())
    disputed = Q(objected_at__isnull=False, objection_resolved_at__isnull=True)
    return (
        owed.exclude(disputed).annotate(last_good_day=last_good_day).filter(last_good_day__lt=today)
    )


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, NOTHING)
