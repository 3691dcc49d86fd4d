"""Completing phases with evidence, taking that back, and changing what is planned."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import AuditEvent
from accounts.tests.factories.people import UserFactory
from catalog.choices import DevelopmentStatus
from catalog.homes_exceptions import DevelopmentClosedError
from catalog.models import Development, ProgressPhase
from catalog.services import hooks
from catalog.services.phases import complete_phase, reopen_phase, start_phase, update_phase
from catalog.tests.factories.construction import PhaseFactory, evidence_of, site_engineer
from catalog.tests.factories.homes import DevelopmentFactory
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError, MissingError

pytestmark = pytest.mark.django_db


@pytest.fixture
def development():
    return DevelopmentFactory()


@pytest.fixture
def engineer(development):
    return site_engineer(development)


@pytest.fixture
def phase(development, engineer):
    return PhaseFactory(development=development, actor=engineer, in_progress=True, percent="90")


def listening(hook):
    """What a hook was called with, from here on."""
    calls = []
    hook.register(lambda **given: calls.append(given))
    return calls


@pytest.fixture(autouse=True)
def _own_hooks(monkeypatch):
    """Only the functions of a test listen, and they are gone after it."""
    for hook in (hooks.phase_completed, hooks.phase_reopened):
        monkeypatch.setattr(hook, "_functions", [])


@pytest.mark.capability("R24", "R14")
def test_who_waits_for_a_phase_hears_of_its_end_in_the_same_transaction(phase, engineer):
    calls = listening(hooks.phase_completed)

    done = complete_phase(phase=phase, actor=engineer, evidence=[evidence_of(engineer)])

    (call,) = calls
    assert (call["phase"], call["actor"]) == (done, engineer)
    assert call["phase"].status == "completed"
    assert call["now"].tzinfo is not None


@pytest.mark.capability("R24", "R14")
def test_a_phase_is_not_completed_if_what_waits_for_it_cannot_be_done(phase, engineer):
    def fail(**given):
        raise RuntimeError("No.")

    hooks.phase_completed.register(fail)
    photo = evidence_of(engineer)

    with pytest.raises(RuntimeError):
        complete_phase(phase=phase, actor=engineer, evidence=[photo])

    phase.refresh_from_db()
    photo.refresh_from_db()
    assert (phase.status, phase.percent, phase.actual_end) == ("in_progress", 90, None)
    assert (photo.target_id, phase.evidence.count()) == (None, 0)


@pytest.mark.capability("R24", "R35")
@pytest.mark.parametrize(
    "trait",
    [
        {"status": "uploaded"},
        {"kind": "video"},
        {"purpose": "avatar"},
        {"target_type": "catalog.unit", "target_id": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"},
    ],
    ids=["unchecked", "film", "purpose", "taken"],
)
def test_evidence_is_a_checked_picture_or_document_of_ones_own(phase, engineer, trait):
    calls = listening(hooks.phase_completed)
    good, foreign = evidence_of(engineer), evidence_of(UserFactory())

    for evidence in ([good, evidence_of(engineer, **trait)], [good, foreign]):
        with pytest.raises(InvalidInputError) as refused:
            complete_phase(phase=phase, actor=engineer, evidence=evidence)
        assert refused.value.errors[0].pointer == "/evidence/1"
    with pytest.raises(InvalidInputError) as missing:
        complete_phase(phase=phase, actor=engineer, evidence=[])

    assert missing.value.errors[0].pointer == "/evidence"
    phase.refresh_from_db()
    good.refresh_from_db()
    assert (phase.status, phase.percent) == ("in_progress", 90)
    assert (good.target_id, phase.evidence.count(), calls) == (None, 0, [])


@pytest.mark.capability("R24", "R25")
def test_a_completion_is_taken_back_with_a_reason_and_told(phase, engineer):
    complete_phase(phase=phase, actor=engineer, evidence=[evidence_of(engineer)])
    calls = listening(hooks.phase_reopened)

    reopened = reopen_phase(
        phase=phase, actor=engineer, reason="Cracks in the slab.", percent=Decimal(80)
    )

    reopened.refresh_from_db()
    assert (reopened.status, reopened.percent) == ("in_progress", 80)
    assert (reopened.actual_end, reopened.corrected_reason) == (None, "Cracks in the slab.")
    assert reopened.evidence.count() == 1
    (call,) = calls
    assert (call["phase"], call["reason"]) == (reopened, "Cracks in the slab.")
    latest = AuditEvent.objects.about(phase)[0]
    assert (latest.action, latest.reason) == (
        "catalog.progressphase.in_progress",
        "Cracks in the slab.",
    )
    again = complete_phase(phase=phase, actor=engineer, evidence=[evidence_of(engineer)])
    assert (again.percent, again.evidence.count()) == (100, 2)


@pytest.mark.capability("R25")
def test_a_completion_is_not_taken_back_silently(phase, engineer):
    complete_phase(phase=phase, actor=engineer, evidence=[evidence_of(engineer)])
    calls = listening(hooks.phase_reopened)

    for reason, percent in ((" ", "80"), ("Cracks", "100"), ("Cracks", "-1")):
        with pytest.raises(InvalidInputError):
            reopen_phase(phase=phase, actor=engineer, reason=reason, percent=Decimal(percent))

    phase.refresh_from_db()
    assert (phase.status, phase.percent, calls) == ("completed", 100, [])


@pytest.mark.capability("R24")
def test_what_is_planned_can_be_changed_and_is_written_down(phase, engineer):
    changed = update_phase(
        phase=phase,
        actor=engineer,
        changes={
            "name": "Raft foundation",
            "description": "Two metres of concrete.",
            "planned_end": date(2027, 3, 31),
            "percent": Decimal(99),
            "status": "completed",
        },
    )

    changed.refresh_from_db()
    assert (changed.name, changed.planned_end) == ("Raft foundation", date(2027, 3, 31))
    assert (changed.percent, changed.status) == (90, "in_progress")
    event = AuditEvent.objects.get(action="catalog.progressphase.changed")
    assert event.after == {"name": "Raft foundation", "planned_end": "2027-03-31"}


@pytest.mark.capability("R25")
def test_work_that_has_begun_weighs_no_less_without_a_reason(phase, engineer):
    with pytest.raises(InvalidInputError) as refused:
        update_phase(phase=phase, actor=engineer, changes={"weight": Decimal(1)})
    assert refused.value.errors[0].pointer == "/reason"
    assert ProgressPhase.objects.get().weight == 10

    update_phase(
        phase=phase, actor=engineer, changes={"weight": Decimal(1)}, reason="Tendered anew."
    )

    assert ProgressPhase.objects.get().weight == 1
    event = AuditEvent.objects.get(action="catalog.progressphase.changed")
    assert (event.before, event.reason) == ({"weight": "10.00"}, "Tendered anew.")


@pytest.mark.capability("R24")
def test_what_is_merely_planned_weighs_what_it_should(development, engineer):
    planned = PhaseFactory(development=development, actor=engineer)

    update_phase(phase=planned, actor=engineer, changes={"weight": Decimal(30)})
    update_phase(phase=planned, actor=engineer, changes={"weight": Decimal(30)})

    assert ProgressPhase.objects.get().weight == 30
    assert AuditEvent.objects.filter(action="catalog.progressphase.changed").count() == 1


@pytest.mark.capability("R24")
def test_what_was_put_away_or_deleted_is_built_no_further(development, engineer):
    phase = PhaseFactory(development=development, actor=engineer)

    Development.objects.update(status=DevelopmentStatus.ARCHIVED, is_selling=False)
    with pytest.raises(DevelopmentClosedError):
        start_phase(phase=phase, actor=engineer)
    Development.objects.update(deleted_at=database_now())
    with pytest.raises(MissingError):
        start_phase(phase=phase, actor=engineer)

    phase.refresh_from_db()
    assert phase.status == "planned"
