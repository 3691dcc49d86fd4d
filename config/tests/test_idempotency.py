"""A POST that is sent again with its key happens once, whatever happens in between."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now
from rest_framework.test import APIClient

from accounts.models import Building, IdempotencyKey
from accounts.tests.factories.people import UserFactory, sign_in
from config.shared.idempotency_upkeep import purge_expired
from config.tasks import forget_repeated_requests
from config.tests.orders import HOUSE, ORDERS, PAID, SECRET, post

pytestmark = [pytest.mark.urls("config.tests.kernel_urls"), pytest.mark.capability("A06")]


@pytest.fixture
def caller(db, api: APIClient) -> APIClient:
    """A client that somebody has signed in."""
    sign_in(api, UserFactory())
    return api


def test_a_repetition_gets_the_first_answer_and_does_nothing(caller):
    first = post(caller)
    again = post(caller)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert again["Content-Type"] == "application/json"
    assert Building.objects.count() == 1


def test_an_etag_is_repeated_with_its_answer(caller):
    first = post(caller, to="/api/v1/buildings/")
    again = post(caller, to="/api/v1/buildings/")

    assert again["Idempotent-Replayed"] == "true"
    assert again["ETag"] == first["ETag"]


def test_a_view_with_one_address_answers_with_a_key_as_it_does_without(caller):
    survey = {"title": "Roof", "rooms": []}

    plain = post(caller, survey, key=None, to="/api/v1/surveys/")
    first, again = (post(caller, survey, to="/api/v1/surveys/") for _ in range(2))

    assert plain.json() == {"title": "Roof", "rooms": 0}
    assert first.content == again.content == plain.content
    assert again["Idempotent-Replayed"] == "true"


def test_the_order_of_members_makes_no_other_body(caller):
    post(caller, {"name": "Palm", "city": "Dubai"})
    again = post(caller, {"city": "Dubai", "name": "Palm"})

    assert again["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize(
    ("body", "to"),
    [({**HOUSE, "floors": 3}, ORDERS), (HOUSE, PAID), (HOUSE, f"{ORDERS}?x=1")],
)
def test_a_key_cannot_stand_for_another_request(caller, body, to):
    post(caller)

    response = post(caller, body, to=to)

    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "idempotency_key_reused"
    assert Building.objects.count() == 1


def test_another_key_is_another_request(caller):
    post(caller)
    other = post(caller, {**HOUSE, "city": "Pune"}, key="k-2")

    assert other.status_code == 201
    assert Building.objects.count() == 2


def test_the_keys_of_two_people_have_nothing_to_do_with_each_other(caller):
    stranger = APIClient()
    sign_in(stranger, UserFactory())
    mine = post(caller)

    theirs = post(stranger, {**HOUSE, "city": "Pune"})

    assert theirs.status_code == 201
    assert theirs.json()["id"] != mine.json()["id"]
    assert IdempotencyKey.objects.count() == 2


def test_without_a_key_every_post_happens(caller):
    post(caller, key=None)
    twin = post(caller, key=None)

    assert twin.status_code == 400
    assert IdempotencyKey.objects.count() == 0


def test_a_refusal_is_repeated_too(caller):
    first = post(caller, {"name": "", "city": "Dubai"})
    again = post(caller, {"name": "", "city": "Dubai"})

    assert first.status_code == 400
    assert again.content == first.content
    assert again["Content-Type"] == "application/problem+json"
    assert again["Idempotent-Replayed"] == "true"
    assert Building.objects.count() == 0


def test_a_constraint_that_breaks_the_transaction_is_a_refusal_like_others(caller):
    first = post(caller, to=f"{ORDERS}clashing/")
    again = post(caller, to=f"{ORDERS}clashing/")

    assert (first.status_code, first.json()["code"]) == (409, "building_exists")
    assert again.content == first.content
    assert Building.objects.count() == 0


def test_a_refusal_for_now_is_not_repeated_and_keeps_what_was_counted(caller):
    first = post(caller, to=f"{ORDERS}counted/")
    again = post(caller, to=f"{ORDERS}counted/")

    assert (first.status_code, again.status_code) == (429, 429)
    assert "Idempotent-Replayed" not in again
    assert Building.objects.filter(name="Attempt").count() == 2
    assert IdempotencyKey.objects.count() == 0


def test_a_fault_leaves_neither_key_nor_effect_and_the_next_try_happens(caller):
    caller.raise_request_exception = False

    broken = caller.post(
        f"{ORDERS}broken/", HOUSE, headers={"Idempotency-Key": "k-1", "X-Break": "yes"}
    )
    left = (Building.objects.count(), IdempotencyKey.objects.count())
    repaired = post(caller, to=f"{ORDERS}broken/")

    assert (broken.status_code, left) == (500, (0, 0))
    assert repaired.status_code == 201
    assert Building.objects.count() == 1


@pytest.mark.parametrize(
    "key", ["", "x" * 256, "tab\there", "déjà", " leading", "trailing ", "\x7f"]
)
def test_a_malformed_key_is_refused(caller, key):
    response = post(caller, key=key)

    assert response.status_code == 400
    assert response.json()["code"] == "idempotency_key_invalid"
    assert Building.objects.count() == 0


@pytest.mark.parametrize("key", ["x" * 255, "413476c0-09da-4fcd-b6de", '"quoted"', "a b"])
def test_a_printable_key_is_accepted(caller, key):
    assert post(caller, key=key).status_code == 201


def test_what_moves_money_insists_on_a_key(caller):
    without = post(caller, key=None, to=PAID)
    with_key = post(caller, to=PAID)

    assert without.status_code == 400
    assert without.json()["code"] == "idempotency_key_required"
    assert with_key.status_code == 201
    assert Building.objects.count() == 1


def test_an_answer_with_secrets_is_never_stored(caller):
    first = post(caller, to=SECRET)
    again = post(caller, {**HOUSE, "city": "Pune"}, to=SECRET)

    assert (first.status_code, again.status_code) == (201, 201)
    assert IdempotencyKey.objects.count() == 0


def test_who_is_not_signed_in_is_told_so_before_the_key_counts(db, api):
    response = post(api, to=PAID, key=None)

    assert response.status_code == 401
    assert IdempotencyKey.objects.count() == 0


def test_the_key_of_nobody_means_nothing(db, api):
    body = {"title": "x", "rooms": []}

    first = post(api, body, to="/api/v1/surveys/")
    again = post(api, body, to="/api/v1/surveys/")

    assert (first.status_code, again.status_code) == (200, 200)
    assert "Idempotent-Replayed" not in again


def test_a_key_is_forgotten_after_a_day(caller):
    post(caller)
    IdempotencyKey.objects.update(expires_at=Now() - timedelta(seconds=1))

    other = post(caller, {**HOUSE, "city": "Pune"})

    assert other.status_code == 201
    assert "Idempotent-Replayed" not in other
    assert Building.objects.count() == 2
    assert IdempotencyKey.objects.count() == 1


def test_a_key_lives_for_a_day_and_is_then_swept_away(caller):
    post(caller)
    row = IdempotencyKey.objects.get()
    life = row.expires_at - row.created_at
    kept = purge_expired()
    IdempotencyKey.objects.update(expires_at=Now())
    forget_repeated_requests()

    assert abs(life - timedelta(hours=24)) < timedelta(seconds=5)
    assert (kept, IdempotencyKey.objects.count()) == (0, 0)
