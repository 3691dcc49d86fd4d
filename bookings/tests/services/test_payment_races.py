"""Payments, messages and refunds in the same moment, with real threads and connections."""

from decimal import Decimal

import pytest
from django.db import connection

from accounts.tests.clients import client_of
from bookings.gateways.built_in import BuiltInGateway
from bookings.models import LedgerEntry, Payment, PaymentFact, Refund, WebhookEvent
from bookings.payment_exceptions import InboxFailedError, TooMuchError
from bookings.services.refunds import refund_payment
from bookings.services.webhooks import receive_message
from bookings.tests.factories.homes import BookingFactory, lapse
from bookings.tests.paying import open_payment, pay
from config.tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def deposit():
    return BookingFactory(pending_payment=True).instalments.get(kind="deposit")


def message_about(payment):
    return BuiltInGateway().simulate(payment.stripe_payment_intent_id, "succeed")


@pytest.mark.capability("R16")
def test_fifty_deliveries_of_one_message_are_applied_once(deposit):
    payment = open_payment(deposit)
    body, headers = message_about(payment)

    def deliver():
        return receive_message(gateway="test", body=body, headers=headers).outcome

    results = race(*[deliver] * 50)
    while any(isinstance(result, InboxFailedError) for result in results):
        results = [
            deliver() if isinstance(result, InboxFailedError) else result for result in results
        ]

    assert set(results) == {"applied"}
    event = WebhookEvent.objects.get()
    assert (event.outcome, event.attempts) == ("applied", 1)
    assert PaymentFact.objects.count() == 1
    assert LedgerEntry.objects.count() == 4
    payment.refresh_from_db()
    assert payment.receipt_no.endswith("-000001")


@pytest.mark.capability("R16")
def test_fifty_requests_with_one_key_begin_one_payment(deposit):
    client = client_of(deposit.booking.customer)
    body = {"instalment": str(deposit.pk)}

    def ask():
        return client.post("/api/v1/payments/", body, HTTP_IDEMPOTENCY_KEY="k-1")

    answers = [answer.status_code for answer in race(*[ask] * 50)]
    again = ask()

    assert set(answers) <= {201, 409}
    assert 201 in answers
    assert again.status_code == 201
    assert again.headers["Idempotent-Replayed"] == "true"
    assert str(Payment.objects.get().pk) == again.data["id"]


@pytest.mark.capability("R16")
def test_parallel_refunds_never_give_back_more_than_came_in(deposit):
    payment = pay(deposit)

    def give_back():
        return refund_payment(
            payment=payment, amount=Decimal("40000.00"), reason="mistake", requested_by=None
        )

    results = race(*[give_back] * 6)

    assert sum(isinstance(result, Refund) for result in results) == 2
    assert sum(isinstance(result, TooMuchError) for result in results) == 4
    assert sum(each.amount for each in Refund.objects.all()) == Decimal("80000.00")


@pytest.mark.capability("R16")
def test_receipts_of_payments_at_once_have_no_gaps():
    payments = [
        open_payment(BookingFactory(pending_payment=True).instalments.get(kind="deposit"))
        for _ in range(4)
    ]
    messages = [message_about(payment) for payment in payments]

    race(
        *(
            lambda message=message: receive_message(
                gateway="test", body=message[0], headers=message[1]
            )
            for message in messages
        )
    )

    numbers = sorted(Payment.objects.values_list("receipt_no", flat=True))
    assert [number[-6:] for number in numbers] == ["000001", "000002", "000003", "000004"]


@pytest.mark.capability("R17")
def test_late_money_and_a_new_hold_at_once_leave_one_holder(deposit):
    payment = open_payment(deposit)
    body, headers = message_about(payment)
    unit = deposit.booking.unit
    lapse(deposit.booking)

    race(
        lambda: receive_message(gateway="test", body=body, headers=headers),
        lambda: BookingFactory(unit=unit),
    )

    live = unit.bookings.live().get()
    payment.refresh_from_db()
    assert payment.status == "completed"
    if live.pk == deposit.booking_id:
        assert live.status == "confirmed"
        assert not Refund.objects.exists()
    else:
        assert Refund.objects.get().amount == payment.amount


@pytest.mark.capability("R16")
def test_the_gateway_is_never_called_inside_a_transaction(deposit, monkeypatch):
    inside = []
    ask = BuiltInGateway.create_intent

    def watched(gateway, charge):
        inside.append(connection.in_atomic_block)
        return ask(gateway, charge)

    monkeypatch.setattr(BuiltInGateway, "create_intent", watched)
    client = client_of(deposit.booking.customer)

    answer = client.post(
        "/api/v1/payments/", {"instalment": str(deposit.pk)}, HTTP_IDEMPOTENCY_KEY="k-1"
    )

    assert answer.status_code == 201
    assert inside == [False]


@pytest.mark.capability("R16")
def test_a_crash_after_the_gateway_answered_is_finished_by_the_repetition(deposit, monkeypatch):
    client = client_of(deposit.booking.customer)
    client.raise_request_exception = False
    made = []
    ask = BuiltInGateway.create_intent

    def crashing(gateway, charge):
        made.append(ask(gateway, charge).intent)
        if len(made) == 1:
            raise RuntimeError("killed")
        return ask(gateway, charge)

    monkeypatch.setattr(BuiltInGateway, "create_intent", crashing)

    def send():
        return client.post(
            "/api/v1/payments/", {"instalment": str(deposit.pk)}, HTTP_IDEMPOTENCY_KEY="k-1"
        )

    first, second = send(), send()

    payment = Payment.objects.get()
    assert (first.status_code, second.status_code) == (500, 201)
    assert str(payment.pk) == second.data["id"]
    assert made == [payment.stripe_payment_intent_id] * 2
