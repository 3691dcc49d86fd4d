"""Messages of gateways in every order and any number of times: one state in the end."""

import time
from contextlib import contextmanager
from itertools import permutations
from random import Random
from uuid import uuid4

import pytest
from django.db import transaction

from accounts.tests.factories.people import UserFactory
from bookings.gateways.built_in import SIGNATURE_HEADER, signed_event
from bookings.gateways.payments import SignatureError
from bookings.models import LedgerEntry, Payment, PaymentFact, Refund, WebhookEvent
from bookings.payment_exceptions import InboxFailedError
from bookings.services.webhooks import receive_message, retry_webhook
from bookings.tests.factories.homes import BookingFactory
from bookings.tests.paying import open_payment
from config.shared.errors import ConflictError, MissingError

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment():
    booking = BookingFactory(pending_payment=True)
    return open_payment(booking.instalments.get(kind="deposit"))


def intent_of(payment, status, charge=None, error=None, **changes):
    return {
        "id": payment.stripe_payment_intent_id,
        "status": status,
        "amount": 10_000_000,
        "amount_received": 10_000_000 if status == "succeeded" else 0,
        "currency": "aed",
        "metadata": {"payment": str(payment.pk)},
        "latest_charge": charge,
        "last_payment_error": error,
        **changes,
    }


def refund_of(payment, name="test_re_1", status="succeeded", amount=1_000_000):
    return {
        "id": name,
        "payment_intent": payment.stripe_payment_intent_id,
        "amount": amount,
        "currency": "aed",
        "status": status,
        "metadata": {},
    }


def story_of(payment):
    """A card that is declined, a bank that takes its time, the money, and a part of it back."""
    failed = {"code": "card_declined", "charge": "test_ch_1"}
    return [
        (
            "payment_intent.payment_failed",
            intent_of(payment, "requires_payment_method", "test_ch_1", failed),
        ),
        ("payment_intent.processing", intent_of(payment, "processing", "test_ch_2")),
        ("payment_intent.succeeded", intent_of(payment, "succeeded", "test_ch_2")),
        ("refund.updated", refund_of(payment)),
    ]


def send(kind, thing, name=""):
    body, headers = signed_event(kind, thing, name=name)
    return receive_message(gateway="test", body=body, headers=headers)


def end_of(payment):
    payment.refresh_from_db()
    booking = payment.booking
    booking.refresh_from_db()
    instalment = payment.instalment
    instalment.refresh_from_db()
    entries = LedgerEntry.objects.filter(payment=payment).order_by("account", "amount")
    return (
        payment.status,
        payment.failure_code,
        str(payment.refunded_amount),
        payment.stripe_charge_id,
        bool(payment.receipt_no),
        booking.status,
        instalment.status,
        Refund.objects.filter(payment=payment, status="completed").count(),
        [(each.account, str(each.amount)) for each in entries],
    )


@contextmanager
def undone():
    """What happens inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.capability("R16")
def test_in_every_order_the_same_state_is_reached(payment):
    story, ends = story_of(payment), []

    for order in permutations(range(4)):
        with undone():
            for place in order:
                send(*story[place])
            ends.append(end_of(payment))
            assert PaymentFact.objects.count() == 4

    status, code, refunded, _, receipt, booking, instalment, refunds, entries = ends[0]
    assert (status, code, refunded) == ("partially_refunded", "", "10000.000")
    assert (receipt, booking, instalment, refunds) == (True, "confirmed", "partially_paid", 1)
    assert len(entries) == 8
    assert [end for end in ends if end != ends[0]] == []


@pytest.mark.capability("R16")
def test_five_messages_shuffled_and_repeated_end_in_one_state(payment):
    second = ("refund.created", refund_of(payment, "test_re_2", amount=2_000_000))
    story = [
        (*message, f"evt-{place}") for place, message in enumerate([*story_of(payment), second])
    ]
    shuffle, ends = Random(20261128), []

    for _ in range(25):
        delivered = story + shuffle.choices(story, k=5)
        shuffle.shuffle(delivered)
        with undone():
            for message in delivered:
                send(*message)
            ends.append(end_of(payment))

    assert ends[0][:3] == ("partially_refunded", "", "30000.000")
    assert [end for end in ends if end != ends[0]] == []


@pytest.mark.capability("R16")
def test_repetitions_change_nothing(payment):
    story = [(kind, thing, f"evt-{place}") for place, (kind, thing) in enumerate(story_of(payment))]
    for message in story:
        send(*message)
    once = end_of(payment)

    for message in [*reversed(story), *story, *story[::2]]:
        send(*message)
    for kind, thing, _ in story:
        send(kind, thing)

    assert end_of(payment) == once
    assert PaymentFact.objects.count() == 4
    assert WebhookEvent.objects.filter(external_id__startswith="evt-").count() == 4


@pytest.mark.capability("R16")
def test_without_money_the_last_attempt_decides_in_every_order(payment):
    failed = {"code": "card_declined", "charge": "test_ch_1"}
    late = {"code": "expired_card", "charge": "test_ch_2"}
    waiting = "requires_payment_method"
    story = [
        ("payment_intent.payment_failed", intent_of(payment, waiting, "test_ch_1", failed)),
        ("payment_intent.processing", intent_of(payment, "processing", "test_ch_2")),
        ("payment_intent.payment_failed", intent_of(payment, waiting, "test_ch_2", late)),
    ]

    for order in permutations(range(3)):
        with undone():
            for place in order:
                send(*story[place])
            payment.refresh_from_db()
            assert (payment.status, payment.failure_code) == ("failed", "expired_card")
            assert not LedgerEntry.objects.exists()


@pytest.mark.capability("R16")
def test_money_outweighs_that_the_intent_was_called_off(payment):
    send("payment_intent.canceled", intent_of(payment, "canceled"))
    payment.refresh_from_db()
    assert (payment.status, payment.failure_code) == ("failed", "cancelled")

    send("payment_intent.succeeded", intent_of(payment, "succeeded", "test_ch_1"))

    payment.refresh_from_db()
    assert payment.status == "completed"


@pytest.mark.capability("R16")
def test_a_message_before_the_answer_finds_its_payment_by_our_name(payment):
    name = payment.stripe_payment_intent_id
    Payment.objects.filter(pk=payment.pk).update(stripe_payment_intent_id="")

    send("payment_intent.succeeded", intent_of(payment, "succeeded", "test_ch_1"))

    payment.refresh_from_db()
    assert (payment.status, payment.stripe_payment_intent_id) == ("completed", name)


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
