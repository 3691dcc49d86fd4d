"""Change requests as customers make and decide them."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.choices import MediaPurpose
from accounts.models import MediaFile, User
from accounts.services.attachments import PAPERS, attach_file
from accounts.services.settings import get_setting
from bookings.change_exceptions import NotDraftError, QuoteExpiredError
from bookings.choices import (
    ChangeRequestStatus,
    DueRule,
    InstalmentKind,
    InstalmentStatus,
)
from bookings.flows import CHANGE_REQUEST_FLOW
from bookings.models import Booking, ChangeRequest, Instalment
from bookings.services import change_notices as notices
from bookings.services.change_rights import (
    check_phase,
    locked_change,
    require_changeable,
    require_customer,
    require_in_time,
)
from bookings.services.local_days import local_day
from bookings.services.references import CHANGE_REQUEST, next_reference
from catalog.models import ProgressPhase
from config.shared import audit
from config.shared.errors import NotAllowedError
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.retries import retry_transaction

_S = ChangeRequestStatus


@retry_transaction
def draft_change(
    *,
    actor: User,
    booking: Booking,
    category: str,
    description: str,
    cutoff_phase: ProgressPhase | None = None,
    media: Sequence[MediaFile] = (),
) -> ChangeRequest:
    """Write down what a customer wants changed in the unit of a confirmed booking of theirs.

    ``media`` are pictures and documents that they uploaded for it; the builder sees them once it
    is submitted. ``cutoff_phase`` is the phase of construction that the change must precede.
    """
    (booking,) = lock(booking)
    if booking.customer_id != actor.pk:
        raise NotAllowedError("Only the customer may do this.")
    require_changeable(booking=booking)
    check_phase(booking=booking, phase=cutoff_phase)
    made = ChangeRequest.objects.create(
        reference=next_reference(CHANGE_REQUEST),
        booking=booking,
        unit_id=booking.unit_id,
        customer=actor,
        category=category,
        description=description,
        currency=booking.currency,
        cutoff_phase=cutoff_phase,
    )
    _set_media(made, actor, media)
    audit.record(
        "bookings.changerequest.drafted",
        target=made,
        actor=actor,
        after={"booking": booking.pk, "category": category},
    )
    return made


@retry_transaction
def revise_change(*, change: ChangeRequest, actor: User, **values: Any) -> ChangeRequest:
    """Write a draft anew: ``category``, ``description``, ``cutoff_phase`` and ``media``."""
    (found,) = lock(change)
    require_customer(change=found, actor=actor)
    if found.status != _S.DRAFT:
        raise NotDraftError(current=found.status)
    media = values.pop("media", None)
    check_phase(booking=found.booking, phase=values.get("cutoff_phase"))
    for name, value in values.items():
        setattr(found, name, value)
    found.save(update_fields=[*values, "updated_at"])
    if media is not None:
        _set_media(found, actor, media)
    named = [*values, "media"] if media is not None else list(values)
    audit.record(
        "bookings.changerequest.revised", target=found, actor=actor, after={"fields": sorted(named)}
    )
    return found


@retry_transaction
def submit_change(*, change: ChangeRequest, actor: User) -> ChangeRequest:
    """Hand a draft to the builder, before the phase that it must precede begins."""
    found, now = locked_change(change)
    require_customer(change=found, actor=actor)
    CHANGE_REQUEST_FLOW.check(found.status, _S.SUBMITTED)
    require_changeable(booking=found.booking)
    require_in_time(change=found)
    move(found, _S.SUBMITTED, flow=CHANGE_REQUEST_FLOW, actor=actor, submitted_at=now)
    notices.tell_builder(found, "change_submitted")
    return found


@retry_transaction
def withdraw_change(*, change: ChangeRequest, actor: User) -> ChangeRequest:
    """Take a request back that the builder has not begun to review."""
    found, _now = locked_change(change)
    require_customer(change=found, actor=actor)
    move(found, _S.WITHDRAWN, flow=CHANGE_REQUEST_FLOW, actor=actor)
    return found


@retry_transaction
def approve_change(*, change: ChangeRequest, actor: User) -> ChangeRequest:
    """Accept a quote while it holds, by the database's clock.

    In the same transaction its price becomes an instalment of the booking, beside those of the
    price; a change that costs nothing makes none. Booking and request are locked first, so of two
    approvals at once one succeeds, and there is one instalment.
    """
    found, now = locked_change(change)
    require_customer(change=found, actor=actor)
    CHANGE_REQUEST_FLOW.check(found.status, _S.APPROVED)
    require_changeable(booking=found.booking)
    if found.quote_valid_until is None or found.quote_valid_until <= now:
        raise QuoteExpiredError
    require_in_time(change=found)
    due_on = local_day(found.booking.development, now) + timedelta(
        days=get_setting("change_payment_days")
    )
    price = found.quoted_price
    instalment = _instalment(found, price, due_on) if price else None
    move(
        found,
        _S.APPROVED,
        flow=CHANGE_REQUEST_FLOW,
        actor=actor,
        decided_by=actor,
        decided_at=now,
        instalment=instalment,
    )
    notices.tell_builder(found, "change_approved")
    return found


@retry_transaction
def decline_change(*, change: ChangeRequest, actor: User, note: str = "") -> ChangeRequest:
    """Do without a change that was quoted, also after its quote has lapsed."""
    found, now = locked_change(change)
    require_customer(change=found, actor=actor)
    move(
        found,
        _S.DECLINED,
        flow=CHANGE_REQUEST_FLOW,
        actor=actor,
        decided_by=actor,
        decided_at=now,
        decision_note=note,
    )
    return found


def _instalment(change: ChangeRequest, price: Decimal, due_on: date) -> Instalment:
    """What the customer owes for a change: behind all others of the booking, which is locked."""
    last = Instalment.objects.filter(booking=change.booking).order_by("-order").first()
    made = Instalment.objects.create(
        booking=change.booking,
        order=last.order + 1 if last else 1,
        kind=InstalmentKind.CHANGE,
        label=f"Change {change.reference}",
        amount=price,
        currency=change.currency,
        due_rule=DueRule.DATE,
        due_date=due_on,
        status=InstalmentStatus.SCHEDULED,
    )
    audit.record(
        "bookings.instalment.scheduled",
        target=made,
        after={"amount": made.amount, "currency": made.currency, "due_date": made.due_date},
    )
    return made


def _set_media(change: ChangeRequest, owner: User, media: Sequence[MediaFile]) -> None:
    """Let ``media``, in the order of their keys, be all files of ``change``."""
    for place, file in sorted(enumerate(media), key=lambda entry: entry[1].pk):
        attach_file(
            file=file,
            owner=owner,
            target=change,
            pointer=f"/media/{place}",
            kinds=PAPERS,
            purposes={MediaPurpose.CHANGE_REQUEST},
        )
    change.media.set(media)
