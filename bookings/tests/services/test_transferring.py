"""What goes with a booking that passes to somebody else, and what stays with the old one."""

from decimal import Decimal

import pytest

from accounts.models import AuditEvent, MediaFile
from accounts.tests.factories.people import UserFactory
from bookings.choices import ChangeRequestStatus, RequestStatus
from bookings.models import Booking, ChangeRequest, ClaimLog, Payment
from bookings.services.cancellation_terms import quote_cancellation
from bookings.services.contracts import sign_contract
from bookings.services.handovers import sign_handover
from bookings.services.instalments import paid_for
from bookings.services.transfers import accept_transfer, approve_transfer, ask_transfer
from bookings.tests.deals import (
    confirmed_booking,
    contracted_booking,
    fresh,
    home_to_hand_over,
    leader_of,
    paper_of,
    seller_of,
    site_worker_of,
)
from bookings.tests.paying import open_payment, pay
from config.shared.clock import database_now

pytestmark = [pytest.mark.django_db, pytest.mark.capability("R19")]


def passed_on(booking, buyer=None):
    """The booking that follows ``booking``."""
    buyer = buyer or UserFactory()
    request = ask_transfer(booking=booking, actor=booking.customer, to_customer=buyer)
    request = accept_transfer(request=request, actor=buyer)
    request = approve_transfer(request=request, actor=leader_of(booking))
    assert request.status == RequestStatus.APPROVED
    return request.new_booking


@pytest.mark.parametrize("make", [confirmed_booking, contracted_booking])
def test_the_old_booking_ends_and_the_new_one_begins_as_confirmed(make):
    booking = make()

    new = passed_on(booking)

    old = fresh(booking)
    assert (old.status, old.transferred_to_id) == ("transferred", new.pk)
    assert (new.status, new.confirmed_at is not None) == ("confirmed", True)
    assert new.reference != old.reference
    for name in ("unit", "builder", "price", "currency", "plan", "terms", "deposit_amount"):
        assert getattr(new, name) == getattr(old, name)
    assert fresh(booking.unit).status == "reserved"
    assert list(Booking.objects.live().filter(unit=booking.unit)) == [new]


def test_instalments_and_what_was_paid_of_them_follow():
    booking = confirmed_booking()
    payer = booking.customer
    pay(booking.instalments.get(order=2), Decimal("40000.00"))
    rows = set(booking.instalments.values_list("pk", "amount", "status"))

    new = passed_on(booking)

    assert set(new.instalments.values_list("pk", "amount", "status")) == rows
    assert not booking.instalments.exists()
    assert paid_for(new) == Decimal(140_000)
    assert paid_for(fresh(booking)) == Decimal(0)
    payments = Payment.objects.filter(booking=new)
    assert {payment.payer for payment in payments} == {payer}


def test_the_new_customer_pays_on_where_the_old_one_stopped():
    booking = confirmed_booking()
    buyer = UserFactory()
    new = passed_on(booking, buyer)

    pay(new.instalments.get(order=2))

    assert paid_for(new) == new.price
    assert Payment.objects.order_by("pk").last().payer == buyer


@pytest.mark.capability("R17")
def test_what_the_old_customer_was_about_to_pay_is_called_off():
    booking = confirmed_booking()
    payment = open_payment(booking.instalments.get(order=2))

    passed_on(booking)

    assert fresh(payment).status in {"failed", "pending"}
    assert not Payment.objects.filter(pk=payment.pk, status="completed").exists()


def test_the_contract_stays_with_the_old_booking_and_is_signed_anew():
    booking = contracted_booking()
    buyer = UserFactory()

    new = passed_on(booking, buyer)

    assert (new.contract, fresh(booking).contract) == (None, booking.contract)
    readable = MediaFile.objects.filter(pk=booking.contract_id)
    assert readable.visible_to(booking.customer).exists()
    assert readable.visible_to(leader_of(booking)).exists()
    assert not readable.visible_to(buyer).exists()
    seller = seller_of(new)
    again = sign_contract(booking=new, actor=seller, document=paper_of(seller))
    assert (again.status, fresh(booking.unit).status) == ("contracted", "sold")


@pytest.mark.parametrize(
    ("status", "follows"),
    [
        (ChangeRequestStatus.DRAFT, False),
        (ChangeRequestStatus.WITHDRAWN, False),
        (ChangeRequestStatus.SUBMITTED, True),
        (ChangeRequestStatus.UNDER_REVIEW, True),
    ],
)
@pytest.mark.capability("R27")
def test_changes_that_the_builder_works_on_follow(status, follows):
    booking = confirmed_booking()
    change = ChangeRequest.objects.create(
        reference="CR-2026-900001",
        booking=booking,
        unit=booking.unit,
        customer=booking.customer,
        category="kitchen",
        description="An island",
        currency="AED",
        status=status,
        submitted_at=None if status == ChangeRequestStatus.DRAFT else database_now(),
    )

    new = passed_on(booking)

    owner = new if follows else booking
    assert (fresh(change).booking_id, fresh(change).customer_id) == (owner.pk, owner.customer_id)


def test_who_sees_which_of_the_two():
    booking = confirmed_booking()
    seller, buyer, builder = booking.customer, UserFactory(), leader_of(booking)

    new = passed_on(booking, buyer)

    assert list(Booking.objects.visible_to(seller)) == [booking]
    assert list(Booking.objects.visible_to(buyer)) == [new]
    assert set(Booking.objects.visible_to(builder)) == {booking, new}


def test_both_histories_and_both_claims_are_kept():
    booking = confirmed_booking()

    new = passed_on(booking)

    acts = AuditEvent.objects.filter(object_id__in=[str(booking.pk), str(new.pk)])
    assert {"bookings.booking.transferred", "bookings.booking.confirmed"} <= set(
        acts.values_list("action", flat=True)
    )
    assert booking.events.filter(status="transferred").count() == 1
    assert new.events.filter(status="confirmed").exists()
    ended = ClaimLog.objects.get(booking=booking, reason="transferred")
    won = ClaimLog.objects.get(booking=new)
    assert (ended.outcome, ended.who_id) == ("released", booking.customer_id)
    assert (won.outcome, won.who_id) == ("won", new.customer_id)


@pytest.mark.capability("R18")
def test_a_booking_that_passed_on_is_cancelled_by_the_same_terms():
    booking = confirmed_booking()

    new = passed_on(booking)

    quote = quote_cancellation(booking=new)
    assert (quote.kept_amount, quote.refund_amount) == (Decimal(50_000), Decimal(50_000))


@pytest.mark.capability("R37")
def test_a_signature_of_the_old_customer_does_not_count_for_the_new_one():
    booking = home_to_hand_over()
    sign_handover(booking=booking, actor=booking.customer)

    new = passed_on(booking)
    seller = seller_of(new)
    sign_contract(booking=new, actor=seller, document=paper_of(seller))
    half = sign_handover(booking=new, actor=site_worker_of(new))

    assert (half.status, half.handover_customer_at) == ("contracted", None)


def test_a_booking_passes_on_more_than_once():
    first = confirmed_booking()

    second = passed_on(first)
    third = passed_on(second)

    assert fresh(second).transferred_to == third
    assert paid_for(third) == Decimal(100_000)
    assert third.instalments.count() == 2
