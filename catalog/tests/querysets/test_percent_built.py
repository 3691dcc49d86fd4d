"""How far a development has come: the weighted mean over all its phases."""

from decimal import ROUND_DOWN, Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.models import Development, ProgressPhase
from catalog.tests.factories.construction import PhaseFactory
from catalog.tests.factories.homes import DevelopmentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.capability("R24")]

WEIGHTS = st.decimals(min_value="0.01", max_value=1000, places=2)
PERCENTS = st.decimals(min_value=0, max_value=100, places=2)


def built(development):
    return Development.objects.with_percent_built().get(pk=development.pk).percent_built


def test_phases_that_have_not_begun_count_with_nothing():
    development = DevelopmentFactory()
    for weight, percent in ((20, "50"), (30, "0")):
        PhaseFactory(
            development=development, weight=Decimal(weight), in_progress=True, percent=percent
        )
    PhaseFactory(development=development, weight=Decimal(50))
    PhaseFactory(completed=True)

    assert built(development) == Decimal("10.00")


def test_a_development_without_phases_is_not_built_at_all():
    assert built(DevelopmentFactory()) == 0


def test_a_development_is_built_only_once_every_phase_is_done():
    development = DevelopmentFactory()
    PhaseFactory(development=development, weight=Decimal(1000), completed=True)
    last = PhaseFactory(
        development=development, weight=Decimal("0.01"), in_progress=True, percent="99.99"
    )

    assert built(development) == Decimal("99.99")

    ProgressPhase.objects.filter(pk=last.pk).update(percent=100)
    assert built(development) == 100


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(phases=st.lists(st.tuples(WEIGHTS, PERCENTS), min_size=1, max_size=8))
def test_percent_built_is_the_weighted_mean_of_any_phases(development, phases):
    ProgressPhase.objects.all().delete()
    ProgressPhase.objects.bulk_create(
        ProgressPhase(development=development, name=str(place), weight=weight, percent=percent)
        for place, (weight, percent) in enumerate(phases)
    )

    found = built(development)

    exact = sum(weight * percent for weight, percent in phases) / sum(
        weight for weight, _ in phases
    )
    percents = [percent for _, percent in phases]
    assert found == exact.quantize(Decimal("0.01"), rounding=ROUND_DOWN)
    assert 0 <= found <= 100
    assert found <= max(percents)
    assert (found == 100) == all(percent == 100 for percent in percents)


@pytest.fixture
def development():
    return DevelopmentFactory()
