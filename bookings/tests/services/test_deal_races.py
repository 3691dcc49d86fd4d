"""Decisions about one booking in the same moment: one counts, whichever it is."""

import pytest

from accounts.models import Membership, Residency
from accounts.tests.factories.people import UserFactory
from bookings.choices import RequestStatus
from bookings.models import Booking, CancellationRequest, Refund, TransferRequest
from bookings.services.cancellations import (
    approve_cancellation,
    ask_cancellation,
    reject_cancellation,
    withdraw_cancellation,
)
from bookings.services.contracts import sign_contract
from bookings.services.handovers import sign_handover
from bookings.services.instalments import paid_for
from bookings.services.simulation import simulate
from bookings.services.transfers import (
    accept_transfer,
    approve_transfer,
    ask_transfer,
    withdraw_transfer,
)
from bookings.tests.deals import (
    confirmed_booking,
    contracted_booking,
    fresh,
    home_to_hand_over,
    leader_of,
    paper_of,
    second_leader_of,
    seller_of,
    site_worker_of,
)
from bookings.tests.paying import open_payment
from config.shared.errors import ConflictError, DomainError
from config.tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


def refusals(results):
    return [result for result in results if isinstance(result, DomainError)]


@pytest.mark.capability("R37")
def test_two_signatures_at_once_complete_a_handover_once():
    booking = home_to_hand_over()
    site = site_worker_of(booking)

    results = race(
        lambda: sign_handover(booking=booking, actor=booking.customer),
        lambda: sign_handover(booking=booking, actor=site),
        lambda: sign_handover(booking=booking, actor=booking.customer),
        lambda: sign_handover(booking=booking, actor=site),
    )

    assert len([each for each in results if isinstance(each, Booking)]) == 2
    assert len(refusals(results)) == 2
    assert (fresh(booking).status, fresh(booking.unit).status) == ("completed", "handed_over")
    assert Residency.objects.filter(user=booking.customer).count() == 1
    assert Membership.objects.filter(user=booking.customer).count() == 1


@pytest.mark.capability("R18")
def test_of_two_approvals_at_once_one_cancels():
    booking = contracted_booking()
    request = ask_cancellation(booking=booking, actor=booking.customer, reason="We move")
    first, second = leader_of(booking), second_leader_of(booking)

    results = race(
        lambda: approve_cancellation(request=request, actor=first),
        lambda: approve_cancellation(request=request, actor=second),
    )

    assert len(refusals(results)) == 1
    assert (fresh(booking).status, fresh(request).status) == ("cancelled", RequestStatus.APPROVED)
    assert fresh(request).second_approved_by is None


@pytest.mark.capability("R18")
def test_two_people_who_approve_at_once_are_the_two_that_it_takes():
    booking = confirmed_booking()
    request = ask_cancellation(booking=booking, actor=booking.customer, reason="We move")
    first, second = leader_of(booking), second_leader_of(booking)

    results = race(
        lambda: approve_cancellation(request=request, actor=first),
        lambda: approve_cancellation(request=request, actor=second),
    )

    done = fresh(request)
    assert refusals(results) == []
    assert done.status == RequestStatus.APPROVED
    assert {done.approved_by, done.second_approved_by} == {first, second}
    assert Refund.objects.count() == 1


@pytest.mark.capability("R18")
def test_of_an_approval_a_rejection_and_a_withdrawal_one_counts():
    booking = contracted_booking()
    request = ask_cancellation(booking=booking, actor=booking.customer, reason="We move")
    first, second = leader_of(booking), second_leader_of(booking)

    results = race(
        lambda: approve_cancellation(request=request, actor=first),
        lambda: reject_cancellation(request=request, actor=second, reason="No"),
        lambda: withdraw_cancellation(request=request, actor=booking.customer),
    )

    decided = [each for each in results if isinstance(each, CancellationRequest)]
    assert (len(decided), len(refusals(results))) == (1, 2)
    assert fresh(request).status == decided[0].status
    cancelled = decided[0].status == RequestStatus.APPROVED
    assert (fresh(booking).status == "cancelled") is cancelled


@pytest.mark.capability("R18", "R19")
def test_a_cancellation_and_a_transfer_asked_for_at_once_are_one_request():
    booking = confirmed_booking()
    buyer = UserFactory()

    results = race(
        lambda: ask_cancellation(booking=booking, actor=booking.customer, reason="We move"),
        lambda: ask_transfer(booking=booking, actor=booking.customer, to_customer=buyer),
        lambda: ask_cancellation(booking=booking, actor=booking.customer, reason="We move"),
    )

    assert len(refusals(results)) == 2
    assert CancellationRequest.objects.count() + TransferRequest.objects.count() == 1


@pytest.mark.capability("R12", "R18")
def test_of_a_contract_and_a_cancellation_at_once_the_stage_is_settled():
    booking = confirmed_booking()
    seller = seller_of(booking)
    paper = paper_of(seller)

    results = race(
        lambda: sign_contract(booking=booking, actor=seller, document=paper),
        lambda: ask_cancellation(booking=booking, actor=booking.customer, reason="We move"),
    )

    request = CancellationRequest.objects.get()
    if refusals(results):
        assert (fresh(booking).status, request.kept_percent) == ("confirmed", 5)
    else:
        assert (fresh(booking).status, request.kept_percent) == ("contracted", 30)


@pytest.mark.capability("R19")
def test_of_an_approval_and_a_withdrawal_of_a_transfer_one_happens():
    booking, buyer = confirmed_booking(), UserFactory()
    request = ask_transfer(booking=booking, actor=booking.customer, to_customer=buyer)
    request = accept_transfer(request=request, actor=buyer)
    first, second = leader_of(booking), second_leader_of(booking)

    results = race(
        lambda: approve_transfer(request=request, actor=first),
        lambda: withdraw_transfer(request=request, actor=booking.customer),
        lambda: approve_transfer(request=request, actor=second),
    )

    assert len(refusals(results)) == 2
    assert all(isinstance(each, ConflictError) for each in refusals(results))
    passed = fresh(request).status == RequestStatus.APPROVED
    assert (fresh(booking).status, Booking.objects.count()) == (
        ("transferred", 2) if passed else ("confirmed", 1)
    )
    assert Booking.objects.live().filter(unit=booking.unit).count() == 1


@pytest.mark.capability("R17", "R19")
def test_money_that_comes_while_a_booking_passes_on_counts_for_whoever_has_it():
    booking, buyer = confirmed_booking(), UserFactory()
    payment = open_payment(booking.instalments.get(order=2))
    request = ask_transfer(booking=booking, actor=booking.customer, to_customer=buyer)
    request = accept_transfer(request=request, actor=buyer)
    leader = leader_of(booking)

    results = race(
        lambda: approve_transfer(request=request, actor=leader),
        lambda: simulate(payment=payment, actor=booking.customer, outcome="succeed"),
    )

    assert [each for each in results if isinstance(each, Exception)] == []
    new = fresh(request).new_booking
    assert (paid_for(new), fresh(payment).booking) == (new.price, new)
    assert not Refund.objects.exists()
    assert set(new.instalments.values_list("status", flat=True)) == {"paid"}
