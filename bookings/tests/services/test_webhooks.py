"""The inbox of gateways: whom it believes, what it keeps, and what is tried again."""

import time
from uuid import uuid4

import pytest

from accounts.tests.factories.people import UserFactory
from bookings.gateways.built_in import SIGNATURE_HEADER, signed_event
from bookings.gateways.payments import SignatureError
from bookings.models import LedgerEntry, Payment, PaymentFact, WebhookEvent
from bookings.payment_exceptions import InboxFailedError
from bookings.services.webhooks import receive_message, retry_webhook
from bookings.tests.factories.homes import BookingFactory
from bookings.tests.messages import intent_of, send
from bookings.tests.paying import open_payment
from config.shared.errors import ConflictError, MissingError

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment():
    booking = BookingFactory(pending_payment=True)
    return open_payment(booking.instalments.get(kind="deposit"))


@pytest.mark.capability("R16")
def test_what_is_not_ours_is_kept_and_ignored(payment):
    stranger = intent_of(payment, "succeeded", "ch_x", id="test_pi_other", metadata={})

    unknown = send("payment_intent.succeeded", stranger)
    other = send("customer.created", {"id": "cus_1"})

    assert [unknown.outcome, other.outcome] == ["ignored", "ignored"]
    payment.refresh_from_db()
    assert payment.status == "pending"


@pytest.mark.capability("R16")
def test_a_wrong_amount_is_not_applied_but_kept_and_tried_again(payment):
    wrong = intent_of(payment, "succeeded", "test_ch_1", amount_received=9_999_999)

    with pytest.raises(InboxFailedError):
        send("payment_intent.succeeded", wrong, "evt-1")
    with pytest.raises(InboxFailedError):
        send("payment_intent.succeeded", wrong, "evt-1")

    event = WebhookEvent.objects.get()
    assert (event.outcome, event.attempts) == ("failed", 2)
    assert event.error.startswith("AmountMismatchError")
    assert not PaymentFact.objects.exists()
    assert not LedgerEntry.objects.exists()


@pytest.mark.capability("R16")
def test_staff_have_a_failed_message_applied_once_more(payment):
    admin = UserFactory(staff=True)
    Payment.objects.filter(pk=payment.pk).update(amount="99999.00")
    with pytest.raises(InboxFailedError):
        send("payment_intent.succeeded", intent_of(payment, "succeeded", "test_ch_1"))
    event = WebhookEvent.objects.get()
    with pytest.raises(InboxFailedError):
        retry_webhook(event=event, actor=admin)
    Payment.objects.filter(pk=payment.pk).update(amount="100000.00")
    event.refresh_from_db()

    done = retry_webhook(event=event, actor=admin)

    payment.refresh_from_db()
    assert (done.outcome, done.attempts, done.error) == ("applied", 3, "")
    assert payment.status == "completed"
    with pytest.raises(ConflictError):
        retry_webhook(event=done, actor=admin)


@pytest.mark.capability("R16")
def test_only_the_gateway_itself_is_believed(payment):
    thing = intent_of(payment, "succeeded", "test_ch_1")
    body, headers = signed_event("payment_intent.succeeded", thing)
    old, old_headers = signed_event("payment_intent.succeeded", thing, at=int(time.time()) - 301)
    future, future_headers = signed_event(
        "payment_intent.succeeded", thing, at=int(time.time()) + 302
    )
    bad = [
        (body, {}),
        (body + b" ", headers),
        (body, {SIGNATURE_HEADER: "t=1,v1=" + "0" * 64}),
        (body, {SIGNATURE_HEADER: headers[SIGNATURE_HEADER].replace("v1=", "v0=")}),
        (body, {SIGNATURE_HEADER: "nonsense"}),
        (body, {SIGNATURE_HEADER: f"t=1,{headers[SIGNATURE_HEADER]}"}),
        (old, old_headers),
        (future, future_headers),
    ]

    for content, header in bad:
        with pytest.raises(SignatureError):
            receive_message(gateway="test", body=content, headers=header)
    for name in ("stripe", "paypal", "offline", ""):
        with pytest.raises(MissingError):
            receive_message(gateway=name, body=body, headers=headers)

    payment.refresh_from_db()
    assert payment.status == "pending"
    assert not WebhookEvent.objects.exists()


@pytest.mark.capability("R16")
def test_a_signed_message_that_makes_no_sense_is_refused():
    things = [
        {"id": "x", "status": "succeeded", "amount_received": "much", "currency": "aed"},
        {"id": "x", "status": "succeeded", "amount_received": 1, "currency": "???"},
        {"id": "x", "status": "succeeded", "metadata": "none", "currency": "aed"},
        {"status": "succeeded"},
        [],
        "text",
    ]

    for thing in things:
        with pytest.raises(SignatureError):
            send("payment_intent.succeeded", thing)

    assert not WebhookEvent.objects.exists()


def test_the_inbox_answers_as_gateways_expect(payment, api):
    thing = intent_of(payment, "succeeded", "test_ch_1")
    body, headers = signed_event("payment_intent.succeeded", thing, name=f"evt-{uuid4().hex}")

    def post(gateway, content, given):
        extra = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in given.items()}
        return api.post(
            f"/api/v1/webhooks/{gateway}/",
            content,
            content_type="application/json",
            **extra,
        )

    assert post("test", body, {}).status_code == 400
    assert post("unknown", body, headers).status_code == 404
    assert post("test", body, headers).status_code == 204
    assert post("test", body, headers).status_code == 204
    wrong = {**thing, "amount_received": 1, "latest_charge": "test_ch_9"}
    broken = post("test", *signed_event("payment_intent.succeeded", wrong))
    assert (broken.status_code, broken.headers["Retry-After"]) == (503, "30")
    payment.refresh_from_db()
    assert payment.status == "completed"
