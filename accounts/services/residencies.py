"""Who lives where: claims, decisions on them, and moving out."""

from datetime import date
from typing import Any

from accounts.choices import (
    MediaPurpose,
    ResidencyMethod,
    ResidencyRelation,
    ResidencyStatus,
)
from accounts.exceptions import OwnRequestError, WrongCodeError
from accounts.flows import RESIDENCY_FLOW
from accounts.models import Building, MediaFile, Residency, User
from accounts.services.attachments import PAPERS, attach_file
from accounts.services.buildings import check_in_care, is_join_code
from accounts.services.calendars import today_of
from accounts.services.residency_notices import tell_committee, tell_resident
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import ConflictError, InvalidInputError, NotAllowedError
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.retries import retry_transaction

LONGEST_LABEL = 40


class ResidencyExistsError(ConflictError):
    """The same person has claimed or is verified for the same home already."""

    code = "residency_exists"
    title = "This residency is claimed or verified already"


def unit_label_of(text: str) -> str:
    """``text`` as homes are labelled: in capitals, so that ``12b`` and ``12B`` are one home."""
    label = " ".join(text.split()).upper()
    if not label or len(label) > LONGEST_LABEL:
        raise InvalidInputError.at("/unit_label", "unit_label_length", "1 to 40 characters.")
    return label


@retry_transaction
def claim_residency(
    *,
    user: User,
    building: Building,
    unit_label: str,
    relation: str,
    method: str,
    document: MediaFile | None = None,
    code: str = "",
    since: date | None = None,
) -> Residency:
    """Claim that ``user`` lives at ``unit_label``, for the committee to decide.

    ``method`` is ``document`` (a checked file of theirs goes with it), ``committee`` (which knows
    them) or ``code``: the building's join code verifies the claim at once. The building is locked
    first, so of several simultaneous claims to one home by one person exactly one is made; the
    others get ``ResidencyExistsError``. Raises ``WrongCodeError`` for another code.
    """
    (building,) = lock(building)
    label = unit_label_of(unit_label)
    if method == ResidencyMethod.BOOKING:
        raise InvalidInputError.at("/method", "not_a_choice", "A booking verifies by itself.")
    if method == ResidencyMethod.CODE and not is_join_code(building=building, code=code):
        raise WrongCodeError
    if since is not None and since > today_of(user):
        raise InvalidInputError.at("/since", "in_the_future", "Claim a home once you live there.")
    _refuse_second(user, building, label)
    residency = Residency.objects.create(
        user=user,
        building=building,
        unit_label=label,
        relation=relation,
        method=method,
        since=since,
    )
    if method == ResidencyMethod.DOCUMENT:
        _attach(residency, document)
    audit.record(
        "accounts.residency.claimed", target=residency, actor=user, after=_facts(residency)
    )
    if method == ResidencyMethod.CODE:
        _verify(residency, actor=None, note="")
    else:
        tell_committee(residency)
    return residency


@retry_transaction
def verify_residency(*, residency: Residency, decider: User, note: str = "") -> Residency:
    """Confirm a claim, as committee of the building's society or as staff; never one's own."""
    residency = _decidable(residency, decider)
    _verify(residency, actor=decider, note=note)
    return residency


@retry_transaction
def reject_residency(*, residency: Residency, decider: User, reason: str) -> Residency:
    """Turn a claim down with a reason, which the person reads; never one's own."""
    residency = _decidable(residency, decider)
    if not reason.strip():
        raise InvalidInputError.at("/reason", "required", "Say why.")
    move(
        residency,
        ResidencyStatus.REJECTED,
        flow=RESIDENCY_FLOW,
        actor=decider,
        reason=reason,
        decision_note=reason,
    )
    tell_resident(residency)
    return residency


@retry_transaction
def end_residency(
    *, residency: Residency, actor: User, until: date | None = None, reason: str = ""
) -> Residency:
    """End a verified residency with its last day, today unless ``until`` is earlier.

    The resident themselves, the committee, staff, or an owner of the home for its tenants.
    """
    building, residency = lock(residency.building, residency)
    if residency.user_id != actor.pk and not _may_end(residency, building, actor):
        raise NotAllowedError("Only the resident, the committee or the owner may do this.")
    today = today_of(residency.user)
    last = until or max(today, residency.since or today)
    if last > today and until is not None:
        raise InvalidInputError.at("/until", "in_the_future", "A residency ends today or earlier.")
    if residency.since is not None and last < residency.since:
        raise InvalidInputError.at("/until", "dates_reversed", "It cannot end before it began.")
    move(
        residency,
        ResidencyStatus.ENDED,
        flow=RESIDENCY_FLOW,
        actor=actor,
        reason=reason,
        until=last,
        decision_note=reason,
    )
    if residency.user_id != actor.pk:
        tell_resident(residency)
    return residency


@retry_transaction
def grant_residency(
    *,
    user: User,
    building: Building,
    unit_label: str,
    relation: str = ResidencyRelation.OWNER,
    method: str = ResidencyMethod.BOOKING,
    since: date | None = None,
    actor: User | None = None,
) -> Residency:
    """Make ``user`` a verified resident by what the platform itself knows, such as a handover.

    May be repeated: a residency that is verified stays as it is, but ends up with this relation
    and method; a claim to the same home is verified. ``actor`` is None for the system.
    """
    (building,) = lock(building)
    label = unit_label_of(unit_label)
    found = _live(user, building, label)
    if found is None:
        found = Residency.objects.create(
            user=user, building=building, unit_label=label, relation=relation, method=method
        )
        audit.record("accounts.residency.claimed", target=found, actor=actor, after=_facts(found))
    if found.status == ResidencyStatus.CLAIMED:
        _verify(found, actor=actor, note="", method=method, relation=relation, since=since)
    elif (found.method, found.relation) != (method, relation):
        before = _facts(found)
        found.method, found.relation = method, relation
        found.save(update_fields=["method", "relation", "updated_at"])
        audit.record(
            "accounts.residency.confirmed",
            target=found,
            actor=actor,
            before=before,
            after=_facts(found),
        )
    return found


def _verify(residency: Residency, *, actor: User | None, note: str, **changes: Any) -> None:
    since = changes.pop("since", None) or residency.since or today_of(residency.user)
    changes.setdefault("method", residency.method or ResidencyMethod.COMMITTEE)
    move(
        residency,
        ResidencyStatus.VERIFIED,
        flow=RESIDENCY_FLOW,
        actor=actor,
        reason=note,
        verified_by=actor,
        verified_at=database_now(),
        decision_note=note,
        since=since,
        **changes,
    )
    tell_resident(residency)


def _decidable(residency: Residency, decider: User) -> Residency:
    """The locked residency, if ``decider`` may decide about it."""
    building, residency = lock(residency.building, residency)
    if residency.user_id == decider.pk:
        raise OwnRequestError
    if not _is_staff_for_residencies(decider):
        check_in_care(actor=decider, building=building)
    return residency


def _may_end(residency: Residency, building: Building, actor: User) -> bool:
    if _is_staff_for_residencies(actor):
        return True
    return (
        Building.objects.in_care_of(actor).filter(pk=building.pk).exists()
        or Residency.objects.let_by(actor).filter(pk=residency.pk).exists()
    )


def _is_staff_for_residencies(user: User) -> bool:
    return bool(user.is_active and user.is_staff and user.has_perm("accounts.change_residency"))


def _attach(residency: Residency, document: MediaFile | None) -> None:
    """Bind the file that proves a claim to it."""
    if document is None:
        raise InvalidInputError.at("/document", "required", "A document is needed for this.")
    residency.document = attach_file(
        file=document,
        owner=residency.user,
        target=residency,
        pointer="/document",
        kinds=PAPERS,
        purposes={MediaPurpose.VERIFICATION, MediaPurpose.PAPER},
    )
    residency.save(update_fields=["document", "updated_at"])


def _live(user: User, building: Building, label: str) -> Residency | None:
    lives = Residency.objects.live().filter(user=user, building=building, unit_label=label)
    return lives.first()


def _refuse_second(user: User, building: Building, label: str) -> None:
    if _live(user, building, label) is not None:
        raise ResidencyExistsError


def _facts(residency: Residency) -> dict[str, Any]:
    return {
        "building": residency.building_id,
        "unit_label": residency.unit_label,
        "relation": residency.relation,
        "method": residency.method,
    }
