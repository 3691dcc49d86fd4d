"""What the frozen terms say about being late: until when, how much, and when again.

Days are those where the development stands. A fee falls due on the first day after the grace, and
where the policy says ``every_days``, again after each such time. Each is a sum or a per cent of the
instalment's amount, and all of them together never exceed the limit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from bookings.choices import (
    OWED_INSTALMENTS,
    PAYABLE_INSTALMENTS,
    SOLD_BOOKINGS,
    BookingStatus,
)
from bookings.models import Booking, Instalment
from bookings.services.local_days import local_day
from config.shared.money import fee

# Where the terms say nothing of late fees: how long nothing is called overdue.
GRACE_DAYS = 5
WHOLE = Decimal(100)
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class LateTerms:
    """The late-fee policy of one booking, applied to one amount."""

    grace_days: int
    one_fee: Decimal
    every_days: int | None
    limit: Decimal | None

    def last_good_day(self, due_date: date) -> date:
        """The last day on which paying is in time."""
        return due_date + timedelta(days=self.grace_days)

    def periods_by(self, due_date: date, day: date) -> int:
        """How many fees have fallen due by ``day``."""
        late_days = (day - self.last_good_day(due_date)).days
        if late_days < 1 or not self.one_fee:
            return 0
        return 1 if self.every_days is None else 1 + (late_days - 1) // self.every_days

    def day_of(self, due_date: date, period: int) -> date | None:
        """On which day the fee of ``period`` (from 1) falls due, if it ever does."""
        if not self.one_fee or (self.every_days is None and period > 1):
            return None
        first = self.last_good_day(due_date) + timedelta(days=1)
        return first + timedelta(days=(period - 1) * (self.every_days or 0))

    def charged(self, already: Decimal, periods: int) -> Decimal:
        """What the late fee is once ``periods`` more are charged; never above the limit."""
        total = already + self.one_fee * periods
        return total if self.limit is None else max(already, min(total, self.limit))


def late_terms(*, policy: Mapping[str, Any], amount: Decimal, currency: str) -> LateTerms:
    """The frozen ``policy`` (``{}``: no fees) for an instalment of ``amount``."""
    if not policy:
        return LateTerms(GRACE_DAYS, NOTHING, None, None)
    return LateTerms(
        grace_days=policy["grace_days"],
        one_fee=_part(policy, "percent", "amount", amount, currency) or NOTHING,
        every_days=policy.get("every_days"),
        limit=_part(policy, "cap_percent", "cap_amount", amount, currency),
    )


def terms_of(booking: Booking, instalment: Instalment) -> LateTerms:
    """What applies to ``instalment`` when it is late."""
    policy = booking.terms.get("late_fee_policy") or {}
    return late_terms(policy=policy, amount=instalment.amount, currency=instalment.currency)


def has_open_objection(instalment: Instalment) -> bool:
    """Whether the customer objected and nobody has answered."""
    return instalment.objected_at is not None and instalment.objection_resolved_at is None


def is_owed(instalment: Instalment, *, booking: Booking, now: datetime) -> bool:
    """Whether it has to be paid now: due in fact, not paid in full, of a booking that goes on."""
    due = instalment.status in OWED_INSTALMENTS and instalment.due_at is not None
    if booking.status == BookingStatus.PENDING_PAYMENT:
        return due and booking.pay_until is not None and booking.pay_until > now
    return due and booking.status in SOLD_BOOKINGS


def is_late(instalment: Instalment, *, booking: Booking, now: datetime) -> bool:
    """Whether the grace is over and nothing stands in the way, whatever the job has done so far."""
    owed = is_owed(instalment, booking=booking, now=now) and booking.status in SOLD_BOOKINGS
    if not owed or instalment.due_date is None or has_open_objection(instalment):
        return False
    terms = terms_of(booking, instalment)
    return local_day(booking.development, now) > terms.last_good_day(instalment.due_date)


def next_late_fee(instalment: Instalment, *, booking: Booking) -> tuple[Decimal, date] | None:
    """Which fee would be charged next and on which day; None if none would.

    While an objection is open, none would: the time does not count.
    """
    payable = instalment.status in PAYABLE_INSTALMENTS and booking.status in SOLD_BOOKINGS
    if not payable or instalment.due_date is None or has_open_objection(instalment):
        return None
    terms = terms_of(booking, instalment)
    day = terms.day_of(instalment.due_date, instalment.late_fee_periods + 1)
    amount = terms.charged(instalment.late_fee, 1) - instalment.late_fee
    return (amount, day) if day is not None and amount > 0 else None


def _part(
    policy: Mapping[str, Any], percent: str, amount: str, whole: Decimal, currency: str
) -> Decimal | None:
    if percent in policy:
        return fee(whole, Decimal(policy[percent]), currency)
    return fee(Decimal(policy[amount]), WHOLE, currency) if amount in policy else None
