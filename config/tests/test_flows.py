"""Every flow: what it allows, what it refuses, how a move is made and where it is drawn."""

import io
import re
import threading
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.db.models.functions import Now
from django.utils import timezone

from config.shared.errors import InvalidTransitionError, MissingError
from config.shared.flows import Flow, flow_docs, flow_docs_path, load_flows, move
from config.tests.tables import scratch, tables

EVERY_MOVE = [
    pytest.param(flow, current, target, id=f"{flow.name}-{current}-{target}")
    for flow in load_flows()
    for current in flow.states
    for target in flow.states
]


class Door(models.TextChoices):
    OPEN = "open", "Open"
    SHUT = "shut", "Shut"
    LOCKED = "locked", "Locked"
    WALLED_UP = "walled_up", "Walled up"


MOVES = {
    Door.OPEN: {Door.SHUT},
    Door.SHUT: {Door.OPEN, Door.LOCKED},
    Door.LOCKED: {Door.SHUT, Door.WALLED_UP},
}

with scratch():

    class Gate(models.Model):
        """Something that opens and shuts."""

        status = models.CharField(max_length=10, choices=Door, default=Door.OPEN)
        note = models.CharField(max_length=20, blank=True)
        moved_at = models.DateTimeField(null=True)
        updated_at = models.DateTimeField(auto_now=True)

        objects: ClassVar[models.Manager[Any]] = models.Manager()

        class Meta:
            app_label = "config"

        def __str__(self):
            return self.status


@pytest.fixture
def door(monkeypatch):
    monkeypatch.setattr(Flow, "_registry", {})
    return Flow("config.gate", MOVES, initial=Door.OPEN)


@pytest.fixture
def gate(db):
    with tables(Gate):
        yield Gate.objects.create()


def events():
    return apps.get_model("accounts", "AuditEvent").objects.filter(object_type="config.gate")


@pytest.mark.parametrize(("flow", "current", "target"), EVERY_MOVE)
def test_every_flow_makes_its_moves_and_no_other(flow, current, target):
    if target in flow.allowed(current):
        flow.check(current, target)
        return

    with pytest.raises(InvalidTransitionError) as refusal:
        flow.check(current, target)

    assert refusal.value.current == current
    assert refusal.value.allowed == sorted(flow.allowed(current))


def test_a_flow_knows_its_states_and_ends(door):
    assert door.states == ("open", "shut", "locked", "walled_up")
    assert door.terminal == {"walled_up"}
    assert door.initial == ("open",)
    assert door.allowed("shut") == ("locked", "open")
    assert door.allowed("nonsense") == ()
    assert Flow.registered() == (door,)


def test_an_unknown_state_goes_nowhere(door):
    with pytest.raises(InvalidTransitionError):
        door.check("nonsense", Door.OPEN)
    with pytest.raises(InvalidTransitionError):
        door.check(Door.OPEN, "nonsense")


def test_a_name_is_taken_once(door):
    with pytest.raises(ValueError, match=r"already is a flow called config\.gate"):
        Flow("config.gate", MOVES, initial=Door.OPEN)


def test_a_state_that_cannot_be_reached_is_a_mistake(door):
    with pytest.raises(ValueError, match="stranded cannot be reached"):
        Flow("config.other", {"begin": {"end"}, "stranded": {"end"}}, initial="begin")

    assert Flow.registered() == (door,)


def test_a_flow_may_begin_in_several_states(door):
    other = Flow(
        "config.other", {"asked": {"done"}, "offered": {"done"}}, initial=("asked", "offered")
    )

    assert other.initial == ("asked", "offered")
    assert other.terminal == {"done"}


def test_a_flow_is_drawn(door):
    assert door.mermaid() == (
        "stateDiagram-v2\n"
        "    [*] --> open\n"
        "    open --> shut\n"
        "    shut --> locked\n"
        "    shut --> open\n"
        "    locked --> shut\n"
        "    locked --> walled_up\n"
        "    walled_up --> [*]"
    )


def test_a_move_changes_the_row_and_is_remembered(door, gate):
    before = gate.updated_at

    move(gate, Door.SHUT, flow=door, actor=None, reason="Wind.", note="shut", moved_at=Now())

    stored = Gate.objects.get()
    assert (stored.status, stored.note) == ("shut", "shut")
    assert (gate.status, gate.note, gate.moved_at) == ("shut", "shut", stored.moved_at)
    assert timezone.now() - timedelta(minutes=1) < gate.moved_at
    assert stored.updated_at > before
    assert gate.updated_at == stored.updated_at
    event = events().get()
    assert event.action == "config.gate.shut"
    assert event.object_id == str(gate.pk)
    assert (event.before, event.after) == ({"status": "open"}, {"status": "shut"})
    assert event.reason == "Wind."


def test_a_move_that_the_flow_lacks_changes_nothing(door, gate):
    with pytest.raises(InvalidTransitionError) as refusal:
        move(gate, Door.LOCKED, flow=door, actor=None, note="no")

    assert (refusal.value.current, refusal.value.allowed) == ("open", ["shut"])
    assert (gate.status, gate.note) == ("open", "")
    assert (Gate.objects.get().status, Gate.objects.get().note) == ("open", "")
    assert not events().exists()


def test_a_stale_instance_does_not_undo_what_happened_meanwhile(door, gate):
    stale = Gate.objects.get()
    move(gate, Door.SHUT, flow=door, actor=None)
    move(gate, Door.LOCKED, flow=door, actor=None)

    with pytest.raises(InvalidTransitionError) as refusal:
        move(stale, Door.SHUT, flow=door, actor=None)

    assert (refusal.value.current, refusal.value.allowed) == ("locked", ["shut", "walled_up"])
    assert stale.status == "open"
    assert Gate.objects.get().status == "locked"
    assert events().count() == 2


def test_a_row_that_is_gone_cannot_move(door, gate):
    Gate.objects.all().delete()

    with pytest.raises(MissingError):
        move(gate, Door.SHUT, flow=door, actor=None)

    assert not events().exists()


def test_only_the_state_and_the_named_changes_are_written(door, gate):
    gate.note = "not meant to be saved"

    move(gate, Door.SHUT, flow=door, actor=None)

    assert Gate.objects.get().note == ""


def test_a_flow_may_live_in_another_field(door, gate):
    Gate.objects.update(note="open")
    gate.refresh_from_db()

    move(gate, Door.SHUT, flow=door, actor=None, field="note")

    assert (Gate.objects.get().note, Gate.objects.get().status) == ("shut", "open")
    assert events().get().after == {"note": "shut"}


@pytest.mark.django_db(transaction=True)
def test_a_move_outside_a_transaction_is_refused(door):
    with tables(Gate):
        gate = Gate.objects.create()

        with pytest.raises(RuntimeError, match="transaction"):
            move(gate, Door.SHUT, flow=door, actor=None)

        assert Gate.objects.get().status == "open"


@pytest.mark.django_db(transaction=True)
def test_of_several_who_move_at_once_one_wins(door):
    outcomes = []
    start = threading.Barrier(8)

    def shut(pk):
        gate = Gate.objects.get(pk=pk)
        start.wait()
        try:
            with transaction.atomic():
                move(gate, Door.SHUT, flow=door, actor=None)
            outcomes.append("moved")
        except InvalidTransitionError as refusal:
            outcomes.append(refusal.current)
        finally:
            connection.close()

    with tables(Gate):
        gate = Gate.objects.create()
        threads = [threading.Thread(target=shut, args=(gate.pk,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sorted(outcomes) == ["moved"] + ["shut"] * 7
    assert events().count() == 1


def test_flows_are_declared_where_they_are_looked_for():
    sources = (
        path
        for app in ("accounts", "catalog", "messaging", "bookings")
        for path in (settings.BASE_DIR / app).rglob("*.py")
        if "tests" not in path.parts
    )

    declaring = {path.name for path in sources if re.search(r"\bFlow\(", path.read_text())}

    assert declaring <= {"flows.py"}


def test_the_page_of_flows_is_up_to_date():
    assert flow_docs_path().read_text(encoding="utf-8") == flow_docs(), "run manage.py draw_flows"


def test_the_command_draws_and_checks_the_page(door, monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)
    (tmp_path / "docs").mkdir()
    out = io.StringIO()

    with pytest.raises(CommandError, match="out of date"):
        call_command("draw_flows", check=True, stdout=out)
    call_command("draw_flows", stdout=out)
    call_command("draw_flows", check=True, stdout=out)

    page = (tmp_path / "docs" / "flows.md").read_text()
    assert page.startswith("# States\n\nDrawn by")
    assert "## config.gate\n\n```mermaid\nstateDiagram-v2\n    [*] --> open\n" in page
    assert "Drew 1 flows" in out.getvalue()
