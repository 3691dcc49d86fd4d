"""Limits hold under parallel callers, on both databases, and say when to come back."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connections, transaction
from django.db.models import F

from config.shared import limits
from config.shared.errors import TooManyRequestsError
from config.shared.limits import enforce, forget, sweep, take

MODELS = {"default": ("accounts", "RateBucket"), "credentials": ("credentials", "RateBucket")}
CALLERS = 200
THREADS = 20

aliases = pytest.mark.parametrize("using", list(MODELS))


def buckets(using):
    return apps.get_model(*MODELS[using]).objects.using(using)


@aliases
@pytest.mark.capability("A09")
@pytest.mark.django_db(transaction=True)
def test_of_200_parallel_callers_exactly_the_limit_passes(using):
    start = threading.Barrier(THREADS)

    def call(number):
        if number < THREADS:
            start.wait()
        return take("codes:+971501234567", limit=10, window_seconds=3600, using=using).allowed

    def close(_):
        start.wait()
        connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(call, range(CALLERS)))
        list(pool.map(close, range(THREADS)))

    assert answers.count(True) == 10
    assert answers.count(False) == 190
    assert buckets(using).get().count == 10


@aliases
@pytest.mark.django_db
def test_a_refusal_says_in_how_many_seconds_the_window_ends(using):
    enforce("codes:a", limit=1, window_seconds=90, using=using)

    refused = take("codes:a", limit=1, window_seconds=90, using=using)

    assert not refused.allowed
    assert 88 <= refused.retry_after <= 90
    with pytest.raises(TooManyRequestsError) as refusal:
        enforce("codes:a", limit=1, window_seconds=90, using=using)
    assert refusal.value.retry_after in range(88, 91)
    assert buckets(using).get().count == 1


@pytest.mark.django_db
def test_the_last_moments_of_a_window_are_a_whole_second():
    take("codes:a", limit=1, window_seconds=90)
    buckets("default").update(expires_at=F("expires_at") - timedelta(seconds=89.7))

    refused = take("codes:a", limit=1, window_seconds=90)

    assert (refused.allowed, refused.retry_after) == (False, 1)


@aliases
@pytest.mark.django_db
def test_when_a_window_has_ended_the_next_attempt_opens_another(using):
    take("codes:a", limit=2, window_seconds=60, using=using, cost=2)
    first = buckets(using).get()
    hour = timedelta(hours=1)
    buckets(using).update(window_start=F("window_start") - hour, expires_at=F("expires_at") - hour)

    answers = [take("codes:a", limit=2, window_seconds=60, using=using) for _ in range(3)]

    assert [answer.allowed for answer in answers] == [True, True, False]
    second = buckets(using).get()
    assert second.pk == first.pk
    assert second.count == 2
    assert second.expires_at - second.window_start == timedelta(seconds=60)
    assert second.window_start >= first.window_start


@pytest.mark.django_db
def test_keys_and_windows_do_not_share_an_allowance():
    for key, window in [("codes:a", 60), ("codes:b", 60), ("links:a", 60), ("codes:a", 3600)]:
        assert take(key, limit=1, window_seconds=window).allowed

    assert not take("codes:a", limit=1, window_seconds=60).allowed
    assert buckets("default").count() == 4


@pytest.mark.django_db
def test_an_attempt_may_cost_several():
    assert take("bytes:a", limit=10, window_seconds=60, cost=7).allowed
    assert not take("bytes:a", limit=10, window_seconds=60, cost=4).allowed
    assert take("bytes:a", limit=10, window_seconds=60, cost=3).allowed
    assert not take("bytes:a", limit=10, window_seconds=60).allowed


@pytest.mark.django_db
def test_a_limit_of_nothing_lets_nothing_pass_and_stores_nothing():
    assert take("codes:a", limit=0, window_seconds=60).retry_after == 60
    assert not take("codes:a", limit=0, window_seconds=60).allowed
    assert not buckets("default").exists()


@pytest.mark.django_db
def test_what_may_be_personal_is_stored_as_a_hash():
    take("codes:+971501234567", limit=1, window_seconds=60)

    key = buckets("default").get().key
    assert key.startswith("codes:")
    assert "501234567" not in key


@pytest.mark.parametrize("key", ["", "codes", "codes:", ":a"])
def test_a_key_without_a_purpose_or_a_subject_is_a_mistake(key):
    with pytest.raises(ValueError, match="purpose:subject"):
        take(key, limit=1, window_seconds=60)


@pytest.mark.parametrize(("window_seconds", "cost"), [(0, 1), (60, 0), (60, -1)])
def test_a_window_or_cost_of_nothing_is_a_mistake(window_seconds, cost):
    with pytest.raises(ValueError, match="at least 1"):
        take("codes:a", limit=1, window_seconds=window_seconds, cost=cost)


@aliases
@pytest.mark.django_db
def test_a_success_forgets_every_window_of_its_key_and_no_other(using):
    for key, window in [("codes:a", 60), ("codes:a", 3600), ("codes:b", 60), ("links:a", 60)]:
        take(key, limit=1, window_seconds=window, using=using)

    forget("codes:a", using=using)

    assert take("codes:a", limit=1, window_seconds=60, using=using).allowed
    assert take("codes:a", limit=1, window_seconds=3600, using=using).allowed
    assert not take("codes:b", limit=1, window_seconds=60, using=using).allowed
    assert not take("links:a", limit=1, window_seconds=60, using=using).allowed


@aliases
@pytest.mark.django_db
def test_sweeping_takes_what_has_ended_and_leaves_the_rest(using, monkeypatch):
    monkeypatch.setattr(limits, "_SWEEP_BATCH", 2)
    for subject in range(5):
        take(f"codes:{subject}", limit=1, window_seconds=60, using=using)
    ended = list(buckets(using).order_by("pk").values_list("pk", flat=True)[:3])
    buckets(using).filter(pk__in=ended).update(expires_at=F("window_start"))

    assert sweep(using=using) == 3

    assert buckets(using).count() == 2
    assert not buckets(using).filter(pk__in=ended).exists()


@aliases
@pytest.mark.django_db(transaction=True)
def test_an_attempt_inside_a_transaction_is_refused_since_a_rollback_would_forget_it(using):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic(using=using):
        take("codes:a", limit=1, window_seconds=60, using=using)

    assert not buckets(using).exists()


@aliases
@pytest.mark.django_db(transaction=True)
def test_an_attempt_stays_counted_when_what_follows_fails(using):
    def attempt():
        take("codes:a", limit=1, window_seconds=60, using=using)
        with transaction.atomic(using=using):
            buckets(using).update(count=0)
            raise LookupError

    with pytest.raises(LookupError):
        attempt()

    assert not take("codes:a", limit=1, window_seconds=60, using=using).allowed


@aliases
@pytest.mark.django_db
def test_the_table_is_unlogged_so_that_counting_costs_little(using):
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT relpersistence FROM pg_class WHERE relname = %s",
            [buckets(using).model._meta.db_table],
        )

        assert cursor.fetchone() == ("u",)
