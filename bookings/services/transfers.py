"""Passing a booking on: the customer asks, the new customer accepts, the builder approves."""

from datetime import datetime

from accounts.choices import UserStatus
from accounts.exceptions import OwnRequestError
from accounts.models import User
from accounts.querysets.organizations import LEADING_ROLES
from bookings.choices import RequestStatus
from bookings.flows import TRANSFER_FLOW
from bookings.models import Booking, TransferRequest
from bookings.services.deal_notices import (
    tell_of_transfer_accepted,
    tell_of_transfer_asked,
    tell_of_transfer_decided,
)
from bookings.services.open_requests import (
    check_binding,
    check_customer,
    check_reason,
    refuse_while_asked,
)
from bookings.services.transferring import pass_on
from catalog.services.teams import require_team
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import ConflictError, InvalidInputError, NotAllowedError
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.retries import retry_transaction

PERMISSION = "bookings.manage_booking"


@retry_transaction
def ask_transfer(
    *, booking: Booking, actor: User, to_customer: User, reason: str = ""
) -> TransferRequest:
    """Ask that a confirmed or contracted booking pass to ``to_customer``; its customer alone can.

    Raises ``RequestOpenError`` while another request about the booking is undecided.
    """
    (booking,) = lock(booking)
    check_customer(booking, actor)
    if to_customer.pk == actor.pk or to_customer.status != UserStatus.ACTIVE:
        raise InvalidInputError.at(
            "/to_customer", "not_a_customer", "A booking is passed on to somebody else."
        )
    check_binding(booking)
    refuse_while_asked(booking)
    request = TransferRequest.objects.create(
        booking=booking, from_customer=actor, to_customer=to_customer, reason=reason.strip()
    )
    audit.record(
        "bookings.transferrequest.asked",
        target=request,
        actor=actor,
        after={"booking": booking.pk, "to_customer": to_customer.pk},
    )
    tell_of_transfer_asked(request)
    return request


@retry_transaction
def accept_transfer(*, request: TransferRequest, actor: User) -> TransferRequest:
    """Agree to take the booking over, as the person to whom it is offered."""
    booking, request = _offered(request, actor)
    check_binding(booking)
    move(
        request,
        RequestStatus.ACCEPTED,
        flow=TRANSFER_FLOW,
        actor=actor,
        accepted_at=database_now(),
    )
    tell_of_transfer_accepted(request)
    return request


@retry_transaction
def decline_transfer(*, request: TransferRequest, actor: User) -> TransferRequest:
    """Refuse to take the booking over, as the person to whom it is offered."""
    _, request = _offered(request, actor)
    _end(request, RequestStatus.DECLINED, actor)
    return request


@retry_transaction
def withdraw_transfer(*, request: TransferRequest, actor: User) -> TransferRequest:
    """Take the wish back, as who asked for it and before the builder has decided."""
    _, request = lock(request.booking, request)
    if request.from_customer_id != actor.pk:
        raise NotAllowedError("Only who asked for the transfer takes it back.")
    _end(request, RequestStatus.WITHDRAWN, actor)
    return request


@retry_transaction
def approve_transfer(*, request: TransferRequest, actor: User, note: str = "") -> TransferRequest:
    """Let the booking pass to the new customer, who has accepted; never a decision of one's own.

    For who leads the builder, or staff. The old booking ends as transferred, and the new one
    begins as confirmed at the same price, plan and terms, with the instalments and what was paid
    of them; a contract is signed anew. Unit and booking are locked first, so of an approval and
    a withdrawal at once one happens.
    """
    unit, booking, request = lock(request.booking.unit, request.booking, request)
    _check_decider(request, booking, actor)
    TRANSFER_FLOW.check(request.status, RequestStatus.APPROVED)
    check_binding(booking)
    if request.to_customer.status != UserStatus.ACTIVE:
        raise ConflictError("The new customer is no longer there.")
    now = database_now()
    new = pass_on(unit=unit, booking=booking, to_customer=request.to_customer, actor=actor, now=now)
    _decide(request, RequestStatus.APPROVED, actor, note, now, new)
    return request


@retry_transaction
def reject_transfer(*, request: TransferRequest, actor: User, reason: str) -> TransferRequest:
    """Turn a transfer down with a reason, which both customers read; the booking stays."""
    booking, request = lock(request.booking, request)
    _check_decider(request, booking, actor)
    _decide(request, RequestStatus.REJECTED, actor, check_reason(reason), database_now(), None)
    return request


def _offered(request: TransferRequest, actor: User) -> tuple[Booking, TransferRequest]:
    booking, request = lock(request.booking, request)
    if request.to_customer_id != actor.pk:
        raise NotAllowedError("Only the person to whom the booking is offered answers.")
    return booking, request


def _check_decider(request: TransferRequest, booking: Booking, actor: User) -> None:
    if actor.pk in {request.from_customer_id, request.to_customer_id}:
        raise OwnRequestError
    require_team(actor=actor, builder=booking.builder, roles=LEADING_ROLES, permission=PERMISSION)


def _end(request: TransferRequest, status: RequestStatus, actor: User) -> None:
    """End an open request as one of the two customers."""
    move(request, status, flow=TRANSFER_FLOW, actor=actor, decided_at=database_now())
    tell_of_transfer_decided(request, actor=actor)


def _decide(  # noqa: PLR0917 - everything that a decision is
    request: TransferRequest,
    status: RequestStatus,
    actor: User,
    note: str,
    now: datetime,
    new: Booking | None,
) -> None:
    """Decide for the builder, and tell both customers."""
    move(
        request,
        status,
        flow=TRANSFER_FLOW,
        actor=actor,
        reason=note,
        decided_by=actor,
        decided_at=now,
        decision_note=note,
        new_booking=new,
    )
    tell_of_transfer_decided(request, actor=actor)
