"""What lapsed while nobody asked: ended and passed on a minute later, unit by unit."""

from django.db import OperationalError
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from accounts.choices import OrganizationStatus
from bookings.models import Booking, WaitlistEntry
from bookings.services.settling import settle_unit
from catalog.choices import SELLABLE_DEVELOPMENTS, UnitStatus
from catalog.models import Unit
from config.shared.clock import database_now
from config.shared.database_problems import BUSY, sqlstate
from config.shared.locks import lock
from config.shared.retries import retry_transaction

BATCH = 500


def sweep_claims() -> int:
    """Settle every unit with a claim that has lapsed, or with people who could be offered it.

    Each unit has a transaction of its own; one that others are deciding about at the moment is
    left to them and to the next minute. Nothing depends on it but what people are told, and when.
    Returns how many units were settled.
    """
    return sum(_settle_if_free(unit) for unit in _due_units())


def _due_units() -> list[Unit]:
    lapsed = Booking.objects.lapsed().order_by().values("unit")
    offers = WaitlistEntry.objects.filter(status="offered", offer_until__lte=Now())
    waiting = WaitlistEntry.objects.waiting().filter(unit=OuterRef("pk"))
    idle = (
        Unit.objects.filter(
            status=UnitStatus.AVAILABLE,
            waiting_count__gt=0,
            development__is_selling=True,
            development__deleted_at__isnull=True,
            development__status__in=SELLABLE_DEVELOPMENTS,
            development__builder__status=OrganizationStatus.ACTIVE,
        )
        .filter(Exists(waiting))
        .order_by()
        .values("pk")
    )
    due = Q(pk__in=lapsed) | Q(pk__in=offers.order_by().values("unit")) | Q(pk__in=idle)
    return list(Unit.objects.filter(due).order_by("pk")[:BATCH])


def _settle_if_free(unit: Unit) -> bool:
    try:
        _settle(unit)
    except OperationalError as error:
        if sqlstate(error) not in BUSY:
            raise
        return False
    return True


@retry_transaction
def _settle(unit: Unit) -> None:
    (unit,) = lock(unit)
    settle_unit(unit=unit, now=database_now())
