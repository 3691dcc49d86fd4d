"""Leaving a booking that has been paid for: the customer asks, the builder approves.

What is kept follows from the terms frozen into the booking. The stage counts as it was when the
customer asked; what has been paid is counted again when the cancellation takes place. Above a
limit two different people approve what is given back.
"""

from datetime import datetime
from typing import Any

from accounts.exceptions import OwnRequestError
from accounts.models import User
from accounts.querysets.organizations import LEADING_ROLES
from bookings.choices import RequestStatus
from bookings.deal_exceptions import SecondPersonError
from bookings.flows import CANCELLATION_FLOW
from bookings.models import Booking, CancellationRequest
from bookings.services.cancellation_terms import percent_of, terms_of
from bookings.services.cancelling import cancel_for
from bookings.services.deal_notices import (
    tell_of_cancellation_asked,
    tell_of_cancellation_decided,
)
from bookings.services.open_requests import (
    check_binding,
    check_customer,
    check_reason,
    refuse_while_asked,
)
from catalog.services.teams import require_team
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import NotAllowedError
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.retries import retry_transaction

PERMISSION = "bookings.manage_booking"


@retry_transaction
def ask_cancellation(*, booking: Booking, actor: User, reason: str) -> CancellationRequest:
    """Ask that a confirmed or contracted booking be cancelled; its customer alone can.

    What would be kept and given back now is written into the request (see ``quote_cancellation``,
    which shows it before). Raises ``RequestOpenError`` while another request is undecided.
    """
    (booking,) = lock(booking)
    check_customer(booking, actor)
    reason = check_reason(reason)
    check_binding(booking)
    refuse_while_asked(booking)
    terms = terms_of(booking=booking, percent=percent_of(booking))
    request = CancellationRequest.objects.create(
        booking=booking,
        asked_by=actor,
        reason=reason,
        currency=terms.currency,
        paid_amount=terms.paid_amount,
        kept_percent=terms.kept_percent,
        kept_amount=terms.kept_amount,
        refund_amount=terms.refund_amount,
    )
    audit.record(
        "bookings.cancellationrequest.asked",
        target=request,
        actor=actor,
        after={
            "booking": booking.pk,
            "kept_amount": terms.kept_amount,
            "refund_amount": terms.refund_amount,
        },
    )
    tell_of_cancellation_asked(request, but=actor)
    return request


@retry_transaction
def approve_cancellation(
    *, request: CancellationRequest, actor: User, note: str = ""
) -> CancellationRequest:
    """Approve a cancellation, for who leads the builder or for staff; never one's own.

    Where the refund is above the setting ``second_person_above``, the first approval waits for a
    second person's. Otherwise, or with the second, the booking is cancelled at once: instalments,
    open payments, unit and refunds with it. Unit and booking are locked first, so of two who
    decide at once one does.
    """
    unit, booking, request = lock(request.booking.unit, request.booking, request)
    _check_decider(request, booking, actor)
    CANCELLATION_FLOW.check(request.status, RequestStatus.APPROVED)
    check_binding(booking)
    if request.status == RequestStatus.SECOND_NEEDED and request.approved_by_id == actor.pk:
        raise SecondPersonError
    now = database_now()
    terms = terms_of(booking=booking, percent=request.kept_percent)
    amounts: dict[str, Any] = {
        "paid_amount": terms.paid_amount,
        "kept_amount": terms.kept_amount,
        "refund_amount": terms.refund_amount,
    }
    if terms.needs_second_person and request.status == RequestStatus.ASKED:
        move(
            request,
            RequestStatus.SECOND_NEEDED,
            flow=CANCELLATION_FLOW,
            actor=actor,
            reason=note,
            approved_by=actor,
            decision_note=note,
            **amounts,
        )
        tell_of_cancellation_asked(request, but=actor)
        return request
    _approve(request, actor, note, now, amounts)
    cancel_for(request=request, unit=unit, booking=booking, actor=actor, now=now)
    tell_of_cancellation_decided(request, actor=actor)
    return request


@retry_transaction
def reject_cancellation(
    *, request: CancellationRequest, actor: User, reason: str
) -> CancellationRequest:
    """Turn a cancellation down with a reason, which the customer reads; the booking stays."""
    booking, request = lock(request.booking, request)
    _check_decider(request, booking, actor)
    reason = check_reason(reason)
    move(
        request,
        RequestStatus.REJECTED,
        flow=CANCELLATION_FLOW,
        actor=actor,
        reason=reason,
        decided_at=database_now(),
        decision_note=reason,
    )
    tell_of_cancellation_decided(request, actor=actor)
    return request


@retry_transaction
def withdraw_cancellation(*, request: CancellationRequest, actor: User) -> CancellationRequest:
    """Take the wish back, as who asked for it and before it is decided."""
    _, request = lock(request.booking, request)
    if request.asked_by_id != actor.pk:
        raise NotAllowedError("Only who asked for the cancellation takes it back.")
    move(
        request,
        RequestStatus.WITHDRAWN,
        flow=CANCELLATION_FLOW,
        actor=actor,
        decided_at=database_now(),
    )
    tell_of_cancellation_decided(request, actor=actor)
    return request


def _check_decider(request: CancellationRequest, booking: Booking, actor: User) -> None:
    if actor.pk in {request.asked_by_id, booking.customer_id}:
        raise OwnRequestError
    require_team(actor=actor, builder=booking.builder, roles=LEADING_ROLES, permission=PERMISSION)


def _approve(
    request: CancellationRequest,
    actor: User,
    note: str,
    now: datetime,
    amounts: dict[str, Any],
) -> None:
    """Move the locked request; the second of two approvals keeps the first one's name."""
    is_second = request.status == RequestStatus.SECOND_NEEDED
    approver: dict[str, Any] = {"second_approved_by" if is_second else "approved_by": actor}
    move(
        request,
        RequestStatus.APPROVED,
        flow=CANCELLATION_FLOW,
        actor=actor,
        reason=note,
        decided_at=now,
        decision_note=note or request.decision_note,
        **amounts,
        **approver,
    )
