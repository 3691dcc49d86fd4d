"""When a completed phase turns out not to be: what was demanded for it is demanded no longer."""

from datetime import datetime

from accounts.models import User
from bookings.choices import OWED_INSTALMENTS, DueRule, InstalmentStatus, ObjectionOutcome
from bookings.flows import INSTALMENT_FLOW
from bookings.models import Booking, Instalment
from bookings.services.instalment_notices import tell_paused
from bookings.services.instalments import received_for, settle_state
from bookings.services.late_fees import take_late_fee_back
from bookings.services.late_terms import has_open_objection
from bookings.services.objections import store
from catalog.models import ProgressPhase
from config.shared import audit
from config.shared.flows import move
from config.shared.locks import lock


def on_phase_reopened(
    *, phase: ProgressPhase, actor: User | None, now: datetime, reason: str
) -> None:
    """Pause what ``phase`` had made due and was not paid in full, in the same transaction.

    An instalment never goes back to ``scheduled``: that it was demanded is part of its story. It
    stays (or becomes again) ``due``, but without ``due_at`` and due date: it is not overdue, costs
    no late fee, and unpaid late fees are taken back. Its evidence stays and says that it was
    withdrawn. Once the phase is completed again, it is demanded anew with a new date and new
    evidence. An open objection is answered by this, as upheld. See
    ``docs/adr/0009-reopened-phases.md``.
    """
    made_due = Instalment.objects.filter(
        phase=phase,
        due_rule=DueRule.PHASE,
        due_at__isnull=False,
        status__in=OWED_INSTALMENTS,
    )
    mine = Booking.objects.filter(pk__in=made_due.order_by().values("booking")).order_by("pk")
    bookings = {booking.pk: booking for booking in lock(*mine)}
    for instalment in lock(*made_due.filter(booking__in=bookings).order_by("pk")):
        if instalment.status in OWED_INSTALMENTS and instalment.due_at is not None:
            _pause(instalment, bookings[instalment.booking_id], actor, now, reason)


def _pause(
    instalment: Instalment, booking: Booking, actor: User | None, now: datetime, reason: str
) -> None:
    paid = received_for(instalment)
    if instalment.status == InstalmentStatus.OVERDUE:
        back = InstalmentStatus.PARTIALLY_PAID if paid > 0 else InstalmentStatus.DUE
        move(instalment, back, flow=INSTALMENT_FLOW, actor=actor, reason=reason)
    take_late_fee_back(instalment, paid=paid)
    withdrawn = {"at": now.isoformat(), "reason": reason[:500]}
    if has_open_objection(instalment):
        instalment.objection_answer = reason[:1000]
        instalment.objection_outcome = ObjectionOutcome.UPHELD
        instalment.objection_resolved_at = now
        instalment.objection_resolved_by = actor
    store(
        instalment,
        due_at=None,
        due_date=None,
        overdue_at=None,
        late_fee=instalment.late_fee,
        late_fee_periods=0,
        evidence={**instalment.evidence, "withdrawn": withdrawn},
        objection_answer=instalment.objection_answer,
        objection_outcome=instalment.objection_outcome,
        objection_resolved_at=instalment.objection_resolved_at,
        objection_resolved_by=instalment.objection_resolved_by,
    )
    audit.record("bookings.instalment.paused", target=instalment, actor=actor, reason=reason)
    settle_state(instalment=instalment, now=now)
    tell_paused(instalment, booking, reason=reason, when=now.isoformat())
