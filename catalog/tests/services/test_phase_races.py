"""Acts on one phase, and phases of one development, in the same moment."""

from decimal import Decimal

import pytest

from catalog.construction_exceptions import TooManyPhasesError
from catalog.models import ProgressPhase
from catalog.services import hooks
from catalog.services import phases as service
from catalog.services.phases import complete_phase, create_phase, record_progress
from catalog.tests.factories.construction import PhaseFactory, evidence_of, site_engineer
from catalog.tests.factories.homes import DevelopmentFactory
from config.shared.errors import InvalidInputError, InvalidTransitionError
from config.tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.capability("R24", "R14")
def test_a_phase_is_completed_once_and_told_once(monkeypatch):
    calls = []
    monkeypatch.setattr(hooks.phase_completed, "_functions", [])
    hooks.phase_completed.register(lambda **given: calls.append(given["phase"].pk))
    phase = PhaseFactory(in_progress=True)
    engineers = [site_engineer(phase.development) for _ in range(4)]
    photos = [evidence_of(engineer) for engineer in engineers]

    results = race(
        *(
            lambda who=who, photo=photo: complete_phase(phase=phase, actor=who, evidence=[photo])
            for who, photo in zip(engineers, photos, strict=True)
        )
    )

    phase.refresh_from_db()
    assert sum(isinstance(result, ProgressPhase) for result in results) == 1
    assert sum(isinstance(result, InvalidTransitionError) for result in results) == 3
    assert (phase.status, phase.evidence.count()) == ("completed", 1)
    assert calls == [phase.pk]


@pytest.mark.capability("R25")
def test_of_two_measurements_at_once_none_goes_back_unseen():
    phase = PhaseFactory(in_progress=True)
    engineer = site_engineer(phase.development)

    results = race(
        *(
            lambda percent=percent: record_progress(
                phase=phase, actor=engineer, percent=Decimal(percent)
            )
            for percent in (80, 20, 60, 40)
        )
    )

    phase.refresh_from_db()
    assert phase.percent == 80
    refused = [result for result in results if not isinstance(result, ProgressPhase)]
    assert all(isinstance(result, InvalidInputError) for result in refused)


@pytest.mark.capability("R24")
def test_phases_that_are_planned_at_once_count_each_other(monkeypatch):
    monkeypatch.setattr(service, "MAX_PHASES", 2)
    development = DevelopmentFactory()
    engineer = site_engineer(development)

    results = race(
        *(
            lambda name=name: create_phase(
                actor=engineer, development=development, values={"name": name, "weight": 1}
            )
            for name in ("Piling", "Structure", "Finishes")
        )
    )

    assert sum(isinstance(result, TooManyPhasesError) for result in results) == 1
    assert sorted(development.phases.values_list("order", flat=True)) == [1, 2]
