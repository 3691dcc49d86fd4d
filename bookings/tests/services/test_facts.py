"""Messages of gateways in every order and any number of times: one state in the end."""

from contextlib import contextmanager
from itertools import permutations
from random import Random

import pytest
from django.db import transaction

from bookings.gateways.objects import CALLED_OFF
from bookings.models import LedgerEntry, Payment, PaymentFact, Refund, WebhookEvent
from bookings.tests.factories.homes import BookingFactory
from bookings.tests.messages import intent_of, refund_of, send
from bookings.tests.paying import open_payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment():
    booking = BookingFactory(pending_payment=True)
    return open_payment(booking.instalments.get(kind="deposit"))


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
    send(f"payment_intent.{CALLED_OFF}", intent_of(payment, CALLED_OFF))
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
