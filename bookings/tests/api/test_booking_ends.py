"""How bookings end in the API, and that what has ended, or is paid for, moves no further."""

import pytest
from django.db.models.functions import Now

from accounts.tests.clients import client_of
from accounts.tests.factories.people import UserFactory
from bookings.models import Booking, CancellationRequest, ClaimLog
from bookings.tests.factories.homes import BookingFactory, lapse
from catalog.models import Unit

pytestmark = pytest.mark.django_db

LIST = "/api/v1/bookings/"
VERBS = ("extend", "release", "cancel", "checkout")


def act(booking, verb, **body):
    client = client_of(booking.customer)
    return client.post(f"{LIST}{booking.pk}/{verb}/", body, HTTP_IDEMPOTENCY_KEY=verb)


def ended(state):
    """A booking in a state that nothing follows, or only late money."""
    booking = BookingFactory(pending_payment=True)
    if state == "expired":
        lapse(booking)
        return booking
    signed = {"handover_builder_at": Now(), "handover_customer_at": Now(), "completed_at": Now()}
    changes = {
        "completed": signed,
        "cancelled": {"cancelled_at": Now()},
        "transferred": {"transferred_to": BookingFactory(confirmed=True)},
    }[state]
    Booking.objects.filter(pk=booking.pk).update(status=state, **changes)
    return booking


@pytest.mark.capability("R12")
@pytest.mark.parametrize("state", ["expired", "completed", "cancelled", "transferred"])
def test_what_has_ended_moves_no_further(state):
    booking = ended(state)
    before = Booking.objects.with_live_status().get(pk=booking.pk)

    answers = {verb: act(booking, verb, reason="Another one") for verb in VERBS}

    after = Booking.objects.with_live_status().get(pk=booking.pk)
    assert {answer.status_code for answer in answers.values()} == {409}
    assert {answer.json()["current"] for answer in answers.values()} == {state}
    assert (after.live_status, after.updated_at) == (state, before.updated_at)
    assert CancellationRequest.objects.count() == 0


@pytest.mark.capability("R12", "R18")
@pytest.mark.parametrize("state", ["confirmed", "contracted"])
def test_what_is_paid_for_is_left_by_asking(state):
    booking = BookingFactory(**{state: True})

    refused = {verb: act(booking, verb) for verb in ("extend", "release", "checkout")}
    silent = act(booking, "cancel")
    asked = client_of(booking.customer).post(
        f"{LIST}{booking.pk}/cancel/", {"reason": "We move away"}
    )

    assert {answer.status_code for answer in refused.values()} == {409}
    assert refused["release"].data["code"] == "paid_for"
    assert (silent.status_code, silent.data["errors"][0]["pointer"]) == (400, "/reason")
    assert (asked.status_code, asked.data["status"]) == (200, state)
    assert CancellationRequest.objects.get().reason == "We move away"
    assert Unit.objects.get(pk=booking.unit_id).status != "available"


@pytest.mark.capability("R06")
def test_a_refusal_that_is_sent_again_is_the_same_and_counts_once():
    hold, loser = BookingFactory(), UserFactory()
    client, body = client_of(loser), {"unit": str(hold.unit_id)}

    first = client.post(LIST, body, HTTP_IDEMPOTENCY_KEY="mine")
    lapse(hold)
    again = client.post(LIST, body, HTTP_IDEMPOTENCY_KEY="mine")
    anew = client.post(LIST, body, HTTP_IDEMPOTENCY_KEY="another")

    assert (first.status_code, again.status_code, anew.status_code) == (409, 409, 201)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert ClaimLog.objects.filter(who=loser, outcome="lost").count() == 1


@pytest.mark.capability("R08")
def test_the_last_extension_says_how_far_it_went():
    booking = BookingFactory()
    client = client_of(booking.customer)

    answers = [client.post(f"{LIST}{booking.pk}/extend/") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 409]
    assert answers[2].data["code"] == "extension_limit_reached"
    assert answers[2].json()["extended_minutes"] == answers[2].json()["limit_minutes"] == 30
