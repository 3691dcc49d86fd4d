"""What makes instalments due: phases, dates, the handover, and what happened before a booking.

Locks: whoever confirms a booking holds unit, booking and instalments, in that order, and asks only
then which phases are completed. Whoever completes a phase holds it, locks the bookings that could
be concerned, then their instalments, and asks only then which bookings are confirmed. So either
the completion waits for the confirmation and sees it, or the other way round. What both could miss
(a booking that was not there when the completion looked, and was confirmed before it ended) is
found by ``catch_up`` within the hour.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from accounts.models import User
from bookings.choices import BookingStatus, DueRule, InstalmentKind, InstalmentStatus
from bookings.flows import INSTALMENT_FLOW
from bookings.models import Booking, Instalment
from bookings.services.instalment_notices import tell_due
from bookings.services.instalments import outstanding_of
from bookings.services.local_days import local_day
from bookings.services.one_by_one import one_by_one
from catalog.choices import DevelopmentStatus, PhaseStatus
from catalog.models import Development, ProgressPhase
from config.shared import audit
from config.shared.clock import database_now
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.retries import retry_transaction

DEMANDING_BOOKINGS = (BookingStatus.CONFIRMED, BookingStatus.CONTRACTED)
READY = (DevelopmentStatus.READY, DevelopmentStatus.HANDED_OVER)
# Zones are ahead of UTC by 14 hours at most.
AHEAD = timedelta(hours=14)


def on_phase_completed(*, phase: ProgressPhase, actor: User | None, now: datetime) -> None:
    """Make due what waits for ``phase``, in the transaction that completes it."""
    waiting = Instalment.objects.waiting_for(phase)
    evidence = evidence_of(phase, completed_at=now.isoformat())
    for instalment, booking in _locked(phase.development, waiting):
        make_due(instalment=instalment, booking=booking, now=now, actor=actor, evidence=evidence)


def on_development_ready(*, development: Development, actor: User | None, now: datetime) -> None:
    """Make due what waits for the handover, in the transaction that makes a development ready."""
    waiting = Instalment.objects.waiting().filter(due_rule=DueRule.HANDOVER)
    for instalment, booking in _locked(development, waiting):
        make_due(instalment=instalment, booking=booking, now=now, actor=actor)


def make_due_at_confirmation(
    *, booking: Booking, instalments: Iterable[Instalment], now: datetime
) -> None:
    """Make due what would have been due before, had the booking been there.

    Booking and instalments are locked. The state of phases and of the development is read here,
    in statements of its own, so that everything counts that was completed before the locks.
    """
    waiting = [row for row in instalments if _is_waiting(row)]
    keys = {row.phase_id for row in waiting if row.phase_id is not None}
    phases = ProgressPhase.objects.order_by().filter(pk__in=keys, status=PhaseStatus.COMPLETED)
    completed = {phase.pk: phase for phase in phases}
    development = Development.objects.get(pk=booking.development_id)
    for instalment in waiting:
        phase = completed.get(instalment.phase_id) if instalment.phase_id else None
        if instalment.due_rule == DueRule.PHASE:
            is_due = phase is not None
        elif instalment.due_rule == DueRule.HANDOVER:
            is_due = development.status in READY
        else:
            is_due = _has_come(instalment, development, now)
        if is_due:
            evidence = evidence_of(phase) if phase is not None else {}
            make_due(instalment=instalment, booking=booking, now=now, actor=None, evidence=evidence)


def catch_up() -> int:
    """Make due what a date, a phase or a development has made due; returns for how many bookings.

    Each booking is a transaction of its own, so that it may run as often as one likes, and in
    several processes at once.
    """
    now = database_now()
    found = (
        Instalment.objects.order_by()
        .waiting()
        .filter(booking__status__in=DEMANDING_BOOKINGS)
        .filter(
            Q(due_rule__in=[DueRule.DATE, DueRule.DAYS], due_date__lte=(now + AHEAD).date())
            | Q(due_rule=DueRule.PHASE, phase__status=PhaseStatus.COMPLETED)
            | Q(due_rule=DueRule.HANDOVER, booking__development__status__in=READY)
            | Q(kind=InstalmentKind.CHANGE, due_date__isnull=True)
        )
    )
    bookings = Booking.objects.filter(pk__in=found.values("booking")).order_by("pk")
    return one_by_one(list(bookings), lambda booking: bring_up_to_date(booking=booking))


@retry_transaction
def bring_up_to_date(*, booking: Booking) -> bool:
    """Make due what has become so of one booking; whether it still demands anything."""
    (booking,) = lock(booking)
    if booking.status not in DEMANDING_BOOKINGS:
        return False
    waiting = Instalment.objects.waiting().filter(booking=booking).order_by("pk")
    make_due_at_confirmation(booking=booking, instalments=lock(*waiting), now=database_now())
    return True


def make_due(
    *,
    instalment: Instalment,
    booking: Booking,
    now: datetime,
    actor: User | None,
    evidence: Mapping[str, Any] | None = None,
) -> None:
    """Demand a waiting instalment of a locked booking, and tell the customer, with the evidence."""
    changes: dict[str, Any] = {"due_at": now, "notice_sent_at": now}
    if instalment.due_date is None or instalment.due_rule in (DueRule.PHASE, DueRule.HANDOVER):
        changes["due_date"] = local_day(booking.development, now)
    elif booking.confirmed_at is not None:
        # A date that had passed before there was a booking is no date to be late by.
        first = local_day(booking.development, booking.confirmed_at)
        changes["due_date"] = max(instalment.due_date, first)
    if evidence:
        changes["evidence"] = dict(evidence)
    if instalment.status == InstalmentStatus.SCHEDULED:
        move(instalment, InstalmentStatus.DUE, flow=INSTALMENT_FLOW, actor=actor, **changes)
    else:
        for name, value in changes.items():
            setattr(instalment, name, value)
        instalment.save(update_fields=[*changes, "updated_at"])
        audit.record(
            "bookings.instalment.due",
            target=instalment,
            actor=actor,
            after={"status": instalment.status, "due_date": instalment.due_date},
        )
    tell_due(instalment, booking, outstanding=outstanding_of(instalment))


def evidence_of(phase: ProgressPhase, *, completed_at: str = "") -> dict[str, Any]:
    """What shows that ``phase`` is completed, as it is kept with an instalment.

    Files are named with their checksums: whoever objects can prove what they were shown.
    """
    ended = phase.actual_end.isoformat() if phase.actual_end else ""
    return {
        "phase": str(phase.pk),
        "name": phase.name,
        "completed_at": completed_at or ended,
        "percent": f"{phase.percent:.2f}",
        "files": [
            {"id": str(file.pk), "name": file.name, "sha256": file.sha256}
            for file in phase.evidence.order_by("created_at", "pk")
        ],
    }


def _locked(development: Development, waiting: Any) -> list[tuple[Instalment, Booking]]:
    """The rows of ``waiting`` that confirmed bookings of ``development`` owe, all of it locked.

    Bookings that could be confirmed at this moment are locked as well, and asked about later.
    """
    mine = Booking.objects.filter(development=development)
    concerned = mine.filter(
        Q(status__in=[BookingStatus.HELD, BookingStatus.PENDING_PAYMENT])
        | Q(pk__in=waiting.order_by().values("booking"))
    )
    lock(*concerned.order_by("pk"))
    demanding = mine.filter(status__in=DEMANDING_BOOKINGS).select_related("development")
    bookings = {booking.pk: booking for booking in demanding}
    rows = lock(*waiting.filter(booking__in=bookings).order_by("pk"))
    return [(row, bookings[row.booking_id]) for row in rows if _is_waiting(row)]


def _is_waiting(instalment: Instalment) -> bool:
    return instalment.due_at is None and instalment.status in (
        InstalmentStatus.SCHEDULED,
        InstalmentStatus.DUE,
        InstalmentStatus.PARTIALLY_PAID,
    )


def _has_come(instalment: Instalment, development: Development, now: datetime) -> bool:
    if instalment.due_date is None:
        return instalment.kind == InstalmentKind.CHANGE
    return instalment.due_date <= local_day(development, now)
