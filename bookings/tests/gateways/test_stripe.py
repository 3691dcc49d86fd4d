"""Payments through Stripe's own SDK, against a Stripe on the loopback."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.tests.clients import client_of
from bookings.gateways.objects import CALLED_OFF
from bookings.models import Booking, Payment
from bookings.services.carrying_out import carry_out_refund
from bookings.services.intents import cancel_intent
from bookings.services.open_payments import cancel_open_payments
from bookings.services.refunds import request_refund
from bookings.tests.factories.homes import BookingFactory, lapse
from bookings.tests.gateways.fake_stripe import PUBLISHABLE
from catalog.tests.factories.homes import member_of
from config.shared.clock import database_now
from config.shared.jobs import RetryLaterError

pytestmark = pytest.mark.django_db

LIST = "/api/v1/payments/"
CARD, DECLINED = "payment_method=pm_card_visa", "payment_method=pm_card_chargeDeclined"


@pytest.fixture
def booking():
    return BookingFactory(pending_payment=True)


def begin(booking, key="k-1"):
    deposit = booking.instalments.get(kind="deposit")
    client = client_of(booking.customer)
    return client.post(LIST, {"instalment": str(deposit.pk)}, HTTP_IDEMPOTENCY_KEY=key)


def deliver(stripe, api):
    """Post what happened to our inbox; the statuses of the answers."""
    return [
        api.post(
            "/api/v1/webhooks/stripe/",
            body,
            content_type="application/json",
            HTTP_STRIPE_SIGNATURE=signature,
        ).status_code
        for body, signature in stripe.messages()
    ]


def pay(stripe, booking, card=CARD):
    """What the payer's browser does with Stripe."""
    payment = Payment.objects.get()
    path = f"/v1/payment_intents/{payment.stripe_payment_intent_id}/confirm"
    stripe._carried_out("POST", path, card)
    return payment


@pytest.mark.capability("R16")
def test_a_deposit_is_paid_through_stripe(stripe, booking, api):
    begun = begin(booking)
    secret = client_of(booking.customer).post(f"{LIST}{begun.data['id']}/client-secret/")
    payment = pay(stripe, booking)
    answers = deliver(stripe, api)

    payment.refresh_from_db()
    booking.refresh_from_db()
    assert (begun.status_code, begun.data["gateway"]) == (201, "stripe")
    assert begun.data["is_test"] is False
    assert secret.data["publishable_key"] == PUBLISHABLE
    assert secret.data["client_secret"] == f"{payment.stripe_payment_intent_id}_secret_fake"
    assert answers == [204, 204]
    assert (payment.status, booking.status) == ("completed", "confirmed")
    assert payment.stripe_charge_id.startswith("ch_")
    intent = stripe.books.get(payment.stripe_payment_intent_id, "payment_intent")
    assert (intent["amount"], intent["currency"]) == (10_000_000, "aed")
    assert intent["metadata"]["payment"] == str(payment.pk)
    booking.customer.refresh_from_db()
    assert intent["customer"] == booking.customer.stripe_customer_id
    assert "_secret_" not in str(begun.data)


@pytest.mark.capability("R16")
def test_a_declined_card_may_be_followed_by_another(stripe, booking, api):
    begin(booking)
    payment = pay(stripe, booking, DECLINED)
    deliver(stripe, api)
    payment.refresh_from_db()
    assert (payment.status, payment.failure_code) == ("failed", "generic_decline")

    pay(stripe, booking)
    deliver(stripe, api)

    payment.refresh_from_db()
    assert (payment.status, payment.failure_code) == ("completed", "")


@pytest.mark.capability("R17")
def test_late_money_goes_back_through_stripe(stripe, booking, api):
    begin(booking)
    lapse(booking)
    BookingFactory(unit=booking.unit)
    payment = pay(stripe, booking)
    deliver(stripe, api)
    refund = payment.refunds.get()

    carry_out_refund(refund_id=refund.pk)
    once = deliver(stripe, api)
    carry_out_refund(refund_id=refund.pk)

    payment.refresh_from_db()
    assert once == [204, 204]
    assert (payment.status, payment.refunded_amount) == ("refunded", payment.amount)
    assert [each["amount"] for each in stripe.books.all("refund")] == [10_000_000]


@pytest.mark.capability("R16")
def test_a_refund_whose_answer_was_lost_is_given_once(stripe, booking, api):
    begin(booking)
    payment = pay(stripe, booking)
    deliver(stripe, api)
    finance = member_of(booking.builder, "finance")
    refund = request_refund(
        payment=payment, amount=Decimal("5000.00"), reason="goodwill", actor=finance
    )

    stripe.cut = "/v1/refunds"
    with pytest.raises(RetryLaterError):
        carry_out_refund(refund_id=refund.pk)
    stripe.cut = ""
    refund.refresh_from_db()
    assert refund.status == "processing"
    carry_out_refund(refund_id=refund.pk)

    refund.refresh_from_db()
    assert refund.status == "completed"
    assert [each["amount"] for each in stripe.books.all("refund")] == [500_000]


@pytest.mark.capability("R16")
def test_the_message_about_a_refund_may_come_before_its_answer(stripe, booking, api):
    begin(booking)
    payment = pay(stripe, booking)
    deliver(stripe, api)
    finance = member_of(booking.builder, "finance")
    refund = request_refund(
        payment=payment, amount=Decimal("5000.00"), reason="goodwill", actor=finance
    )
    stripe.cut = "/v1/refunds"
    with pytest.raises(RetryLaterError):
        carry_out_refund(refund_id=refund.pk)
    stripe.cut = ""

    deliver(stripe, api)

    refund.refresh_from_db()
    assert (refund.status, payment.refunds.count()) == ("completed", 1)


@pytest.mark.capability("R16")
def test_while_stripe_is_down_the_time_for_the_deposit_is_extended(stripe, booking):
    soon = database_now() + timedelta(minutes=1)
    Booking.objects.filter(pk=booking.pk).update(pay_until=soon)
    stripe.down = True

    refused = begin(booking)
    booking.refresh_from_db()
    stripe.down = False
    again = begin(booking)

    assert (refused.status_code, refused.data["code"]) == (503, "gateway_down")
    assert refused.headers["Retry-After"] == "30"
    assert booking.pay_until - soon > timedelta(minutes=13)
    booking.unit.refresh_from_db()
    assert booking.unit.claimed_until == booking.pay_until
    assert (again.status_code, again.data["status"]) == (201, "pending")
    assert Payment.objects.count() == 1


@pytest.mark.capability("R16")
def test_outages_extend_the_time_by_a_day_at_most(stripe, booking):
    deposit = booking.instalments.get(kind="deposit")
    type(deposit).objects.filter(pk=deposit.pk).update(
        created_at=deposit.created_at - timedelta(days=2)
    )
    soon = database_now() + timedelta(minutes=1)
    Booking.objects.filter(pk=booking.pk).update(pay_until=soon)
    stripe.down = True

    begin(booking)

    booking.refresh_from_db()
    assert booking.pay_until == soon


@pytest.mark.capability("R16")
def test_a_payment_that_stripe_refuses_has_failed(stripe, booking):
    booking.customer.stripe_customer_id = "cus_unknown"
    booking.customer.save()

    response = begin(booking)

    assert (response.status_code, response.data["status"]) == (201, "failed")
    assert response.data["failure_code"] == "resource_missing"


@pytest.mark.capability("R16")
def test_what_is_being_paid_is_called_off_with_the_booking(stripe, booking, api):
    begin(booking)
    payment = Payment.objects.get()

    assert cancel_open_payments(booking=booking) == 1
    cancel_intent(payment_id=payment.pk)
    deliver(stripe, api)

    payment.refresh_from_db()
    intent = stripe.books.get(payment.stripe_payment_intent_id, "payment_intent")
    assert intent["status"] == CALLED_OFF
    assert (payment.status, payment.failure_code) == ("failed", "cancelled")


@pytest.mark.capability("R17")
def test_money_that_came_before_it_could_be_called_off_is_seen(stripe, booking):
    begin(booking)
    payment = pay(stripe, booking)

    cancel_intent(payment_id=payment.pk)

    payment.refresh_from_db()
    booking.refresh_from_db()
    assert (payment.status, booking.status) == ("completed", "confirmed")
