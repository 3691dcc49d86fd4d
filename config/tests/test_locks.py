"""Locks: one order for everybody, nothing blocked that need not be, none out of place."""

import threading
import time

import pytest
from django.apps import apps
from django.db import OperationalError, connection, models, transaction
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from config.shared import locks
from config.shared.errors import MissingError
from config.shared.locks import LOCK_RANKS, LockOrderError, lock, lock_one, register_rank
from config.shared.querysets import VisibleQuerySet
from config.shared.retries import sqlstate
from config.tests.racing import race
from config.tests.tables import scratch, tables


class ThingQuerySet(VisibleQuerySet):
    """Shelves and jars, which nobody may see."""


with scratch():

    class Shelf(models.Model):
        """Something that holds jars."""

        count = models.IntegerField(default=0)

        objects = ThingQuerySet.as_manager()

        class Meta:
            app_label = "config"

        def __str__(self):
            return f"shelf {self.pk}"

    class Jar(models.Model):
        """Something on a shelf."""

        shelf = models.ForeignKey(Shelf, models.CASCADE, related_name="jars")
        count = models.IntegerField(default=0)

        objects = ThingQuerySet.as_manager()

        class Meta:
            app_label = "config"

        def __str__(self):
            return f"jar {self.pk}"


@pytest.fixture(autouse=True)
def ranks(monkeypatch):
    monkeypatch.setattr(
        locks, "LOCK_RANKS", {**LOCK_RANKS, "config.shelf": 9000, "config.jar": 9001}
    )
    return locks.LOCK_RANKS


@pytest.fixture
def shelf(db):
    with tables(Shelf, Jar):
        yield Shelf.objects.create()


@pytest.fixture
def open_shelf(transactional_db):
    """A shelf that other connections see."""
    with tables(Shelf, Jar):
        yield Shelf.objects.create()


def locked_tables(captured):
    return [
        query["sql"].split('FROM "')[1].split('"')[0]
        for query in captured.captured_queries
        if "FOR NO KEY UPDATE" in query["sql"]
    ]


def test_rows_are_locked_by_rank_and_come_back_fresh_in_the_order_given(shelf):
    jars = [Jar.objects.create(shelf=shelf) for _ in range(3)]
    Jar.objects.update(count=7)

    with CaptureQueriesContext(connection) as captured:
        two, same, zero, again = lock(jars[2], shelf, jars[0], jars[2])

    assert locked_tables(captured) == ["config_shelf", "config_jar"]
    assert (two, same, zero, again) == (jars[2], shelf, jars[0], jars[2])
    assert (two.count, zero.count) == (7, 7)
    assert jars[2].count == 0
    sql = captured.captured_queries[1]["sql"]
    assert sql.endswith('ORDER BY "config_jar"."id" ASC FOR NO KEY UPDATE OF "config_jar"')


def test_a_row_that_is_gone_is_missing(shelf):
    jar = Jar.objects.create(shelf=shelf)
    Jar.objects.all().delete()

    with pytest.raises(MissingError):
        lock(shelf, jar)
    with pytest.raises(MissingError):
        lock_one(Jar.objects.all(), pk=jar.pk)


def test_one_row_is_locked_and_fresh(shelf):
    with CaptureQueriesContext(connection) as captured:
        found = lock_one(Shelf.objects.filter(count=0), pk=shelf.pk)

    assert found == shelf
    assert locked_tables(captured) == ["config_shelf"]


def test_what_an_audience_does_not_hold_is_missing(shelf):
    with pytest.raises(MissingError):
        lock_one(Shelf.objects.visible_to(None), pk=shelf.pk)


@pytest.mark.parametrize(
    "audience",
    [
        lambda: Shelf.objects.filter(jars__count=1).distinct(),
        lambda: Shelf.objects.annotate(jars_held=Count("jars")),
    ],
    ids=["distinct", "grouped"],
)
def test_an_audience_that_postgresql_cannot_lock_is_locked_behind(shelf, audience):
    Jar.objects.create(shelf=shelf, count=1)
    Jar.objects.create(shelf=shelf, count=1)

    with CaptureQueriesContext(connection) as captured:
        found = lock_one(audience(), pk=shelf.pk)

    assert found == shelf
    assert locked_tables(captured) == ["config_shelf"]
    with pytest.raises(MissingError):
        lock_one(audience(), pk=shelf.pk + 1)


def test_a_row_of_the_other_database_is_locked_there(db):
    bucket = apps.get_model("credentials", "Session")
    assert bucket._meta.label_lower in LOCK_RANKS

    with transaction.atomic(using="credentials"), pytest.raises(MissingError):
        lock_one(bucket.objects.all(), pk="00000000-0000-0000-0000-000000000000")


def test_every_ranked_model_exists():
    for label in LOCK_RANKS:
        apps.get_model(label)


def test_a_model_without_a_rank_cannot_be_locked(shelf, ranks):
    del ranks["config.shelf"]

    with pytest.raises(LockOrderError, match=r"config\.shelf has no rank"):
        lock(shelf)
    with pytest.raises(LockOrderError, match=r"config\.shelf has no rank"):
        lock_one(Shelf.objects.all(), pk=shelf.pk)


def test_a_rank_is_given_once(ranks):
    register_rank("Config.Lamp", 9002)
    register_rank("config.lamp", 9002)

    assert ranks["config.lamp"] == 9002
    with pytest.raises(LockOrderError):
        register_rank("config.lamp", 9003)
    with pytest.raises(LockOrderError):
        register_rank("config.candle", 9002)
    assert "config.candle" not in ranks


def test_locks_are_refused_outside_a_transaction(open_shelf):
    with pytest.raises(LockOrderError, match="inside a transaction"):
        lock(open_shelf)
    with pytest.raises(LockOrderError, match="inside a transaction"):
        lock_one(Shelf.objects.all(), pk=open_shelf.pk)


def test_services_that_name_their_rows_in_any_order_never_deadlock(open_shelf):
    jars = [Jar.objects.create(shelf=open_shelf) for _ in range(3)]
    orders = [
        [open_shelf, *jars],
        [*reversed(jars), open_shelf],
        [jars[1], open_shelf, jars[2], jars[0]],
        [jars[2], jars[0], jars[1], open_shelf],
    ]

    def count_up(rows):
        for _ in range(10):
            with transaction.atomic():
                for row in lock(*rows):
                    row.count += 1
                    row.save(update_fields=["count"])

    results = race(*[lambda rows=rows: count_up(rows) for rows in orders * 2])

    assert results == [None] * 8
    open_shelf.refresh_from_db()
    assert open_shelf.count == 80
    assert list(Jar.objects.values_list("count", flat=True)) == [80] * 3


def test_a_locked_row_may_still_be_pointed_to(open_shelf):
    locked, inserted = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            lock(open_shelf)
            locked.set()
            return inserted.wait(10)

    def point():
        assert locked.wait(10)
        begun = time.monotonic()
        Jar.objects.create(shelf=open_shelf)
        inserted.set()
        return time.monotonic() - begun

    held, waited = race(hold, point)

    assert held is True
    assert waited < 2
    assert Jar.objects.count() == 1


def test_who_waits_too_long_for_a_lock_is_told_so(open_shelf):
    locked, over = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            lock(open_shelf)
            locked.set()
            over.wait(10)

    def wait():
        assert locked.wait(10)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '100ms'")
            try:
                lock(open_shelf)
            finally:
                over.set()

    _, refusal = race(hold, wait)

    assert isinstance(refusal, OperationalError)
    assert sqlstate(refusal) == "55P03"


def test_a_row_that_left_the_audience_while_it_was_waited_for_is_missing(open_shelf):
    Jar.objects.create(shelf=open_shelf)
    locked = threading.Event()
    plain = Shelf.objects.filter(count=0)
    grouped = plain.annotate(jars_held=Count("jars"))

    def leave():
        with transaction.atomic():
            (row,) = lock(open_shelf)
            locked.set()
            time.sleep(0.3)
            row.count = 1
            row.save(update_fields=["count"])

    def want(audience):
        assert locked.wait(10)
        with transaction.atomic():
            return lock_one(audience, pk=open_shelf.pk)

    _, first, second = race(leave, lambda: want(plain), lambda: want(grouped))

    assert isinstance(first, MissingError)
    assert isinstance(second, MissingError)
