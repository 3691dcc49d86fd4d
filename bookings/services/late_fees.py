"""What becomes of instalments that are not paid in time.

The job looks at everything that is owed, once an hour; each instalment is a transaction of its own
and is judged by what its row says once it is locked. So it does no harm to run the job twice, or
twice at once, and whatever an outage left undone is done afterwards.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from bookings.choices import SOLD_BOOKINGS, DueRule, InstalmentStatus
from bookings.flows import INSTALMENT_FLOW
from bookings.models import Booking, Instalment
from bookings.services.due import AHEAD, DEMANDING_BOOKINGS
from bookings.services.instalment_notices import (
    tell_late_fee,
    tell_late_fee_coming,
    tell_overdue,
    tell_reminder,
)
from bookings.services.instalments import outstanding_of
from bookings.services.late_terms import (
    has_open_objection,
    is_late,
    is_owed,
    next_late_fee,
    terms_of,
)
from bookings.services.local_days import local_day
from bookings.services.one_by_one import one_by_one
from config.shared import audit
from config.shared.clock import database_now
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.retries import retry_transaction

# How many days before its day a late fee is announced once more.
ANNOUNCED_DAYS = 3
REMINDER_DAYS = (7, 1)


def judge_all() -> int:
    """Judge everything that is owed today; returns how many instalments were looked at."""
    owed = (
        Instalment.objects.owed()
        .filter(booking__status__in=SOLD_BOOKINGS)
        .exclude(objected_at__isnull=False, objection_resolved_at__isnull=True)
        .select_related("booking")
        .order_by("pk")
    )
    return one_by_one(list(owed), lambda instalment: judge(instalment=instalment))


@retry_transaction
def judge(*, instalment: Instalment) -> Instalment:
    """Call one instalment overdue, charge its late fees and announce the next, as far as is due.

    While an objection is open, nothing of this happens.
    """
    booking, instalment = lock(instalment.booking, instalment)
    now = database_now()
    sold = booking.status in SOLD_BOOKINGS
    ready = sold and is_owed(instalment, booking=booking, now=now)
    if not ready or has_open_objection(instalment) or instalment.due_date is None:
        return instalment
    if is_late(instalment, booking=booking, now=now):
        _call_overdue(instalment, booking, now)
        _charge(instalment, booking, local_day(booking.development, now))
    _announce(instalment, booking, local_day(booking.development, now))
    return instalment


def remind_all() -> int:
    """Remind of what becomes due in seven days and in one; returns how many reminders were due."""
    now = database_now()
    latest = (now + AHEAD).date() + timedelta(days=max(REMINDER_DAYS))
    coming = (
        Instalment.objects.waiting()
        .filter(
            booking__status__in=DEMANDING_BOOKINGS,
            due_rule__in=[DueRule.DATE, DueRule.DAYS],
            due_date__gt=(now - AHEAD).date(),
            due_date__lte=latest,
        )
        .select_related("booking__development")
        .order_by("pk")
    )
    return one_by_one(list(coming), lambda instalment: _remind(instalment=instalment, now=now))


@retry_transaction
def _remind(*, instalment: Instalment, now: datetime) -> bool:
    booking, instalment = lock(instalment.booking, instalment)
    if booking.status not in DEMANDING_BOOKINGS or instalment.due_at is not None:
        return False
    if instalment.due_date is None:
        return False
    left = (instalment.due_date - local_day(booking.development, now)).days
    # After an outage the next reminder is the nearest one that has not passed.
    nearest = min((days for days in REMINDER_DAYS if left <= days), default=None)
    outstanding = outstanding_of(instalment)
    if left < 1 or nearest is None or outstanding <= 0:
        return False
    tell_reminder(instalment, booking, days=left, step=nearest, outstanding=outstanding)
    return True


def _call_overdue(instalment: Instalment, booking: Booking, now: datetime) -> None:
    if instalment.status == InstalmentStatus.OVERDUE:
        return
    move(
        instalment,
        InstalmentStatus.OVERDUE,
        flow=INSTALMENT_FLOW,
        actor=None,
        overdue_at=now,
    )
    tell_overdue(instalment, booking, outstanding=outstanding_of(instalment))


def _charge(instalment: Instalment, booking: Booking, today: date) -> None:
    """Charge the fees of all periods that have begun and were not charged."""
    terms = terms_of(booking, instalment)
    periods = terms.periods_by(_due_date(instalment), today)
    if periods <= instalment.late_fee_periods:
        return
    before = instalment.late_fee
    instalment.late_fee = terms.charged(before, periods - instalment.late_fee_periods)
    instalment.late_fee_periods = min(periods, MOST_PERIODS)
    instalment.save(update_fields=["late_fee", "late_fee_periods", "updated_at"])
    added = instalment.late_fee - before
    if not added:
        return
    audit.record(
        "bookings.instalment.late_fee_charged",
        target=instalment,
        before={"late_fee": before},
        after={"late_fee": instalment.late_fee, "periods": instalment.late_fee_periods},
    )
    tell_late_fee(instalment, booking, fee=added, outstanding=outstanding_of(instalment))


def _announce(instalment: Instalment, booking: Booking, today: date) -> None:
    coming = next_late_fee(instalment, booking=booking)
    if coming is None:
        return
    _, day = coming
    if today < day <= today + timedelta(days=ANNOUNCED_DAYS):
        tell_late_fee_coming(instalment, booking, outstanding=outstanding_of(instalment))


def take_late_fee_back(instalment: Instalment, *, paid: Decimal) -> None:
    """Take back what was charged for being late and has not been paid; the row is locked.

    What was paid of it stays: it is not owed again, and nothing is left to give back by halves.
    """
    kept = max(min(instalment.late_fee, paid - instalment.amount), Decimal(0))
    instalment.late_fee, instalment.late_fee_periods = kept, 0


def _due_date(instalment: Instalment) -> date:
    if instalment.due_date is None:
        raise ValueError("What is late has had a date.")
    return instalment.due_date


MOST_PERIODS = 32_767
