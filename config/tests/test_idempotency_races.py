"""Repetitions that overlap, and operations that commit in several steps."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.models.functions import Now
from rest_framework.test import APIClient

from accounts.models import Building, IdempotencyKey
from accounts.tests.factories.people import UserFactory, open_session, sign_in
from config.tests.orders import HOUSE, PAID, STEPWISE, post

pytestmark = [pytest.mark.urls("config.tests.kernel_urls"), pytest.mark.capability("A06")]


@pytest.fixture
def caller(db, api: APIClient) -> APIClient:
    """A client that somebody has signed in."""
    sign_in(api, UserFactory())
    return api


@pytest.mark.parametrize("name", ["Palm", ""])
def test_an_operation_in_steps_is_repeated_like_others(caller, name):
    first = post(caller, {"name": name, "city": "Dubai"}, to=STEPWISE)
    again = post(caller, {"name": name, "city": "Dubai"}, to=STEPWISE)

    assert first.status_code == (201 if name else 400)
    assert (again.content, again["Idempotent-Replayed"]) == (first.content, "true")
    assert Building.objects.count() == len(name) // 4
    row = IdempotencyKey.objects.get()
    assert row.expires_at - row.created_at > timedelta(hours=23)


def test_an_operation_in_steps_frees_its_key_when_it_breaks_or_is_refused_for_now(caller):
    caller.raise_request_exception = False
    broken = caller.post(STEPWISE, HOUSE, headers={"Idempotency-Key": "k-1", "X-Break": "yes"})
    refused = post(caller, {"name": "Refused", "city": "Dubai"}, to=STEPWISE)

    assert (broken.status_code, refused.status_code) == (500, 429)
    assert IdempotencyKey.objects.count() == 0


def test_an_operation_in_steps_that_is_still_at_work_is_a_conflict_for_two_minutes(caller):
    first = post(caller, to=STEPWISE)
    IdempotencyKey.objects.update(
        status="in_progress", expires_at=Now() + timedelta(minutes=2), response_status=None
    )
    meanwhile = post(caller, to=STEPWISE)
    IdempotencyKey.objects.update(expires_at=Now() - timedelta(seconds=1))
    later = post(caller, {**HOUSE, "city": "Pune"}, to=STEPWISE)

    assert first.status_code == 201
    assert (meanwhile.status_code, meanwhile.json()["code"]) == (409, "idempotency_key_in_use")
    assert later.status_code == 201
    assert Building.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_twenty_at_once_one_happens_and_all_hear_the_same():
    token = open_session(UserFactory()).tokens.access_token
    barrier = threading.Barrier(20)

    def send(_number: int) -> tuple[int, bytes, str]:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        barrier.wait()
        try:
            response = post(client, to=PAID)
            return response.status_code, response.content, response.get("Idempotent-Replayed", "")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(send, range(20)))

    assert {status for status, _, _ in answers} == {201}
    assert len({body for _, body, _ in answers}) == 1
    assert sorted(replayed for _, _, replayed in answers) == ["", *["true"] * 19]
    assert Building.objects.count() == 1
    assert IdempotencyKey.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_key_that_is_still_worked_on_is_a_conflict():
    person = UserFactory()
    token = open_session(person).tokens.access_token

    def send() -> Any:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '200ms'")
            return post(client, to=PAID)
        finally:
            connections.close_all()

    with transaction.atomic():
        IdempotencyKey.objects.create(
            owner=person,
            key="k-1",
            method="POST",
            path=PAID,
            fingerprint="0" * 64,
            expires_at=Now() + timedelta(hours=1),
        )
        with ThreadPoolExecutor(1) as threads:
            response = threads.submit(send).result()

    assert response.status_code == 409
    assert response.json()["code"] == "idempotency_key_in_use"
    assert response["Retry-After"] == "1"
    assert Building.objects.count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("deadlocks", "status", "houses"), [(1, 201, 1), (2, 201, 1), (9, 503, 0)])
def test_who_loses_to_a_deadlock_is_tried_again_as_a_whole(monkeypatch, deadlocks, status, houses):
    api = APIClient()
    sign_in(api, UserFactory())
    attempts = []

    def deadlock() -> None:
        attempts.append(1)
        if len(attempts) <= deadlocks:
            with connection.cursor() as cursor:
                cursor.execute("DO $$ BEGIN RAISE EXCEPTION '' USING ERRCODE = '40P01'; END $$")

    monkeypatch.setattr("config.tests.kernel_views.interfere", deadlock)

    response = post(api, to=PAID)

    assert (response.status_code, len(attempts)) == (status, min(deadlocks + 1, 4))
    assert Building.objects.count() == houses
    assert IdempotencyKey.objects.count() == houses
