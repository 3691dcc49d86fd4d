"""Phases of construction: what is planned, how far it has come, and what states it passes."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from accounts.choices import MediaPurpose
from accounts.models import MediaFile, User
from accounts.services.attachments import PAPERS, attach_file
from catalog.choices import PhaseStatus
from catalog.construction_exceptions import TooManyPhasesError
from catalog.flows import PHASE_FLOW
from catalog.models import Development, ProgressPhase
from catalog.services import hooks
from catalog.services.sites import check_site, clean_reason, next_order, today_at
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError, InvalidTransitionError
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.retries import retry_transaction

MAX_PHASES = 100
DONE = Decimal(100)
EVIDENCE = frozenset({MediaPurpose.PHASE, MediaPurpose.UPDATE})
PLANNED_FIELDS = ("name", "order", "weight", "planned_start", "planned_end", "description")
AUDITED_FIELDS = ("name", "order", "weight", "planned_start", "planned_end")
# In which of its states work on a phase can be measured.
BEGUN = (PhaseStatus.IN_PROGRESS, PhaseStatus.DELAYED, PhaseStatus.ON_HOLD)


@retry_transaction
def create_phase(
    *, actor: User, development: Development, values: Mapping[str, Any]
) -> ProgressPhase:
    """Plan a phase of ``development``; without an ``order`` it comes last.

    ``values`` are name, weight and whatever else is planned. The development is locked, so that
    of two simultaneous phases each counts the other.
    """
    (development,) = lock(development)
    check_site(actor=actor, development=development)
    orders = list(development.phases.values_list("order", flat=True))
    if len(orders) >= MAX_PHASES:
        raise TooManyPhasesError
    planned = {name: values[name] for name in PLANNED_FIELDS if name in values}
    planned.setdefault("order", next_order(max(orders, default=0)))
    phase = ProgressPhase.objects.create(development=development, **planned)
    audit.record(
        "catalog.progressphase.created", target=phase, actor=actor, after=_facts(phase, planned)
    )
    return phase


@retry_transaction
def update_phase(
    *, phase: ProgressPhase, actor: User, changes: Mapping[str, Any], reason: str = ""
) -> ProgressPhase:
    """Change what is planned of ``phase``; its state and its percent have acts of their own.

    Another weight moves the percent of the whole development: once work has begun it needs a
    ``reason``.
    """
    phase = _locked(phase, actor)
    wanted = {name: changes[name] for name in PLANNED_FIELDS if name in changes}
    changed = {name: value for name, value in wanted.items() if getattr(phase, name) != value}
    if not changed:
        return phase
    if "weight" in changed and _has_begun(phase.development):
        reason = clean_reason(reason, detail="Say why work that has begun weighs differently.")
    before = _facts(phase, changed)
    for name, value in changed.items():
        setattr(phase, name, value)
    phase.save(update_fields=[*changed, "updated_at"])
    audit.record(
        "catalog.progressphase.changed",
        target=phase,
        actor=actor,
        before=before,
        after=_facts(phase, changed),
        reason=reason.strip(),
    )
    return phase


@retry_transaction
def record_progress(
    *, phase: ProgressPhase, actor: User, percent: Decimal, reason: str = ""
) -> ProgressPhase:
    """Write down how far ``phase`` has come, for one that has begun and is not completed.

    Less than before is a correction, which needs a ``reason`` that everybody can read.
    """
    phase = _locked(phase, actor)
    _require_state(phase, BEGUN)
    percent = _checked_percent(percent)
    before = phase.percent
    if percent == before:
        return phase
    backwards = percent < before
    if backwards:
        reason = clean_reason(
            reason, code="correction_needs_reason", detail="Say why it is less than before."
        )
        phase.corrected_reason = reason
    phase.percent = percent
    phase.save(update_fields=["percent", "corrected_reason", "updated_at"])
    audit.record(
        f"catalog.progressphase.{'corrected' if backwards else 'progressed'}",
        target=phase,
        actor=actor,
        before={"percent": before},
        after={"percent": percent},
        reason=reason.strip(),
    )
    return phase


@retry_transaction
def start_phase(
    *, phase: ProgressPhase, actor: User, actual_start: date | None = None
) -> ProgressPhase:
    """Begin ``phase``, today or on a day that is over."""
    phase = _locked(phase, actor)
    _require_state(phase, (PhaseStatus.PLANNED,))
    day = _past_day(phase, actual_start, now=database_now(), pointer="/actual_start")
    move(phase, PhaseStatus.IN_PROGRESS, flow=PHASE_FLOW, actor=actor, actual_start=day)
    return phase


@retry_transaction
def hold_phase(*, phase: ProgressPhase, actor: User, reason: str) -> ProgressPhase:
    """Stop work on ``phase`` for the time being."""
    phase = _locked(phase, actor)
    _interrupt(phase, PhaseStatus.ON_HOLD, actor, reason)
    return phase


@retry_transaction
def delay_phase(*, phase: ProgressPhase, actor: User, reason: str) -> ProgressPhase:
    """Say that ``phase`` takes longer than was planned."""
    phase = _locked(phase, actor)
    _interrupt(phase, PhaseStatus.DELAYED, actor, reason)
    return phase


@retry_transaction
def resume_phase(*, phase: ProgressPhase, actor: User, reason: str = "") -> ProgressPhase:
    """Go on with ``phase`` after a stop or a delay."""
    phase = _locked(phase, actor)
    _require_state(phase, (PhaseStatus.ON_HOLD, PhaseStatus.DELAYED))
    move(phase, PhaseStatus.IN_PROGRESS, flow=PHASE_FLOW, actor=actor, reason=reason.strip())
    return phase


@retry_transaction
def complete_phase(
    *,
    phase: ProgressPhase,
    actor: User,
    evidence: Sequence[MediaFile],
    actual_end: date | None = None,
) -> ProgressPhase:
    """Complete ``phase``, today or on a day that is over, with what shows that it is done.

    ``evidence`` are one or more photographs and documents that the actor uploaded. What waits for
    the phase happens in the same transaction: its instalments become due. The phase is locked
    first, so of two simultaneous calls one completes it, and the other gets
    ``InvalidTransitionError``.
    """
    phase = _locked(phase, actor, *evidence)
    PHASE_FLOW.check(phase.status, PhaseStatus.COMPLETED)
    if not evidence:
        raise InvalidInputError.at("/evidence", "required", "Show that it is done.")
    now = database_now()
    day = _past_day(phase, actual_end, now=now, pointer="/actual_end")
    if phase.actual_start is not None and day < phase.actual_start:
        raise InvalidInputError.at(
            "/actual_end", "actual_dates_reversed", "A phase does not end before it begins."
        )
    for place, file in enumerate(evidence):
        attach_file(
            file=file,
            owner=actor,
            target=phase,
            pointer=f"/evidence/{place}",
            kinds=PAPERS,
            purposes=EVIDENCE,
        )
    phase.evidence.add(*evidence)
    move(
        phase,
        PhaseStatus.COMPLETED,
        flow=PHASE_FLOW,
        actor=actor,
        percent=DONE,
        actual_end=day,
    )
    hooks.phase_completed(phase=phase, actor=actor, now=now)
    return phase


@retry_transaction
def reopen_phase(
    *, phase: ProgressPhase, actor: User, reason: str, percent: Decimal
) -> ProgressPhase:
    """Take the completion of ``phase`` back: the written correction that everybody can read.

    ``percent`` is how far it has really come, below 100.
    """
    phase = _locked(phase, actor)
    _require_state(phase, (PhaseStatus.COMPLETED,))
    reason = clean_reason(reason)
    percent = _checked_percent(percent)
    if percent >= DONE:
        raise InvalidInputError.at(
            "/percent", "percent_range", "What is at 100 per cent need not be reopened."
        )
    move(
        phase,
        PhaseStatus.IN_PROGRESS,
        flow=PHASE_FLOW,
        actor=actor,
        reason=reason,
        percent=percent,
        actual_end=None,
        corrected_reason=reason,
    )
    hooks.phase_reopened(phase=phase, actor=actor, now=database_now(), reason=reason)
    return phase


def _past_day(phase: ProgressPhase, day: date | None, *, now: datetime, pointer: str) -> date:
    """``day``, today where it is None; one that has yet to come is ``InvalidInputError``."""
    today = today_at(phase.development, now=now)
    if day is not None and day > today:
        raise InvalidInputError.at(pointer, "in_the_future", "This day has yet to come.")
    return day or today


def _locked(phase: ProgressPhase, actor: User, *files: Any) -> ProgressPhase:
    """The locked phase, if ``actor`` may write about it."""
    *_, found = lock(*files, phase)
    check_site(actor=actor, development=found.development)
    checked: ProgressPhase = found
    return checked


def _interrupt(phase: ProgressPhase, status: PhaseStatus, actor: User, reason: str) -> None:
    move(phase, status, flow=PHASE_FLOW, actor=actor, reason=clean_reason(reason))


def _require_state(phase: ProgressPhase, states: Collection[str]) -> None:
    """Several acts lead to the same state; each is for the phases that its own name fits."""
    if phase.status not in states:
        raise InvalidTransitionError(phase.status, PHASE_FLOW.allowed(phase.status))


def _checked_percent(percent: Decimal) -> Decimal:
    if not (percent.is_finite() and 0 <= percent <= DONE):
        raise InvalidInputError.at("/percent", "percent_range", "From 0 to 100 per cent.")
    return percent.quantize(Decimal("0.01"))


def _has_begun(development: Development) -> bool:
    return development.phases.exclude(status=PhaseStatus.PLANNED).exists()


def _facts(phase: ProgressPhase, names: Collection[str]) -> dict[str, Any]:
    return {name: getattr(phase, name) for name in AUDITED_FIELDS if name in names}
