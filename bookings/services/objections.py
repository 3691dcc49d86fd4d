"""Objections to what was demanded: made by the customer, answered by the builder's finance people.

While one is open, nothing becomes overdue and no late fee is charged. Its days never count: if it
is dismissed, the due date moves by as many; if it is upheld, the time to pay begins anew on the day
of the answer, and late fees that were not paid are taken back.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from bookings.choices import InstalmentStatus, ObjectionOutcome
from bookings.flows import INSTALMENT_FLOW
from bookings.models import Booking, Instalment
from bookings.plan_exceptions import (
    NoObjectionError,
    NotOwedError,
    ObjectionOpenError,
    OwnDebtError,
)
from bookings.services.instalment_notices import tell_answer, tell_objection
from bookings.services.instalments import received_for, settle_state
from bookings.services.late_fees import take_late_fee_back
from bookings.services.late_terms import has_open_objection, is_owed
from bookings.services.local_days import local_day
from catalog.services.teams import FINANCE_ROLES, require_team
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError, NotAllowedError
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.retries import retry_transaction


@retry_transaction
def object_to_instalment(*, instalment: Instalment, customer: User, text: str) -> Instalment:
    """Object to an instalment that is owed, as the customer who owes it.

    What was overdue is merely due again. A second objection is possible once the first has been
    answered. Raises ``NotOwedError`` for what is not owed and ``ObjectionOpenError``.
    """
    booking, instalment = lock(instalment.booking, instalment)
    # It may have passed to another customer's booking while the locks were waited for.
    if instalment.booking_id != booking.pk or booking.customer_id != customer.pk:
        raise NotAllowedError("Only the customer who owes it can object.")
    words = required_words(text, "/text", 1000)
    if has_open_objection(instalment):
        raise ObjectionOpenError
    now = database_now()
    if not is_owed(instalment, booking=booking, now=now):
        raise NotOwedError(current=instalment.status)
    changes: dict[str, Any] = {
        "objection": words,
        "objected_at": now,
        "objection_resolved_at": None,
        "objection_resolved_by": None,
        "objection_answer": "",
        "objection_outcome": "",
    }
    if instalment.status == InstalmentStatus.OVERDUE:
        paid = received_for(instalment) > 0
        back = InstalmentStatus.PARTIALLY_PAID if paid else InstalmentStatus.DUE
        move(instalment, back, flow=INSTALMENT_FLOW, actor=customer, **changes)
    else:
        store(instalment, **changes)
    audit.record("bookings.instalment.objected", target=instalment, actor=customer)
    tell_objection(instalment, booking)
    return instalment


@retry_transaction
def resolve_objection(
    *, instalment: Instalment, actor: User, answer: str, outcome: str
) -> Instalment:
    """Answer an open objection, for the builder's finance or as staff; never one's own.

    ``outcome`` is ``upheld`` or ``dismissed``. Raises ``NoObjectionError`` where none is open.
    """
    booking, instalment = lock(instalment.booking, instalment)
    require_finance(booking, actor, permission="bookings.resolve_objection")
    words = required_words(answer, "/answer", 1000)
    if outcome not in ObjectionOutcome.values:
        raise InvalidInputError.at("/outcome", "not_a_choice", "Upheld or dismissed.")
    if not has_open_objection(instalment) or instalment.objected_at is None:
        raise NoObjectionError
    now = database_now()
    today = local_day(booking.development, now)
    if instalment.due_date is not None:
        if outcome == ObjectionOutcome.UPHELD:
            instalment.due_date = max(today, instalment.due_date)
        else:
            open_for = today - local_day(booking.development, instalment.objected_at)
            instalment.due_date += max(open_for, timedelta(0))
    before = instalment.late_fee
    if outcome == ObjectionOutcome.UPHELD:
        take_late_fee_back(instalment, paid=received_for(instalment))
    store(
        instalment,
        due_date=instalment.due_date,
        late_fee=instalment.late_fee,
        late_fee_periods=instalment.late_fee_periods,
        objection_answer=words,
        objection_outcome=outcome,
        objection_resolved_at=now,
        objection_resolved_by=actor,
    )
    _record_answer(instalment, actor, before, words)
    settle_state(instalment=instalment, now=now)
    tell_answer(instalment, booking)
    return instalment


def require_finance(booking: Booking, actor: User, *, permission: str) -> None:
    """Refuse whoever may not decide on money that ``booking`` owes, its customer above all."""
    if booking.customer_id == actor.pk:
        raise OwnDebtError
    require_team(actor=actor, builder=booking.builder, roles=FINANCE_ROLES, permission=permission)


def required_words(text: str, pointer: str, at_most: int) -> str:
    """``text`` without blanks around it; refused when nothing is left, or too much."""
    words = text.strip()
    if not words or len(words) > at_most:
        raise InvalidInputError.at(pointer, "required", f"1 to {at_most:,} characters.")
    return words


def store(instalment: Instalment, **changes: Any) -> None:
    """Write columns of a locked instalment that are not its state."""
    for name, value in changes.items():
        setattr(instalment, name, value)
    instalment.save(update_fields=[*changes, "updated_at"])


def _record_answer(instalment: Instalment, actor: User, fee: Decimal, words: str) -> None:
    audit.record(
        f"bookings.instalment.objection_{instalment.objection_outcome}",
        target=instalment,
        actor=actor,
        before={"late_fee": fee},
        after={"late_fee": instalment.late_fee, "due_date": instalment.due_date},
        reason=words,
    )
