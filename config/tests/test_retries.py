"""What lost to another transaction is tried again; what failed by itself is not."""

import threading
from typing import Any, ClassVar

import pytest
from django.db import IntegrityError, OperationalError, connection, models, transaction

from config.shared import retries
from config.shared.retries import retry_transaction, sqlstate
from config.tests.racing import race
from config.tests.tables import scratch, tables

with scratch():

    class Tin(models.Model):
        """Something with a number on it."""

        number = models.IntegerField(unique=True)
        count = models.IntegerField(default=0)

        objects: ClassVar[models.Manager[Any]] = models.Manager()

        class Meta:
            app_label = "config"

        def __str__(self):
            return f"tin {self.number}"


@pytest.fixture
def tins(transactional_db, monkeypatch):
    monkeypatch.setattr(retries, "PAUSE_SECONDS", 0.01)
    with tables(Tin):
        Tin.objects.bulk_create(Tin(number=number) for number in (1, 2))
        yield Tin.objects


def fail(code):
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE 'lost' USING ERRCODE = '{code}'; END $$")


def counts(tins):
    return list(tins.order_by("number").values_list("count", flat=True))


def add(number):
    Tin.objects.filter(number=number).update(count=models.F("count") + 1)


@pytest.mark.parametrize("code", ["40001", "40P01"])
def test_a_lost_transaction_is_tried_again_from_its_beginning(tins, code):
    attempts = []

    @retry_transaction
    def service(number, *, losses):
        attempts.append(number)
        add(number)
        if len(attempts) <= losses:
            fail(code)
        return "done"

    assert service(1, losses=3) == "done"

    assert attempts == [1] * 4
    assert counts(tins) == [1, 0]


def test_after_three_more_attempts_the_loss_is_told(tins):
    attempts = []

    @retry_transaction
    def service():
        attempts.append(1)
        add(1)
        fail("40P01")

    with pytest.raises(OperationalError) as loss:
        service()

    assert sqlstate(loss.value) == "40P01"
    assert len(attempts) == 4
    assert counts(tins) == [0, 0]


@pytest.mark.parametrize(
    ("code", "error"), [("55P03", OperationalError), ("23505", IntegrityError)]
)
def test_another_failure_is_told_at_once(tins, code, error):
    attempts = []

    @retry_transaction
    def service():
        attempts.append(1)
        add(1)
        fail(code)

    with pytest.raises(error):
        service()

    assert len(attempts) == 1
    assert counts(tins) == [0, 0]


def test_a_transaction_further_out_is_joined_and_not_retried(tins):
    attempts = []

    @retry_transaction
    def service():
        attempts.append(1)
        fail("40P01")

    with pytest.raises(OperationalError), transaction.atomic():
        service()

    assert len(attempts) == 1


def test_the_outermost_decorated_service_is_the_one_that_is_retried(tins):
    attempts = []

    @retry_transaction
    def inner():
        attempts.append("inner")
        add(2)
        if len(attempts) < 4:
            fail("40001")

    @retry_transaction
    def outer():
        attempts.append("outer")
        add(1)
        inner()

    outer()

    assert attempts == ["outer", "inner", "outer", "inner"]
    assert counts(tins) == [1, 1]


def test_two_that_deadlock_both_get_through(tins):
    begun = threading.Barrier(2)

    def contestant(first, second):
        attempts = []

        @retry_transaction
        def service():
            attempts.append(1)
            add(first)
            if len(attempts) == 1:
                begun.wait(10)
            add(second)

        service()
        return len(attempts)

    results = race(lambda: contestant(1, 2), lambda: contestant(2, 1))

    assert sorted(results) == [1, 2]
    assert counts(tins) == [2, 2]


def test_the_name_and_the_words_of_a_service_are_kept():
    @retry_transaction
    def place_hold():
        """Hold it."""

    assert (place_hold.__name__, place_hold.__doc__) == ("place_hold", "Hold it.")


def test_an_error_without_a_database_behind_it_has_no_sqlstate():
    assert sqlstate(OperationalError("made up")) is None
