"""The test suite's own helpers: they pass what is right and fail what is not."""

import socket
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.db import connections
from pytest_socket import SocketConnectBlockedError

from config.tests.services import PROBES, require_service

Check = Callable[..., None]


def add_group() -> None:
    Group.objects.create(name=f"group {Group.objects.count()}")


def query_for_each_group(alias: str) -> None:
    for _ in Group.objects.all():
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")


def test_a_constant_number_of_queries_passes(assert_constant_queries: Check) -> None:
    assert_constant_queries(lambda: list(Group.objects.all()), add_group)


@pytest.mark.parametrize("alias", ["default", "credentials"])
def test_a_growing_number_of_queries_fails_and_shows_them(
    assert_constant_queries: Check, alias: str
) -> None:
    with pytest.raises(pytest.fail.Exception) as failure:
        assert_constant_queries(lambda: query_for_each_group(alias), add_group, times=3)

    assert f"{alias}: " in str(failure.value)
    assert "SELECT 1" in str(failure.value)


def test_a_cache_that_fills_once_is_no_growth(assert_constant_queries: Check) -> None:
    filled: list[Group] = []

    def call() -> None:
        if not filled:
            filled.extend(Group.objects.all())

    assert_constant_queries(call, add_group)


@pytest.mark.django_db
def test_a_marked_test_reaches_both_databases() -> None:
    for alias in connections:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT current_database()")
            assert cursor.fetchone()[0].startswith("test_")


def test_a_fixture_reaches_both_databases(db: None) -> None:
    with connections["credentials"].cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_nothing_outside_this_machine_is_reached() -> None:
    blocked = (SocketConnectBlockedError, UserWarning)
    with pytest.raises(blocked, match=r"192\.0\.2\.1"), socket.socket() as outside:
        outside.connect(("192.0.2.1", 80))


def test_a_missing_service_skips_and_fails_where_it_is_required(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(PROBES, "unicorn", lambda: False)
    monkeypatch.setitem(PROBES, "python", lambda: True)

    monkeypatch.delenv("REQUIRE_SERVICES", raising=False)
    with pytest.raises(pytest.skip.Exception, match="needs unicorn"):
        require_service("unicorn")
    monkeypatch.setenv("REQUIRE_SERVICES", "1")
    with pytest.raises(pytest.fail.Exception, match="needs unicorn"):
        require_service("unicorn")
    require_service("python")
