"""Background work: when a job exists, and what becomes of it."""

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DataError, transaction
from procrastinate.jobs import Job

from config.shared.jobs import (
    BackOff,
    PermanentJobError,
    RetryLaterError,
    UnknownJobError,
    defer,
    defer_at,
    defer_once,
    defer_once_at,
    job,
)
from config.tests.racing import race
from config.tests.support import drain, failed_jobs, waiting_jobs

calls: list[Any] = []


@job(name="tests.remember", retries=2)
def remember(**what: Any) -> None:
    calls.append(what)


@job(name="tests.remember_number")
def remember_number(number: int, *, note: str = "") -> None:
    calls.append(number)


@job(name="tests.chain")
def chain(left: int) -> None:
    calls.append(left)
    if left:
        defer("tests.chain", left=left - 1)


@job(name="tests.break", retries=2)
def break_down(how: str = "") -> None:
    calls.append(how)
    raise {"permanent": PermanentJobError}.get(how, RuntimeError)(how)


@pytest.fixture(autouse=True)
def _forget() -> None:
    calls.clear()


def as_job(attempts: int) -> Job:
    return Job(
        queue="default", lock=None, queueing_lock=None, task_name="tests.any", attempts=attempts
    )


@pytest.mark.django_db
def test_a_job_runs_with_the_arguments_it_was_deferred_with() -> None:
    defer("tests.remember_number", number=7, note="seven")

    names = drain()

    assert names == ["tests.remember_number"]
    assert calls == [7]
    assert waiting_jobs() == []


@pytest.mark.django_db
def test_identifiers_dates_and_decimals_travel_as_text() -> None:
    key = uuid.UUID("01930000-0000-7000-8000-000000000001")

    defer("tests.remember", key=key, at=datetime(2026, 11, 21, tzinfo=UTC), price=Decimal("1.50"))
    drain()

    assert calls == [{"key": str(key), "at": "2026-11-21T00:00:00Z", "price": "1.50"}]


@pytest.mark.django_db
def test_a_job_of_a_change_that_is_rolled_back_does_not_exist() -> None:
    with transaction.atomic():
        defer("tests.remember")
        transaction.set_rollback(True)

    assert waiting_jobs() == []
    assert drain() == []


@pytest.mark.django_db
def test_an_unknown_name_is_refused_where_it_is_deferred() -> None:
    with pytest.raises(UnknownJobError, match="No job is named"):
        defer("tests.unknown")

    assert waiting_jobs() == []


@pytest.mark.django_db
@pytest.mark.parametrize("arguments", [{}, {"number": 1, "colour": "red"}])
def test_arguments_that_do_not_fit_are_refused_where_they_are_deferred(
    arguments: dict[str, Any],
) -> None:
    with pytest.raises(TypeError):
        defer("tests.remember_number", **arguments)

    assert waiting_jobs() == []


@pytest.mark.django_db
def test_the_databases_errors_surface_as_those_of_django() -> None:
    with pytest.raises(DataError), transaction.atomic():
        defer("tests.remember", text="a\x00b")

    assert waiting_jobs() == []


@pytest.mark.django_db
def test_of_two_jobs_with_the_same_key_one_waits() -> None:
    first = defer_once("building:1", "tests.remember", number=1)
    second = defer_once("building:1", "tests.remember", number=2)
    other = defer_once("building:2", "tests.remember", number=3)

    assert second is None
    assert [waiting.id for waiting in waiting_jobs()] == [first, other]
    drain()
    assert calls == [{"number": 1}, {"number": 3}]
    assert defer_once("building:1", "tests.remember", number=4) is not None


@pytest.mark.django_db(transaction=True)
def test_of_many_who_queue_the_same_key_at_once_one_does() -> None:
    queued = race(*[lambda: defer_once("building:1", "tests.remember", number=1)] * 8)

    assert sorted(number is None for number in queued) == [False] + [True] * 7
    assert len(waiting_jobs()) == 1


@pytest.mark.django_db
def test_one_job_of_a_key_waits_for_its_time() -> None:
    later = datetime.now(UTC) + timedelta(hours=1)

    first = defer_once_at("building:1", later, "tests.remember", number=1)
    second = defer_once_at("building:1", later, "tests.remember", number=2)

    assert (first is None, second) == (False, None)
    assert drain() == []
    assert drain(later=True) == ["tests.remember"]


@pytest.mark.django_db
def test_a_job_for_later_is_not_due_yet() -> None:
    defer_at(datetime.now(UTC) + timedelta(hours=1), "tests.remember", number=1)

    assert drain() == []
    assert drain(later=True) == ["tests.remember"]


@pytest.mark.django_db
def test_jobs_that_jobs_defer_run_too() -> None:
    defer("tests.chain", left=2)

    assert drain() == ["tests.chain"] * 3
    assert calls == [2, 1, 0]


@pytest.mark.django_db
def test_a_failing_job_is_tried_again_and_then_put_on_the_failed_list() -> None:
    defer("tests.break", how="badly")

    drain(retry=True)
    [again] = waiting_jobs("tests.break")
    drain(later=True, retry=True)
    drain(later=True, retry=True)

    assert again.attempts == 1
    assert again.scheduled_at is not None
    assert calls == ["badly"] * 3
    assert waiting_jobs("tests.break") == []
    assert [failed.task_name for failed in failed_jobs()] == ["tests.break"]


@pytest.mark.django_db
def test_a_job_that_cannot_succeed_is_not_tried_again() -> None:
    defer("tests.break", how="permanent")

    drain(retry=True)

    assert calls == ["permanent"]
    assert waiting_jobs() == []
    assert len(failed_jobs()) == 1


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 5), (1, 10), (4, 80), (20, 3600)])
def test_each_failure_doubles_the_wait_up_to_an_hour(attempts: int, seconds: int) -> None:
    decision = BackOff(retries=99, seconds=5).get_retry_decision(
        exception=RuntimeError(), job=as_job(attempts)
    )

    assert decision is not None
    assert decision.retry_at is not None
    wait = (decision.retry_at - datetime.now(UTC)).total_seconds()
    assert seconds - 1 <= wait <= seconds * 1.2


def test_the_outside_may_say_how_long_to_wait() -> None:
    decision = BackOff(retries=9, seconds=5).get_retry_decision(
        exception=RetryLaterError("busy", seconds=120), job=as_job(0)
    )

    assert decision is not None
    assert decision.retry_at is not None
    assert 119 <= (decision.retry_at - datetime.now(UTC)).total_seconds() <= 144


def test_a_coroutine_is_no_job() -> None:
    async def later() -> None: ...

    with pytest.raises(TypeError, match="coroutine"):
        job(name="tests.coroutine")(later)
