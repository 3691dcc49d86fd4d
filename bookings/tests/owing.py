"""Bookings with payment plans in tests, money that came for them, and days that pass."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from bookings.choices import GatewayName, PaymentMethod, PaymentPurpose, PaymentStatus
from bookings.models import Booking, Instalment, Payment
from bookings.services.instalments import record_payment
from bookings.services.references import PAYMENT, next_receipt_number, next_reference
from bookings.tests.factories.homes import BookingFactory
from catalog.models import Development, ProgressPhase
from catalog.services.phases import complete_phase
from catalog.tests.factories.construction import PhaseFactory, evidence_of, site_engineer
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory
from config.shared.clock import database_now
from config.shared.locks import lock
from config.shared.retries import retry_transaction

# One per cent each 30 days after 5 days of grace, at most 2.5 per cent.
MONTHLY = {
    "grace_days": 5,
    "kind": "percent",
    "percent": "1",
    "every_days": 30,
    "cap_percent": "2.5",
}


def by_phase(**development: Any) -> tuple[Development, ProgressPhase]:
    """A development whose plan waits for a phase in progress: 10 + 30 + 20 in 60 days + keys."""
    made = DevelopmentFactory(**{"late_fee_policy": MONTHLY, **development})
    phase = PhaseFactory(development=made, name="Structure", in_progress=True)
    lines = [
        {"label": "Deposit", "percent": "10", "due": {"rule": "deposit"}},
        {"label": "Structure", "percent": "30", "due": {"rule": "phase", "phase": str(phase.pk)}},
        {"label": "After 60 days", "percent": "20", "due": {"rule": "days", "days": 60}},
        {"label": "Handover", "balance": True, "due": {"rule": "handover"}},
    ]
    made.plan_template = {"lines": lines}
    made.save(update_fields=["plan_template", "updated_at"])
    return made, phase


def booked(development: Development | None = None, *, state: str = "confirmed") -> Booking:
    """A booking of a new unit for 1,000,000.00; in a development of ``by_phase`` if none is given.

    ``state`` is a trait of ``BookingFactory``. The deposit of a confirmed one is paid.
    """
    made = development or by_phase()[0]
    booking: Booking = BookingFactory(unit=UnitFactory(development=made), **{state: True})
    if state in ("confirmed", "contracted"):
        pay_in(of(booking, "Deposit"))
    return booking


def owed(**development: Any) -> Instalment:
    """An instalment of 300,000.00 that a completed phase made due today."""
    made, phase = by_phase(**development)
    booking = booked(made)
    finish(phase)
    return of(booking, "Structure")


def of(booking: Booking, label: str) -> Instalment:
    """The instalment of ``booking`` with this label, as it is stored now."""
    return Instalment.objects.get(booking=booking, label=label)


def finish(phase: ProgressPhase) -> ProgressPhase:
    """Complete ``phase``, by somebody new from the site, with one photograph."""
    engineer = site_engineer(phase.development)
    return complete_phase(phase=phase, actor=engineer, evidence=[evidence_of(engineer)])


@retry_transaction
def pay_in(instalment: Instalment, amount: str | None = None) -> Decimal:
    """Let money arrive for ``instalment``, all of it or ``amount``; returns what is too much."""
    booking = instalment.booking
    _, booking, locked = lock(booking.unit, booking, instalment)
    now = database_now()
    Payment.objects.create(
        reference=next_reference(PAYMENT),
        purpose=PaymentPurpose.INSTALMENT,
        payer=booking.customer,
        payee_organization=booking.builder,
        booking=booking,
        instalment=locked,
        amount=Decimal(amount) if amount else locked.amount + locked.late_fee,
        currency=locked.currency,
        status=PaymentStatus.COMPLETED,
        payment_method=PaymentMethod.BANK_TRANSFER,
        gateway=GatewayName.OFFLINE,
        completed_at=now,
        receipt_no=next_receipt_number(),
    )
    return record_payment(instalment=locked, now=now)


def days_later(instalment: Instalment, days: int) -> Instalment:
    """Let ``instalment`` have been due for ``days`` more days than it has."""
    instalment.refresh_from_db()
    past = timedelta(days=days)
    Instalment.objects.filter(pk=instalment.pk).update(
        due_date=instalment.due_date - past if instalment.due_date else None,
        due_at=instalment.due_at - past if instalment.due_at else None,
        objected_at=instalment.objected_at - past if instalment.objected_at else None,
    )
    instalment.refresh_from_db()
    return instalment
