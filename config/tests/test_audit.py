"""What is remembered of an act, what is never, and that it stays."""

from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction

from config.shared import audit
from config.shared.context import bind
from config.shared.triggers import reset_allowed


class Colour(Enum):
    RED = "red"


ACTOR = SimpleNamespace(pk=uuid4())


def events():
    return apps.get_model("accounts", "AuditEvent").objects.all()


@pytest.fixture
def group(db):
    return Group.objects.create(name="Wardens")


def test_an_act_is_written_down_with_who_what_and_why(group):
    event = audit.record(
        "auth.group.renamed",
        target=group,
        actor=ACTOR,
        before={"name": "Guards"},
        after={"name": "Wardens"},
        reason="They asked.",
    )

    event.refresh_from_db()
    assert event.action == "auth.group.renamed"
    assert event.actor_id == ACTOR.pk
    assert (event.object_type, event.object_id) == ("auth.group", str(group.pk))
    assert (event.before, event.after) == ({"name": "Guards"}, {"name": "Wardens"})
    assert event.reason == "They asked."
    assert (event.request_id, event.ip_prefix) == ("", "")


def test_who_and_where_come_from_the_request(group):
    with bind(request_id="req-12345678", actor=ACTOR, ip_prefix="203.0.113.0/24"):
        event = audit.record("auth.group.viewed", target=group)

    event.refresh_from_db()
    assert (event.actor_id, event.request_id) == (ACTOR.pk, "req-12345678")
    assert event.ip_prefix == "203.0.113.0/24"


def test_an_act_of_nobody_has_no_actor(group):
    anonymous = SimpleNamespace(pk=None)

    with bind(actor=anonymous):
        event = audit.record("auth.group.viewed", target=group)

    assert event.actor_id is None


def test_a_rolled_back_act_is_not_remembered(group):
    with transaction.atomic():
        audit.record("auth.group.renamed", target=group)
        transaction.set_rollback(True)

    assert not events().exists()


def test_plain_values_are_kept_and_others_written_as_text(group):
    values = {
        "nothing": None,
        "flag": True,
        "count": 3,
        "share": 0.5,
        "price": Decimal("10.50"),
        "colour": Colour.RED,
        "owner": UUID(int=7),
        "at": datetime(2026, 11, 21, 8, 30, tzinfo=UTC),
        "roles": {"seller", "buyer"},
        "list": [1, {"deep": (Decimal("1.0"),)}],
    }

    event = audit.record("auth.group.changed", target=group, after=values)

    event.refresh_from_db()
    assert event.after == {
        "nothing": None,
        "flag": True,
        "count": 3,
        "share": 0.5,
        "price": "10.50",
        "colour": "red",
        "owner": "00000000-0000-0000-0000-000000000007",
        "at": "2026-11-21T08:30:00+00:00",
        "roles": ["buyer", "seller"],
        "list": [1, {"deep": ["1.0"]}],
    }


@pytest.mark.parametrize("value", [b"bytes", object(), float("nan"), float("inf"), {1: "one"}])
def test_what_is_not_plain_is_refused(group, value):
    with pytest.raises(TypeError):
        audit.record("auth.group.changed", target=group, after={"name": value})

    assert not events().exists()


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "new_password",
        "code",
        "otp",
        "backup_codes",
        "refresh_token",
        "accessToken",
        "totp_secret",
        "api_key",
        "code_hash",
        "PIN",
    ],
)
@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("deep", [False, True])
def test_a_name_that_promises_a_secret_is_refused(group, name, side, deep):
    values = {"row": [{name: "x"}]} if deep else {name: "x"}

    with pytest.raises(ValueError, match=name):
        audit.record("auth.group.changed", target=group, **dict[str, Any]({side: values}))

    assert not events().exists()


@pytest.mark.parametrize(
    "name", ["country_code", "token_version", "pincode", "key", "keyboard", "status", "postal_code"]
)
def test_a_name_that_only_sounds_like_a_secret_is_not(name):
    assert not audit.names_a_secret(name)


@pytest.mark.parametrize(
    "act",
    [
        lambda: events().update(reason="After"),
        lambda: events().delete(),
        lambda: connection.cursor().execute("TRUNCATE accounts_auditevent CASCADE"),
    ],
    ids=["update", "delete", "truncate"],
)
def test_what_is_written_can_be_neither_changed_nor_deleted(group, act):
    audit.record("auth.group.viewed", target=group, reason="Before")
    connection.cursor().execute("SET LOCAL courtyard.allow_reset = ''")

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        act()

    assert events().get().reason == "Before"


def test_a_demo_is_rebuilt_by_saying_so(group):
    event = audit.record("auth.group.viewed", target=group)

    with reset_allowed():
        events().filter(pk=event.pk).delete()

    assert not events().exists()
