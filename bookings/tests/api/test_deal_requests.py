"""Cancellations and transfers in the API: lists, decisions, and who is refused."""

import pytest

from accounts.tests.clients import client_of
from accounts.tests.factories.people import UserFactory
from bookings.models import CancellationRequest, Refund, TransferRequest
from bookings.services.cancellations import ask_cancellation
from bookings.services.transfers import accept_transfer, ask_transfer
from bookings.tests.deals import (
    confirmed_booking,
    fresh,
    leader_of,
    second_leader_of,
    seller_of,
)
from bookings.tests.factories.homes import BookingFactory
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory

pytestmark = pytest.mark.django_db

CANCELLATIONS = "/api/v1/cancellations/"
TRANSFERS = "/api/v1/transfers/"


def post(user, path, body=None, key="once"):
    return client_of(user).post(path, body or {}, HTTP_IDEMPOTENCY_KEY=key)


def ids(client, path):
    return [row["id"] for row in client.get(path).data["results"]]


def cancelling(booking=None):
    booking = booking or confirmed_booking()
    return ask_cancellation(booking=booking, actor=booking.customer, reason="We move")


def passing_on(booking=None, buyer=None):
    booking = booking or confirmed_booking()
    return ask_transfer(booking=booking, actor=booking.customer, to_customer=buyer or UserFactory())


@pytest.mark.capability("R18")
def test_from_the_wish_to_the_refund():
    booking = confirmed_booking()

    asked = post(booking.customer, f"/api/v1/bookings/{booking.pk}/cancel/", {"reason": "We move"})
    (waiting,) = client_of(leader_of(booking)).get(f"{CANCELLATIONS}?status=asked").data["results"]
    path = f"{CANCELLATIONS}{waiting['id']}/approve/"
    first = post(leader_of(booking), path, {"note": "Fine"})
    same = post(leader_of(booking), path, key="again")
    second = post(second_leader_of(booking), path)
    replayed = post(second_leader_of(booking), path)

    assert (asked.status_code, asked.data["status"]) == (200, "confirmed")
    assert (waiting["refund_amount"], waiting["kept_amount"]) == ("50000.00", "50000.00")
    assert (first.status_code, first.data["status"]) == (200, "second_needed")
    assert (same.status_code, same.data["code"]) == (403, "second_person")
    assert (second.status_code, second.data["status"]) == (200, "approved")
    assert second.data["second_approved_by"]["id"] == str(second_leader_of(booking).pk)
    assert replayed.headers["Idempotent-Replayed"] == "true"
    seen = client_of(booking.customer).get(f"/api/v1/bookings/{booking.pk}/").data
    assert (seen["status"], seen["refund_due"]) == ("cancelled", "50000.00")
    assert Refund.objects.count() == 1


@pytest.mark.capability("R18")
def test_a_cancellation_is_seen_by_its_customer_and_the_builder():
    request = cancelling()
    booking = request.booking

    for person in (booking.customer, leader_of(booking), seller_of(booking)):
        assert ids(client_of(person), CANCELLATIONS) == [str(request.pk)]
    for person in (UserFactory(), leader_of(confirmed_booking())):
        client = client_of(person)
        assert ids(client, CANCELLATIONS) == []
        assert client.get(f"{CANCELLATIONS}{request.pk}/").status_code == 404
        assert post(person, f"{CANCELLATIONS}{request.pk}/approve/").status_code == 404
    assert fresh(request).status == "asked"


@pytest.mark.capability("R18")
def test_the_customer_does_not_decide_but_takes_back():
    request = cancelling()
    customer, seller = request.asked_by, seller_of(request.booking)
    path = f"{CANCELLATIONS}{request.pk}/"

    own = post(customer, f"{path}approve/")
    by_sales = post(seller, f"{path}reject/", {"reason": "No"})
    taken_back = post(customer, f"{path}withdraw/", key="back")
    too_late = post(leader_of(request.booking), f"{path}approve/")

    assert (own.status_code, own.data["code"]) == (403, "own_request")
    assert by_sales.status_code == 403
    assert (taken_back.status_code, taken_back.data["status"]) == (200, "withdrawn")
    assert (too_late.status_code, too_late.data["current"]) == (409, "withdrawn")
    assert fresh(request.booking).status == "confirmed"


@pytest.mark.capability("R18")
def test_a_rejection_needs_a_reason():
    request = cancelling()
    path = f"{CANCELLATIONS}{request.pk}/reject/"
    leader = leader_of(request.booking)

    without = post(leader, path)
    blank = post(leader, path, {"reason": "  "}, key="blank")
    rejected = post(leader, path, {"reason": "A fixed term"}, key="reason")

    for refused in (without, blank):
        assert (refused.status_code, refused.data["errors"][0]["pointer"]) == (400, "/reason")
    assert (rejected.data["status"], rejected.data["decision_note"]) == (
        "rejected",
        "A fixed term",
    )


@pytest.mark.capability("R18")
def test_money_is_not_given_back_without_a_key():
    request = cancelling()

    answer = client_of(leader_of(request.booking)).post(f"{CANCELLATIONS}{request.pk}/approve/", {})

    assert (answer.status_code, answer.data["code"]) == (400, "idempotency_key_required")
    assert fresh(request).status == "asked"


@pytest.mark.capability("R18")
@pytest.mark.parametrize("asks_twice", ["cancel", "transfer"])
def test_what_is_being_decided_on_is_not_asked_again(asks_twice):
    request = cancelling()
    body = {"reason": "Again", "to_customer": str(UserFactory().pk)}

    answer = post(request.asked_by, f"/api/v1/bookings/{request.booking_id}/{asks_twice}/", body)

    assert (answer.status_code, answer.data["code"]) == (409, "asked_already")
    assert (CancellationRequest.objects.count(), TransferRequest.objects.count()) == (1, 0)


@pytest.mark.capability("R19")
def test_from_one_customer_to_another():
    booking, buyer = confirmed_booking(), UserFactory()
    body = {"to_customer": str(buyer.pk), "reason": "A sister"}

    asked = post(booking.customer, f"/api/v1/bookings/{booking.pk}/transfer/", body)
    path = f"{TRANSFERS}{asked.data['id']}/"
    seen = client_of(buyer).get(path)
    early = post(leader_of(booking), f"{path}approve/", key="early")
    accepted = post(buyer, f"{path}accept/")
    approved = post(leader_of(booking), f"{path}approve/")
    again = post(leader_of(booking), f"{path}approve/")

    assert (asked.status_code, asked.data["status"]) == (201, "asked")
    assert (seen.data["price"], seen.data["currency"]) == ("1000000.00", "AED")
    assert (early.status_code, early.data["current"]) == (409, "asked")
    assert (accepted.status_code, accepted.data["status"]) == (200, "accepted")
    assert (approved.status_code, approved.data["status"]) == (200, "approved")
    assert again.headers["Idempotent-Replayed"] == "true"
    new = client_of(buyer).get(f"/api/v1/bookings/{approved.data['new_booking']}/").data
    old = client_of(booking.customer).get(f"/api/v1/bookings/{booking.pk}/").data
    assert (new["status"], new["customer"]["id"]) == ("confirmed", str(buyer.pk))
    assert (old["status"], old["transferred_to"]) == ("transferred", new["id"])
    assert client_of(buyer).get(f"/api/v1/bookings/{booking.pk}/").status_code == 404


@pytest.mark.capability("R19")
def test_strangers_neither_see_nor_answer_a_transfer():
    request = passing_on()
    path = f"{TRANSFERS}{request.pk}/"

    for person in (UserFactory(), leader_of(confirmed_booking())):
        assert ids(client_of(person), TRANSFERS) == []
        for verb in ("accept", "decline", "approve", "reject", "withdraw"):
            assert post(person, f"{path}{verb}/", {"reason": "No"}, key=verb).status_code == 404
    assert fresh(request).status == "asked"


@pytest.mark.capability("R19")
def test_each_answers_for_themselves_alone():
    request = passing_on()
    path = f"{TRANSFERS}{request.pk}/"
    buyer, seller = request.to_customer, request.from_customer

    for person, verb in (
        (seller, "accept"),
        (seller, "decline"),
        (buyer, "withdraw"),
        (buyer, "approve"),
        (seller, "reject"),
        (seller_of(request.booking), "approve"),
    ):
        answer = post(person, f"{path}{verb}/", {"reason": "No"}, key=verb)
        assert (verb, answer.status_code) == (verb, 403)
    assert fresh(request).status == "asked"


@pytest.mark.capability("R19")
def test_a_transfer_goes_to_somebody_whom_the_customer_sees():
    booking = confirmed_booking()
    path = f"/api/v1/bookings/{booking.pk}/transfer/"

    gone = post(booking.customer, path, {"to_customer": str(UserFactory(suspended=True).pk)})
    oneself = post(booking.customer, path, {"to_customer": str(booking.customer.pk)}, key="me")

    assert gone.data["errors"][0]["code"] == "does_not_exist"
    assert oneself.data["errors"][0]["pointer"] == "/to_customer"
    assert not TransferRequest.objects.exists()


@pytest.mark.capability("R18", "R19")
def test_both_lists_are_filtered():
    wish = cancelling()
    offer = passing_on(confirmed_booking())
    leader = client_of(leader_of(wish.booking))
    buyer = client_of(offer.to_customer)

    assert ids(leader, f"{CANCELLATIONS}?status=rejected") == []
    assert ids(leader, f"{CANCELLATIONS}?booking={wish.booking_id}") == [str(wish.pk)]
    assert ids(leader, f"{CANCELLATIONS}?development={offer.booking.development_id}") == []
    assert ids(buyer, f"{TRANSFERS}?status=asked") == [str(offer.pk)]
    assert ids(buyer, f"{TRANSFERS}?booking={wish.booking_id}") == []
    assert buyer.get(f"{TRANSFERS}?status=second_needed").status_code == 400


def of_one_builder():
    """Makes bookings of ever new units of one development."""
    development = DevelopmentFactory(max_holds_per_user=100)
    return lambda: BookingFactory(unit=UnitFactory(development=development), confirmed=True)


@pytest.mark.capability("R18")
def test_the_list_of_cancellations_costs_the_same_however_long_it_is(assert_constant_queries):
    book = of_one_builder()
    client = client_of(leader_of(book()))

    assert_constant_queries(
        lambda: client.get("/api/v1/cancellations/"), lambda: cancelling(book()), times=3
    )


@pytest.mark.capability("R19")
def test_the_list_of_transfers_costs_the_same_however_long_it_is(assert_constant_queries):
    book = of_one_builder()
    client = client_of(leader_of(book()))

    def grow():
        accept_transfer(request=(made := passing_on(book())), actor=made.to_customer)

    assert_constant_queries(lambda: client.get("/api/v1/transfers/"), grow, times=3)
