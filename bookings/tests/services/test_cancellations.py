"""Leaving a booking that was paid for: asked by the customer, approved by the builder."""

from decimal import Decimal

import pytest

from accounts.exceptions import OwnRequestError
from accounts.groups import FINANCE, SUPPORT
from accounts.models import AuditEvent
from accounts.services.settings import change_setting
from accounts.tests.factories.organizations import staff_in
from accounts.tests.factories.people import UserFactory
from bookings.choices import RequestStatus
from bookings.deal_exceptions import RequestOpenError, SecondPersonError
from bookings.models import CancellationRequest, Refund
from bookings.services.cancellations import (
    approve_cancellation,
    ask_cancellation,
    reject_cancellation,
    withdraw_cancellation,
)
from bookings.services.transfers import ask_transfer
from bookings.tests.deals import (
    confirmed_booking,
    contracted_booking,
    fresh,
    leader_of,
    second_leader_of,
    seller_of,
)
from bookings.tests.factories.homes import BookingFactory, WaitlistEntryFactory
from bookings.tests.paying import pay
from catalog.tests.factories.homes import member_of
from config.shared.errors import InvalidInputError, InvalidTransitionError, NotAllowedError
from messaging.models import Notification

pytestmark = [pytest.mark.django_db, pytest.mark.capability("R18")]


def asked(booking=None):
    booking = booking or confirmed_booking()
    return ask_cancellation(booking=booking, actor=booking.customer, reason="We move away")


def approved(request):
    """The request after both approvals: 50,000 is above the limit."""
    booking = request.booking
    request = approve_cancellation(request=request, actor=leader_of(booking))
    return approve_cancellation(request=request, actor=second_leader_of(booking))


def unchanged(booking, status="confirmed", unit="reserved"):
    assert (fresh(booking).status, fresh(booking.unit).status) == (status, unit)
    assert not Refund.objects.exists()


def test_a_customer_asks_and_knows_what_it_costs():
    booking = confirmed_booking()

    request = asked(booking)

    assert (request.status, request.reason) == (RequestStatus.ASKED, "We move away")
    assert (request.paid_amount, request.kept_percent) == (Decimal(100_000), Decimal(5))
    assert (request.kept_amount, request.refund_amount) == (Decimal(50_000), Decimal(50_000))
    unchanged(booking)
    told = Notification.objects.get(user=leader_of(booking), type="cancellation_asked")
    assert told.data["refund"] == "50,000.00 AED"
    event = AuditEvent.objects.get(action="bookings.cancellationrequest.asked")
    assert "We move away" not in f"{event.after}{event.reason}"


def test_nobody_asks_for_somebody_else():
    booking = confirmed_booking()

    for actor in (leader_of(booking), seller_of(booking), UserFactory(), staff_in(FINANCE)):
        with pytest.raises(NotAllowedError):
            ask_cancellation(booking=booking, actor=actor, reason="Why not")

    assert not CancellationRequest.objects.exists()


def test_a_wish_without_a_reason_is_none():
    booking = confirmed_booking()

    with pytest.raises(InvalidInputError) as refused:
        ask_cancellation(booking=booking, actor=booking.customer, reason="  ")

    assert refused.value.errors[0].pointer == "/reason"
    assert not CancellationRequest.objects.exists()


@pytest.mark.parametrize("trait", ["held", "pending_payment"])
def test_what_was_not_paid_for_is_not_asked_about(trait):
    booking = BookingFactory(**{trait: True})

    with pytest.raises(InvalidTransitionError):
        asked(booking)

    assert not CancellationRequest.objects.exists()


def test_one_request_about_a_booking_is_decided_on_at_a_time():
    booking, other = confirmed_booking(), confirmed_booking()
    asked(booking)
    ask_transfer(booking=other, actor=other.customer, to_customer=UserFactory())

    for each in (booking, other):
        with pytest.raises(RequestOpenError):
            asked(each)

    assert CancellationRequest.objects.count() == 1


def test_with_both_approvals_everything_ends_at_once():
    booking = confirmed_booking()

    request = approved(asked(booking))

    over = fresh(booking)
    assert (over.status, over.refund_due) == ("cancelled", Decimal(50_000))
    assert (over.cancel_reason, over.cancelled_at is not None) == ("We move away", True)
    assert fresh(booking.unit).status == "available"
    states = booking.instalments.order_by("order").values_list("status", flat=True)
    assert list(states) == ["paid", "cancelled"]
    refund = Refund.objects.get()
    assert (refund.amount, refund.reason) == (Decimal(50_000), "cancellation")
    assert (refund.requested_by, refund.approved_by) == (
        leader_of(booking),
        second_leader_of(booking),
    )
    assert refund.cancellation == request
    assert (request.status, request.decided_at is not None) == (RequestStatus.APPROVED, True)


@pytest.mark.capability("R20")
def test_the_unit_goes_to_whoever_waits_for_it():
    booking = confirmed_booking()
    entry = WaitlistEntryFactory(unit=booking.unit)

    approved(asked(booking))

    unit = fresh(booking.unit)
    assert (fresh(entry).status, unit.status) == ("offered", "held")
    assert unit.claimed_until == fresh(entry).offer_until


def test_above_the_limit_the_second_approval_is_a_second_persons():
    booking = confirmed_booking()
    leader = leader_of(booking)

    first = approve_cancellation(request=asked(booking), actor=leader, note="Fine with me")

    assert (first.status, first.approved_by) == (RequestStatus.SECOND_NEEDED, leader)
    unchanged(booking)
    with pytest.raises(SecondPersonError):
        approve_cancellation(request=first, actor=leader)
    unchanged(booking)
    second = approve_cancellation(request=first, actor=staff_in(FINANCE))
    assert second.approved_by == leader
    assert second.second_approved_by not in {None, leader}
    assert (second.decision_note, fresh(booking).status) == ("Fine with me", "cancelled")


def test_up_to_the_limit_one_person_is_enough():
    booking = confirmed_booking()
    change_setting(
        key="second_person_above", value="50000", actor=UserFactory(superuser=True), reason="More"
    )

    request = approve_cancellation(request=asked(booking), actor=leader_of(booking))

    assert (request.status, request.second_approved_by) == (RequestStatus.APPROVED, None)
    refund = Refund.objects.get()
    assert (refund.requested_by, refund.approved_by) == (booking.customer, leader_of(booking))


def test_where_all_is_kept_nothing_is_given_back():
    booking = contracted_booking()

    request = approve_cancellation(request=asked(booking), actor=leader_of(booking))

    assert (request.kept_amount, request.refund_amount) == (Decimal(100_000), Decimal(0))
    assert (fresh(booking).status, fresh(booking.unit).status) == ("cancelled", "available")
    assert not Refund.objects.exists()


def test_what_was_paid_since_the_wish_is_given_back_too():
    booking = confirmed_booking()
    request = asked(booking)
    pay(booking.instalments.get(order=2), Decimal("70000.00"))

    request = approved(request)

    assert (request.paid_amount, request.refund_amount) == (Decimal(170_000), Decimal(120_000))
    amounts = Refund.objects.order_by("pk").values_list("amount", flat=True)
    assert list(amounts) == [Decimal(70_000), Decimal(50_000)]


def test_nobody_approves_their_own_cancellation():
    booking = confirmed_booking()
    request = asked(booking)
    builder = booking.builder
    booking.customer.is_staff = True
    booking.customer.is_superuser = True
    booking.customer.save(update_fields=["is_staff", "is_superuser"])

    with pytest.raises(OwnRequestError):
        approve_cancellation(request=request, actor=booking.customer)
    with pytest.raises(OwnRequestError):
        reject_cancellation(request=request, actor=booking.customer, reason="No")

    assert fresh(request).status == RequestStatus.ASKED
    assert booking.builder == builder
    unchanged(booking)


def test_only_who_leads_the_builder_or_staff_decide():
    booking = confirmed_booking()
    request = asked(booking)
    roles = [member_of(booking.builder, role) for role in ("sales", "site", "finance", "member")]
    elsewhere = leader_of(confirmed_booking())

    for actor in (*roles, elsewhere, UserFactory(), staff_in(SUPPORT)):
        with pytest.raises(NotAllowedError):
            approve_cancellation(request=request, actor=actor)
        with pytest.raises(NotAllowedError):
            reject_cancellation(request=request, actor=actor, reason="No")

    assert fresh(request).status == RequestStatus.ASKED
    unchanged(booking)


def test_a_rejection_says_why_and_leaves_the_booking():
    booking = confirmed_booking()
    request = asked(booking)

    with pytest.raises(InvalidInputError):
        reject_cancellation(request=request, actor=leader_of(booking), reason=" ")
    request = reject_cancellation(request=request, actor=leader_of(booking), reason="Too late")

    assert (request.status, request.decision_note) == (RequestStatus.REJECTED, "Too late")
    unchanged(booking)
    told = Notification.objects.get(user=booking.customer, type="cancellation_decided")
    assert (told.data["status"], told.data["reason"]) == ("rejected", "Too late")


@pytest.mark.parametrize("first_approval", [False, True])
def test_a_wish_is_taken_back_until_it_is_decided(first_approval):
    booking = confirmed_booking()
    request = asked(booking)
    if first_approval:
        request = approve_cancellation(request=request, actor=leader_of(booking))

    with pytest.raises(NotAllowedError):
        withdraw_cancellation(request=request, actor=leader_of(booking))
    request = withdraw_cancellation(request=request, actor=booking.customer)

    assert request.status == RequestStatus.WITHDRAWN
    unchanged(booking)
    assert asked(booking).status == RequestStatus.ASKED


def test_what_is_decided_is_decided():
    booking = confirmed_booking()
    request = approved(asked(booking))

    for decide in (
        lambda: approve_cancellation(request=request, actor=leader_of(booking)),
        lambda: reject_cancellation(request=request, actor=leader_of(booking), reason="No"),
        lambda: withdraw_cancellation(request=request, actor=booking.customer),
    ):
        with pytest.raises(InvalidTransitionError) as refused:
            decide()
        assert refused.value.current == "approved"
    assert Refund.objects.count() == 1


def test_everybody_is_told_that_it_is_over():
    booking = confirmed_booking()

    approved(asked(booking))

    told = Notification.objects.filter(type="cancellation_decided")
    assert {row.user for row in told} == {booking.customer, leader_of(booking)}
    assert {row.data["refund"] for row in told} == {"50,000.00 AED"}
