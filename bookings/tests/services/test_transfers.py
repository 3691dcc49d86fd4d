"""Passing a booking on: who agrees to it, and what goes with it."""

import pytest

from accounts.exceptions import OwnRequestError
from accounts.groups import FINANCE, SUPPORT
from accounts.tests.factories.organizations import staff_in
from accounts.tests.factories.people import UserFactory
from bookings.choices import RequestStatus
from bookings.deal_exceptions import RequestOpenError
from bookings.models import Booking, TransferRequest
from bookings.services.cancellations import ask_cancellation
from bookings.services.transfers import (
    accept_transfer,
    approve_transfer,
    ask_transfer,
    decline_transfer,
    reject_transfer,
    withdraw_transfer,
)
from bookings.tests.deals import confirmed_booking, fresh, leader_of, seller_of
from bookings.tests.factories.homes import BookingFactory
from catalog.tests.factories.homes import member_of
from config.shared.errors import (
    ConflictError,
    InvalidInputError,
    InvalidTransitionError,
    NotAllowedError,
)
from messaging.models import Notification

pytestmark = [pytest.mark.django_db, pytest.mark.capability("R19")]


@pytest.fixture
def booking():
    return confirmed_booking()


@pytest.fixture
def buyer():
    return UserFactory()


def asked(booking, buyer):
    return ask_transfer(
        booking=booking, actor=booking.customer, to_customer=buyer, reason="A sister"
    )


def accepted(booking, buyer):
    return accept_transfer(request=asked(booking, buyer), actor=buyer)


def unchanged(booking):
    assert (fresh(booking).status, fresh(booking.unit).status) == ("confirmed", "reserved")
    assert Booking.objects.count() == 1


def test_the_customer_asks_and_the_new_one_is_told(booking, buyer):
    request = asked(booking, buyer)

    assert (request.status, request.reason) == (RequestStatus.ASKED, "A sister")
    assert (request.from_customer, request.to_customer) == (booking.customer, buyer)
    told = Notification.objects.get(user=buyer, type="transfer_asked")
    assert told.link == f"/api/v1/transfers/{request.pk}/"
    unchanged(booking)


def test_nobody_passes_on_what_is_not_theirs(booking, buyer):
    for actor in (buyer, leader_of(booking), seller_of(booking), staff_in(FINANCE)):
        with pytest.raises(NotAllowedError):
            ask_transfer(booking=booking, actor=actor, to_customer=UserFactory())

    assert not TransferRequest.objects.exists()


def test_a_booking_goes_to_somebody_else_who_is_there(booking):
    for nobody in (booking.customer, UserFactory(suspended=True), UserFactory(inactive=True)):
        with pytest.raises(InvalidInputError) as refused:
            asked(booking, nobody)
        assert refused.value.errors[0].pointer == "/to_customer"

    assert not TransferRequest.objects.exists()


@pytest.mark.parametrize("trait", ["held", "pending_payment"])
def test_what_was_not_paid_for_is_not_passed_on(trait, buyer):
    booking = BookingFactory(**{trait: True})

    with pytest.raises(InvalidTransitionError):
        asked(booking, buyer)

    assert not TransferRequest.objects.exists()


def test_one_request_about_a_booking_is_decided_on_at_a_time(booking, buyer):
    other = confirmed_booking()
    asked(booking, buyer)
    ask_cancellation(booking=other, actor=other.customer, reason="No")

    for each in (booking, other):
        with pytest.raises(RequestOpenError):
            asked(each, buyer)

    assert TransferRequest.objects.count() == 1


def test_the_builder_is_told_once_the_new_customer_agrees(booking, buyer):
    request = accepted(booking, buyer)

    assert (request.status, request.accepted_at is not None) == (RequestStatus.ACCEPTED, True)
    assert Notification.objects.get(user=leader_of(booking), type="transfer_accepted")
    unchanged(booking)


def test_only_the_new_customer_answers(booking, buyer):
    request = asked(booking, buyer)

    for actor in (booking.customer, leader_of(booking), UserFactory(), staff_in(FINANCE)):
        with pytest.raises(NotAllowedError):
            accept_transfer(request=request, actor=actor)
        with pytest.raises(NotAllowedError):
            decline_transfer(request=request, actor=actor)

    assert fresh(request).status == RequestStatus.ASKED


def test_who_declines_leaves_the_booking_where_it_is(booking, buyer):
    request = decline_transfer(request=asked(booking, buyer), actor=buyer)

    assert (request.status, request.decided_at is not None) == (RequestStatus.DECLINED, True)
    told = Notification.objects.get(user=booking.customer, type="transfer_decided")
    assert told.data["status"] == "declined"
    unchanged(booking)
    assert asked(booking, buyer).status == RequestStatus.ASKED


def test_nothing_is_approved_before_the_new_customer_agrees(booking, buyer):
    request = asked(booking, buyer)

    with pytest.raises(InvalidTransitionError) as refused:
        approve_transfer(request=request, actor=leader_of(booking))

    assert refused.value.current == "asked"
    unchanged(booking)


def test_only_who_leads_the_builder_or_staff_decide(booking, buyer):
    request = accepted(booking, buyer)
    roles = [member_of(booking.builder, role) for role in ("sales", "site", "finance", "member")]
    elsewhere = leader_of(confirmed_booking())

    for actor in (*roles, elsewhere, UserFactory(), staff_in(SUPPORT)):
        with pytest.raises(NotAllowedError):
            approve_transfer(request=request, actor=actor)
        with pytest.raises(NotAllowedError):
            reject_transfer(request=request, actor=actor, reason="No")

    assert fresh(request).status == RequestStatus.ACCEPTED
    assert fresh(booking).status == "confirmed"


def test_neither_of_the_two_customers_decides(booking):
    buyer = leader_of(booking)
    request = accepted(booking, buyer)

    for actor in (booking.customer, buyer):
        with pytest.raises(OwnRequestError):
            approve_transfer(request=request, actor=actor)
        with pytest.raises(OwnRequestError):
            reject_transfer(request=request, actor=actor, reason="No")

    assert fresh(request).status == RequestStatus.ACCEPTED
    unchanged(booking)


def test_staff_who_may_manage_bookings_decide(booking, buyer):
    request = approve_transfer(request=accepted(booking, buyer), actor=staff_in(FINANCE))

    assert request.status == RequestStatus.APPROVED


def test_a_rejection_says_why_to_both(booking, buyer):
    request = accepted(booking, buyer)

    with pytest.raises(InvalidInputError):
        reject_transfer(request=request, actor=leader_of(booking), reason="")
    request = reject_transfer(request=request, actor=leader_of(booking), reason="Not allowed here")

    assert (request.status, request.new_booking) == (RequestStatus.REJECTED, None)
    told = Notification.objects.filter(type="transfer_decided")
    assert {row.user for row in told} == {booking.customer, buyer}
    assert {row.data["reason"] for row in told} == {"Not allowed here"}
    unchanged(booking)


@pytest.mark.parametrize("ask", [asked, accepted])
def test_the_customer_takes_it_back_until_it_is_decided(booking, buyer, ask):
    request = ask(booking, buyer)

    with pytest.raises(NotAllowedError):
        withdraw_transfer(request=request, actor=buyer)
    request = withdraw_transfer(request=request, actor=booking.customer)

    assert request.status == RequestStatus.WITHDRAWN
    unchanged(booking)


def test_a_new_customer_who_is_gone_by_then_gets_nothing(booking, buyer):
    request = accepted(booking, buyer)
    buyer.status, buyer.is_active = "suspended", False
    buyer.save(update_fields=["status", "is_active"])

    with pytest.raises(ConflictError):
        approve_transfer(request=request, actor=leader_of(booking))

    assert fresh(request).status == RequestStatus.ACCEPTED
    unchanged(booking)


def test_what_is_decided_is_decided(booking, buyer):
    request = approve_transfer(request=accepted(booking, buyer), actor=leader_of(booking))

    for decide in (
        lambda: accept_transfer(request=request, actor=buyer),
        lambda: approve_transfer(request=request, actor=leader_of(booking)),
        lambda: reject_transfer(request=request, actor=leader_of(booking), reason="No"),
        lambda: withdraw_transfer(request=request, actor=booking.customer),
    ):
        with pytest.raises(InvalidTransitionError):
            decide()

    assert Booking.objects.count() == 2
