"""Letting an instalment go: one of the builder's finance people asks, another agrees."""

from accounts.models import User
from bookings.choices import SOLD_BOOKINGS, InstalmentKind, InstalmentStatus
from bookings.flows import INSTALMENT_FLOW
from bookings.models import Booking, Instalment
from bookings.plan_exceptions import DepositNotWaivableError, SecondPersonError
from bookings.services.instalment_notices import tell_waived, tell_waiver_asked
from bookings.services.instalments import outstanding_of, tell_if_all_paid
from bookings.services.objections import require_finance, required_words, store
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import ConflictError
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.retries import retry_transaction


@retry_transaction
def waive_instalment(*, instalment: Instalment, actor: User, reason: str = "") -> Instalment:
    """Ask for a waiver, or complete the one that another person asked for.

    For the builder's finance people and staff with ``bookings.waive_instalment``; never for one's
    own debt, never the deposit. The first call needs a ``reason``. What was paid of it stays paid.
    Raises ``SecondPersonError`` for whoever asked, and the usual conflict for what is paid,
    waived or cancelled.
    """
    booking, instalment = lock(instalment.booking, instalment)
    require_finance(booking, actor, permission="bookings.waive_instalment")
    _check_waivable(instalment, booking)
    outstanding = outstanding_of(instalment)
    now = database_now()
    if instalment.waiver_asked_by_id is None:
        words = required_words(reason, "/reason", 500)
        store(instalment, waiver_asked_by=actor, waiver_asked_at=now, waiver_reason=words)
        audit.record(
            "bookings.instalment.waiver_asked", target=instalment, actor=actor, reason=words
        )
        tell_waiver_asked(instalment, booking, outstanding=outstanding)
        return instalment
    if instalment.waiver_asked_by_id == actor.pk:
        raise SecondPersonError
    move(
        instalment,
        InstalmentStatus.WAIVED,
        flow=INSTALMENT_FLOW,
        actor=actor,
        reason=reason.strip()[:500] or instalment.waiver_reason,
        waived_by=actor,
        waived_at=now,
    )
    tell_waived(instalment, booking, outstanding=outstanding)
    tell_if_all_paid(booking=booking, now=now)
    return instalment


def _check_waivable(instalment: Instalment, booking: Booking) -> None:
    INSTALMENT_FLOW.check(instalment.status, InstalmentStatus.WAIVED)
    if instalment.kind == InstalmentKind.DEPOSIT:
        raise DepositNotWaivableError
    if booking.status not in SOLD_BOOKINGS:
        raise ConflictError(
            "Only instalments of a confirmed booking are waived.", current=booking.status
        )
