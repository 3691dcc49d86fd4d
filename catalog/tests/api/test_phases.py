"""Phases in the API: what everybody reads, what the site writes, and who is refused."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.choices import MembershipRole
from accounts.tests.clients import client_of
from accounts.tests.factories.organizations import seated
from accounts.tests.factories.people import UserFactory
from catalog.models import ProgressPhase
from catalog.tests.factories.construction import PhaseFactory, evidence_of, site_engineer
from catalog.tests.factories.homes import DevelopmentFactory
from config.shared.clock import database_now

pytestmark = pytest.mark.django_db

PHASES = "/api/v1/phases/"


@pytest.fixture
def development():
    return DevelopmentFactory()


@pytest.fixture
def engineer(development):
    return site_engineer(development)


def progress_of(development):
    return f"/api/v1/developments/{development.pk}/progress/"


def page(phase):
    return f"{PHASES}{phase.pk}/"


@pytest.mark.capability("R24", "R25")
def test_a_phase_from_its_plan_to_its_correction(development, engineer, api):
    site = client_of(engineer)
    plan = {"name": "Structure", "weight": "30", "planned_end": "2026-12-31"}

    planned = site.post(progress_of(development), plan)
    address = f"{PHASES}{planned.data['id']}/"
    PhaseFactory(development=development, actor=engineer, name="Finishes", weight=Decimal(10))
    started = site.post(f"{address}start/", {"actual_start": "2026-03-09"})
    measured = site.post(f"{address}progress/", {"percent": "80"})
    silent = site.post(f"{address}progress/", {"percent": "50"})
    corrected = site.post(f"{address}progress/", {"percent": "50", "reason": "Counted twice."})
    held = site.post(f"{address}hold/", {"reason": "No steel"})
    resumed = site.post(f"{address}resume/", {})
    delayed = site.post(f"{address}delay/", {"reason": "Rain"})
    site.post(f"{address}resume/", {})
    photo = evidence_of(engineer)
    completed = site.post(f"{address}complete/", {"evidence": [str(photo.pk)]})
    whole = api.get(progress_of(development))
    reopened = site.post(f"{address}reopen/", {"reason": "Cracks", "percent": "90"})

    assert (planned.status_code, planned.data["status"]) == (201, "planned")
    assert (planned.data["order"], planned.data["percent"]) == (1, "0.00")
    assert (started.data["status"], started.data["actual_start"]) == ("in_progress", "2026-03-09")
    assert measured.data["percent"] == "80.00"
    assert (silent.status_code, silent.data["errors"][0]["pointer"]) == (400, "/reason")
    assert corrected.data["corrected_reason"] == "Counted twice."
    assert [answer.data["status"] for answer in (held, resumed, delayed)] == [
        "on_hold",
        "in_progress",
        "delayed",
    ]
    assert (completed.status_code, completed.data["percent"]) == (200, "100.00")
    assert completed.data["evidence"][0]["id"] == str(photo.pk)
    assert whole.data["percent_built"] == "75.00"
    assert [phase["name"] for phase in whole.data["phases"]] == ["Structure", "Finishes"]
    assert (reopened.data["status"], reopened.data["percent"]) == ("in_progress", "90.00")


@pytest.mark.capability("R24")
def test_evidence_is_opened_by_who_is_signed_in(development, engineer, api):
    phase = PhaseFactory(development=development, actor=engineer, completed=True)
    phase.evidence.update(renditions={"320": {"key": "a", "size": 1}})

    stranger = client_of(UserFactory()).get(page(phase))
    nobody = api.get(page(phase))

    assert "token=" in stranger.data["evidence"][0]["links"]["320"]
    assert nobody.data["evidence"][0]["links"] == {}


@pytest.mark.capability("R24")
def test_a_phase_is_late_once_its_last_day_is_over(development, engineer, api):
    today = database_now().date()
    late = PhaseFactory(
        development=development, actor=engineer, planned_end=today - timedelta(days=2)
    )
    PhaseFactory(development=development, actor=engineer, planned_end=today + timedelta(days=2))
    PhaseFactory(development=development, actor=engineer)
    done = PhaseFactory(
        development=development,
        actor=engineer,
        completed=True,
        planned_end=today - timedelta(days=2),
    )

    phases = api.get(progress_of(development)).data["phases"]

    assert [phase["is_late"] for phase in phases] == [True, False, False, False]
    assert api.get(page(late)).data["is_late"] is True
    assert api.get(page(done)).data["is_late"] is False


@pytest.mark.capability("R24")
def test_what_is_planned_is_changed_by_nobody_who_has_not_seen_it(development, engineer):
    phase = PhaseFactory(development=development, actor=engineer, name="Piling")
    site = client_of(engineer)
    seen = site.get(page(phase))

    changed = site.patch(page(phase), {"name": "Raft"}, HTTP_IF_MATCH=seen["ETag"])
    stale = site.patch(page(phase), {"name": "Slab"}, HTTP_IF_MATCH=seen["ETag"])
    ignored = site.patch(page(phase), {"percent": "90", "status": "completed"})

    assert (changed.status_code, changed.data["name"]) == (200, "Raft")
    assert stale.status_code == 412
    assert (ignored.data["percent"], ignored.data["status"]) == ("0.00", "planned")
    assert ProgressPhase.objects.get().name == "Raft"


@pytest.mark.capability("R25")
def test_another_weight_takes_a_reason_once_work_has_begun(development, engineer):
    phase = PhaseFactory(development=development, actor=engineer, in_progress=True)
    site = client_of(engineer)

    silent = site.patch(page(phase), {"weight": "5"})
    explained = site.patch(page(phase), {"weight": "5", "reason": "Tendered anew."})

    assert (silent.status_code, silent.data["errors"][0]["pointer"]) == (400, "/reason")
    assert (explained.status_code, explained.data["weight"]) == (200, "5.00")


@pytest.mark.capability("R24")
@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"name": "piling"}, "/name", "phase_exists"),
        ({"name": ""}, "/name", "blank"),
        ({"weight": "0"}, "/weight", "weight_range"),
        ({"weight": "1001"}, "/weight", "weight_range"),
        ({"weight": None}, "/weight", "null"),
        ({"order": -1}, "/order", "min_value"),
        (
            {"planned_start": "2027-01-01", "planned_end": "2026-01-01"},
            "",
            "planned_dates_reversed",
        ),
        ({"planned_end": "soon"}, "/planned_end", "invalid"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_where_it_stands(
    development, engineer, change, pointer, code
):
    PhaseFactory(development=development, actor=engineer, name="Piling")

    response = client_of(engineer).post(
        progress_of(development), {"name": "Structure", "weight": "30", **change}
    )

    assert response.status_code == 400
    error = response.data["errors"][0]
    assert (error["pointer"], error["code"]) == (pointer, code)
    assert ProgressPhase.objects.count() == 1


@pytest.mark.capability("R25")
@pytest.mark.parametrize("percent", ["100.01", "-1", "1e9", "NaN", "half", None])
def test_no_percent_beyond_its_bounds_is_taken(development, engineer, percent):
    phase = PhaseFactory(development=development, actor=engineer, in_progress=True)

    response = client_of(engineer).post(
        f"{page(phase)}progress/", {"percent": percent, "reason": "Why not"}
    )

    assert (response.status_code, response.data["errors"][0]["pointer"]) == (400, "/percent")
    assert ProgressPhase.objects.get().percent == 0


@pytest.mark.capability("R24", "R35")
def test_evidence_of_others_is_not_there_at_all(development, engineer):
    phase = PhaseFactory(development=development, actor=engineer, in_progress=True)
    site = client_of(engineer)
    foreign = evidence_of(UserFactory())

    answers = [
        site.post(f"{page(phase)}complete/", {"evidence": evidence})
        for evidence in ([], [str(foreign.pk)], "x", None)
    ]

    assert [answer.status_code for answer in answers] == [400] * 4
    assert ProgressPhase.objects.get().status == "in_progress"


@pytest.mark.capability("R24")
def test_a_state_that_does_not_fit_is_a_409_that_says_what_does(development, engineer):
    phase = PhaseFactory(development=development, actor=engineer)

    response = client_of(engineer).post(f"{page(phase)}hold/", {"reason": "Rain"})

    assert (response.status_code, response.data["code"]) == (409, "invalid_transition")
    assert (response.data["current"], response.data["allowed"]) == ("planned", ["in_progress"])


@pytest.mark.capability("R24")
def test_who_does_not_work_on_the_site_reads_only(development, engineer, api):
    phase = PhaseFactory(development=development, actor=engineer, in_progress=True)
    before = ProgressPhase.objects.values().get()
    verbs = ["progress", "start", "hold", "delay", "resume", "reopen"]
    body = {"percent": "50", "reason": "Because", "name": "X", "weight": "1"}
    others = [UserFactory(), seated(development.builder, MembershipRole.SALES)]

    for other in others:
        client = client_of(other)
        assert client.get(page(phase)).status_code == 200
        assert client.post(progress_of(development), body).status_code == 403
        assert client.patch(page(phase), body).status_code == 403
        photo = {"evidence": [str(evidence_of(other).pk)]}
        assert client.post(f"{page(phase)}complete/", photo).status_code == 403
        for verb in verbs:
            assert client.post(f"{page(phase)}{verb}/", body).status_code == 403
    assert api.post(progress_of(development), body).status_code == 401
    assert api.post(f"{page(phase)}start/", body).status_code == 401
    assert ProgressPhase.objects.values().get() == before


@pytest.mark.capability("R24")
def test_phases_of_what_is_not_launched_are_for_the_builder(api):
    development = DevelopmentFactory(planning=True)
    engineer = site_engineer(development)
    phase = PhaseFactory(development=development, actor=engineer)
    stranger = client_of(UserFactory())

    for client in (api, stranger):
        assert client.get(page(phase)).status_code == 404
        assert client.get(progress_of(development)).status_code == 404
    assert stranger.post(progress_of(development), {"name": "X"}).status_code == 404
    assert stranger.post(f"{page(phase)}start/", {}).status_code == 404
    assert client_of(engineer).get(page(phase)).status_code == 200


@pytest.mark.capability("R24")
def test_progress_costs_the_same_however_many_phases_there_are(
    development, engineer, api, assert_constant_queries
):
    address = f"/api/v1/developments/{development.pk}/progress/"
    assert_constant_queries(
        lambda: api.get(address),
        lambda: PhaseFactory(development=development, actor=engineer, completed=True),
    )
    assert len(api.get(address).data["phases"]) == 6
    assert api.get(f"{address}?page=2").status_code == 400
