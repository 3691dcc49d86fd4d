"""Phases of construction: planning, measuring, correcting, completing, and who is refused."""

from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Permission

from accounts.choices import MembershipRole
from accounts.models import AuditEvent
from accounts.tests.factories.organizations import seated
from accounts.tests.factories.people import UserFactory
from catalog.construction_exceptions import TooManyPhasesError
from catalog.models import ProgressPhase
from catalog.services import phases as service
from catalog.services.phases import (
    complete_phase,
    create_phase,
    delay_phase,
    hold_phase,
    record_progress,
    reopen_phase,
    resume_phase,
    start_phase,
    update_phase,
)
from catalog.tests.factories.construction import PhaseFactory, evidence_of, site_engineer
from catalog.tests.factories.homes import DevelopmentFactory
from config.shared.clock import database_now
from config.shared.errors import (
    InvalidInputError,
    InvalidTransitionError,
    NotAllowedError,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def development():
    return DevelopmentFactory(time_zone="Asia/Dubai")


@pytest.fixture
def engineer(development):
    return site_engineer(development)


def today(zone="Asia/Dubai"):
    return database_now().astimezone(ZoneInfo(zone)).date()


def told(phase):
    return [event.action for event in AuditEvent.objects.about(phase)]


@pytest.mark.capability("R24")
def test_a_phase_is_planned_and_comes_last(development, engineer):
    first = create_phase(
        actor=engineer, development=development, values={"name": "Piling", "weight": Decimal(20)}
    )
    second = create_phase(
        actor=engineer,
        development=development,
        values={"name": "Structure", "weight": Decimal(50), "planned_end": date(2027, 6, 30)},
    )

    assert (first.order, second.order) == (1, 2)
    assert (second.status, second.percent, second.actual_start) == ("planned", 0, None)
    event = AuditEvent.objects.about(second).get()
    assert (event.action, event.actor) == ("catalog.progressphase.created", engineer)
    assert event.after == {
        "name": "Structure",
        "order": 2,
        "weight": "50",
        "planned_end": "2027-06-30",
    }


@pytest.mark.capability("R24")
def test_a_development_has_only_so_many_phases(development, engineer, monkeypatch):
    monkeypatch.setattr(service, "MAX_PHASES", 1)
    PhaseFactory(development=development, actor=engineer)

    with pytest.raises(TooManyPhasesError):
        PhaseFactory(development=development, actor=engineer)

    assert ProgressPhase.objects.count() == 1


@pytest.mark.capability("R24")
def test_from_the_plan_to_the_end_of_a_phase(development, engineer):
    phase = PhaseFactory(development=development, actor=engineer)

    started = start_phase(phase=phase, actor=engineer, actual_start=today() - timedelta(days=9))
    record_progress(phase=started, actor=engineer, percent=Decimal("40.5"))
    hold_phase(phase=phase, actor=engineer, reason=" No steel. ")
    resume_phase(phase=phase, actor=engineer)
    delay_phase(phase=phase, actor=engineer, reason="Rain")
    record_progress(phase=phase, actor=engineer, percent=Decimal(100))
    resume_phase(phase=phase, actor=engineer, reason="Dry again")
    photo = evidence_of(engineer)
    done = complete_phase(phase=phase, actor=engineer, evidence=[photo])

    done.refresh_from_db()
    photo.refresh_from_db()
    assert (done.status, done.percent, done.corrected_reason) == ("completed", 100, "")
    assert (done.actual_start, done.actual_end) == (today() - timedelta(days=9), today())
    assert list(done.evidence.all()) == [photo]
    assert (photo.target_id, photo.is_private) == (done.pk, True)
    assert told(phase) == [
        "catalog.progressphase.completed",
        "catalog.progressphase.in_progress",
        "catalog.progressphase.progressed",
        "catalog.progressphase.delayed",
        "catalog.progressphase.in_progress",
        "catalog.progressphase.on_hold",
        "catalog.progressphase.progressed",
        "catalog.progressphase.in_progress",
        "catalog.progressphase.created",
    ]
    assert AuditEvent.objects.get(action="catalog.progressphase.on_hold").reason == "No steel."


@pytest.mark.capability("R24")
def test_days_are_those_where_the_building_stands():
    phase = PhaseFactory(development=DevelopmentFactory(time_zone="Pacific/Kiritimati"))

    started = start_phase(phase=phase, actor=site_engineer(phase.development))

    assert started.actual_start == today("Pacific/Kiritimati")


@pytest.mark.capability("R25")
def test_less_than_before_takes_a_written_reason(engineer, development):
    phase = PhaseFactory(development=development, actor=engineer, in_progress=True, percent="60.00")

    for reason in ("", "  "):
        with pytest.raises(InvalidInputError) as refused:
            record_progress(phase=phase, actor=engineer, percent=Decimal(40), reason=reason)
        assert refused.value.errors[0].code == "correction_needs_reason"
    phase.refresh_from_db()
    assert (phase.percent, phase.corrected_reason) == (60, "")

    corrected = record_progress(
        phase=phase, actor=engineer, percent=Decimal(40), reason="Counted a floor twice."
    )

    corrected.refresh_from_db()
    assert (corrected.percent, corrected.corrected_reason) == (40, "Counted a floor twice.")
    event = AuditEvent.objects.get(action="catalog.progressphase.corrected")
    assert (event.before, event.after) == ({"percent": "60.00"}, {"percent": "40.00"})
    assert event.reason == "Counted a floor twice."


@pytest.mark.capability("R25")
@pytest.mark.parametrize("percent", ["100.01", "-0.01", "1000", "NaN"])
def test_percent_is_from_0_to_100(engineer, development, percent):
    phase = PhaseFactory(development=development, actor=engineer, in_progress=True)

    with pytest.raises(InvalidInputError) as refused:
        record_progress(phase=phase, actor=engineer, percent=Decimal(percent), reason="Why not")

    phase.refresh_from_db()
    assert (refused.value.errors[0].pointer, phase.percent) == ("/percent", 0)


@pytest.mark.capability("R25")
@pytest.mark.parametrize("status", ["planned", "completed"])
def test_only_what_has_begun_is_measured(engineer, development, status):
    phase = PhaseFactory(development=development, actor=engineer, status=status)
    before = phase.percent

    with pytest.raises(InvalidTransitionError):
        record_progress(phase=phase, actor=engineer, percent=Decimal(50), reason="Correction")

    phase.refresh_from_db()
    assert (phase.status, phase.percent) == (status, before)


@pytest.mark.capability("R24")
@pytest.mark.parametrize(
    ("act", "states"),
    [
        (start_phase, {"planned"}),
        (lambda **given: hold_phase(**given, reason="No steel"), {"in_progress"}),
        (lambda **given: delay_phase(**given, reason="Rain"), {"in_progress"}),
        (resume_phase, {"on_hold", "delayed"}),
        (
            lambda **given: complete_phase(**given, evidence=[evidence_of(given["actor"])]),
            {"in_progress"},
        ),
        (
            lambda **given: reopen_phase(**given, reason="Cracks", percent=Decimal(80)),
            {"completed"},
        ),
    ],
    ids=["start", "hold", "delay", "resume", "complete", "reopen"],
)
def test_each_act_fits_its_states_only(engineer, development, act, states):
    for status in {"planned", "in_progress", "on_hold", "delayed", "completed"} - states:
        phase = PhaseFactory(development=development, actor=engineer, status=status)
        before = ProgressPhase.objects.values().get(pk=phase.pk)

        with pytest.raises(InvalidTransitionError) as refused:
            act(phase=phase, actor=engineer)

        assert refused.value.current == status
        assert ProgressPhase.objects.values().get(pk=phase.pk) == before


@pytest.mark.capability("R24")
@pytest.mark.parametrize("act", [hold_phase, delay_phase])
def test_work_does_not_stop_without_a_reason(engineer, development, act):
    phase = PhaseFactory(development=development, actor=engineer, in_progress=True)

    with pytest.raises(InvalidInputError):
        act(phase=phase, actor=engineer, reason=" ")

    phase.refresh_from_db()
    assert phase.status == "in_progress"


@pytest.mark.capability("R24")
def test_nothing_begins_or_ends_tomorrow_or_before_its_beginning(engineer, development):
    planned = PhaseFactory(development=development, actor=engineer)
    begun = PhaseFactory(development=development, actor=engineer, in_progress=True)
    tomorrow, yesterday = today() + timedelta(days=1), today() - timedelta(days=1)
    evidence = [evidence_of(engineer)]

    with pytest.raises(InvalidInputError) as early:
        start_phase(phase=planned, actor=engineer, actual_start=tomorrow)
    with pytest.raises(InvalidInputError) as late:
        complete_phase(phase=begun, actor=engineer, evidence=evidence, actual_end=tomorrow)
    with pytest.raises(InvalidInputError) as reversed_dates:
        complete_phase(phase=begun, actor=engineer, evidence=evidence, actual_end=yesterday)

    codes = [error.value.errors[0].code for error in (early, late, reversed_dates)]
    assert codes == ["in_the_future", "in_the_future", "actual_dates_reversed"]
    assert set(ProgressPhase.objects.values_list("status", flat=True)) == {
        "planned",
        "in_progress",
    }


@pytest.mark.capability("R24", "R25")
def test_strangers_and_other_roles_change_no_phase(development, engineer):
    phase = PhaseFactory(development=development, actor=engineer, in_progress=True, percent="10")
    before = ProgressPhase.objects.values().get()
    others = [
        UserFactory(),
        seated(development.builder, MembershipRole.SALES),
        seated(development.builder, MembershipRole.FINANCE),
        site_engineer(DevelopmentFactory()),
        UserFactory(staff=True),
    ]

    for other in others:
        for act in (
            lambda who: create_phase(
                actor=who, development=development, values={"name": "X", "weight": Decimal(1)}
            ),
            lambda who: update_phase(phase=phase, actor=who, changes={"name": "X"}),
            lambda who: record_progress(phase=phase, actor=who, percent=Decimal(90)),
            lambda who: hold_phase(phase=phase, actor=who, reason="Because"),
            lambda who: complete_phase(phase=phase, actor=who, evidence=[evidence_of(who)]),
        ):
            with pytest.raises(NotAllowedError):
                act(other)

    assert ProgressPhase.objects.values().get() == before


@pytest.mark.capability("R24")
def test_owners_administrators_and_staff_write_of_the_site(development):
    for person in (
        seated(development.builder, MembershipRole.ADMIN),
        staff_with_permission(),
    ):
        assert PhaseFactory(development=development, actor=person).development == development


def staff_with_permission():
    person = UserFactory(staff=True)
    person.user_permissions.add(Permission.objects.get(codename="manage_development"))
    return person
