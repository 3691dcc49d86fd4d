"""Refunds in the API: asked for, approved by another, carried out, and who is refused."""

from decimal import Decimal

import pytest

from accounts.groups import FINANCE
from accounts.tests.clients import client_of
from accounts.tests.factories.organizations import staff_in
from accounts.tests.factories.people import UserFactory
from bookings.models import Refund
from bookings.services.refunds import refund_payment
from bookings.tests.factories.homes import BookingFactory
from bookings.tests.paying import carry_out_refunds, pay, pay_offline
from catalog.tests.factories.homes import member_of

pytestmark = pytest.mark.django_db

LIST = "/api/v1/refunds/"
ASK = {"amount": "25000.00", "reason": "goodwill", "note": "For the delay"}


@pytest.fixture
def booking():
    return BookingFactory(pending_payment=True)


@pytest.fixture
def payment(booking):
    return pay(booking.instalments.get(kind="deposit"))


def client_for(booking, role):
    return client_of(member_of(booking.builder, role))


def ask(client, payment, key="k-1", **changes):
    address = f"/api/v1/payments/{payment.pk}/refund/"
    return client.post(address, {**ASK, **changes}, HTTP_IDEMPOTENCY_KEY=key)


def post(client, refund, verb, body=None, key="v-1"):
    address = f"{LIST}{refund}/{verb}/"
    return client.post(address, body or {}, HTTP_IDEMPOTENCY_KEY=f"{verb}-{key}")


@pytest.mark.capability("R16", "R18")
def test_from_the_wish_to_the_money(booking, payment):
    finance, admin = client_for(booking, "finance"), client_for(booking, "admin")

    asked = ask(finance, payment)
    replayed = ask(finance, payment)
    own = post(finance, asked.data["id"], "approve")
    approved = post(admin, asked.data["id"], "approve", {"note": "Agreed"})
    carry_out_refunds(payment)
    seen = client_of(booking.customer).get(f"{LIST}{asked.data['id']}/")

    assert (asked.status_code, asked.data["status"]) == (201, "requested")
    assert asked.data["needs_second_person"] is True
    assert replayed.data["id"] == asked.data["id"]
    assert (own.status_code, own.data["code"]) == (403, "second_person")
    assert (approved.status_code, approved.data["status"]) == (200, "approved")
    assert (seen.data["status"], seen.data["amount"]) == ("completed", "25000.00")
    assert seen.data["payment"]["reference"] == payment.reference
    assert Refund.objects.count() == 1


@pytest.mark.capability("R16")
def test_what_cannot_be_given_back_is_refused_where_it_stands(booking, payment):
    finance = client_for(booking, "finance")
    bodies = [
        {"amount": "100000.01"},
        {"amount": "0.00"},
        {"amount": "0.001"},
        {"amount": "many"},
        {"reason": "late_money"},
        {"note": "x" * 501},
    ]

    codes = []
    for place, body in enumerate(bodies):
        response = ask(finance, payment, f"k-{place}", **body)
        assert response.status_code == 400
        codes.append((response.data["errors"][0]["pointer"], response.data["errors"][0]["code"]))

    assert codes == [
        ("/amount", "too_much"),
        ("/amount", "min_value"),
        ("/amount", "amount_too_precise"),
        ("/amount", "invalid"),
        ("/reason", "invalid_choice"),
        ("/note", "max_length"),
    ]
    assert not Refund.objects.exists()
    refused = ask(finance, payment, "k-again", amount="100000.01")
    assert refused.data["errors"][0]["detail"] == "At most 100000.00 AED."


@pytest.mark.capability("R16", "R18")
def test_who_may_not_is_refused(booking, payment, api):
    refund = ask(client_for(booking, "finance"), payment).data["id"]
    outsiders = [UserFactory(), member_of(BookingFactory().builder, "finance")]

    for insider in (booking.customer, member_of(booking.builder, "sales")):
        client = client_of(insider)
        assert ask(client, payment, "k-2").status_code == 403
        for verb, body in (("approve", {}), ("reject", {"reason": "No"}), ("retry", {})):
            assert post(client, refund, verb, body).status_code == 403
    for outsider in outsiders:
        client = client_of(outsider)
        assert ask(client, payment, "k-2").status_code == 404
        assert post(client, refund, "approve").status_code == 404
        assert client.get(f"{LIST}{refund}/").status_code == 404
        assert client.get(LIST).data["results"] == []
    assert api.get(LIST).status_code == 401
    assert Refund.objects.get().status == "requested"


@pytest.mark.capability("R18")
def test_turning_a_refund_down_needs_a_reason(booking, payment):
    finance, owner = client_for(booking, "finance"), client_for(booking, "owner")
    refund = ask(finance, payment).data["id"]

    without = post(owner, refund, "reject")
    done = post(owner, refund, "reject", {"reason": "Not agreed"}, "v-2")
    again = post(owner, refund, "approve")

    assert without.data["errors"][0]["pointer"] == "/reason"
    assert (done.status_code, done.data["status"]) == (200, "rejected")
    assert (again.status_code, again.data["current"]) == (409, "rejected")


@pytest.mark.capability("R16")
def test_offline_money_is_marked_as_paid_back(booking):
    payment = pay_offline(booking.instalments.get(kind="deposit"))
    finance = client_for(booking, "finance")
    refund = ask(finance, payment, amount="100.00").data["id"]

    done = post(finance, refund, "confirm-paid", {"note": "Transfer 815"})
    again = post(finance, refund, "confirm-paid", key="v-2")

    assert (done.status_code, done.data["status"]) == (200, "completed")
    assert (again.status_code, again.data["current"]) == (409, "completed")
    payment.refresh_from_db()
    assert payment.refunded_amount == Decimal("100.00")


@pytest.mark.capability("R16")
def test_a_refund_that_failed_is_visible_and_tried_again(booking, payment):
    finance = client_for(booking, "finance")
    refund = Refund.objects.get(pk=ask(finance, payment, amount="100.00").data["id"])
    name = payment.stripe_payment_intent_id
    type(payment).objects.filter(pk=payment.pk).update(stripe_payment_intent_id="test_pi_gone")
    carry_out_refunds(payment)
    type(payment).objects.filter(pk=payment.pk).update(stripe_payment_intent_id=name)

    failed = finance.get(f"{LIST}?status=failed").data["results"]
    retried = post(finance, refund.pk, "retry")
    carry_out_refunds(payment)

    assert [(row["id"], row["failure_code"]) for row in failed] == [
        (str(refund.pk), "resource_missing")
    ]
    assert (retried.data["status"], retried.data["attempts"]) == ("processing", 2)
    refund.refresh_from_db()
    assert (refund.status, refund.failure_code) == ("completed", "")
    assert post(finance, refund.pk, "retry", key="v-2").status_code == 409


@pytest.mark.capability("R16")
def test_staff_give_back_and_approve_with_their_permissions(booking, payment):
    clerk, second = (staff_in(FINANCE) for _ in range(2))

    asked = ask(client_of(clerk), payment)
    approved = post(client_of(second), asked.data["id"], "approve")

    assert (asked.status_code, approved.status_code) == (201, 200)
    assert approved.data["approved_by"]["id"] == str(second.pk)


def test_the_list_of_refunds_costs_the_same_however_long_it_is(assert_constant_queries, payment):
    client = client_of(payment.payer)

    assert_constant_queries(
        lambda: client.get("/api/v1/refunds/"),
        lambda: refund_payment(
            payment=payment, amount=Decimal("1.00"), reason="goodwill", requested_by=None
        ),
    )
