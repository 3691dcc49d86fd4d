"""The stages of a development: which follow, what they bring, and what stands against them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from accounts.models import AuditEvent
from accounts.tests.factories.organizations import owner_of
from catalog.choices import UnitStatus
from catalog.homes_exceptions import DevelopmentClosedError, LiveClaimsError
from catalog.models import Development
from catalog.services import hooks
from catalog.services.development_moves import (
    advance_development,
    archive_development,
    delete_development,
    pause_selling,
    start_selling,
)
from catalog.services.developments import update_development
from catalog.services.unit_claims import shadow_unit
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory
from config.shared.clock import database_now
from config.shared.errors import ConflictError, InvalidInputError, InvalidTransitionError

pytestmark = pytest.mark.django_db


def advance(development, target):
    actor = owner_of(development.builder)
    return advance_development(development=development, actor=actor, target=target)


@pytest.fixture
def told(monkeypatch):
    """What the hook that a development is ready was called with."""
    calls = []
    monkeypatch.setattr(
        hooks.development_ready, "_functions", [lambda **arguments: calls.append(arguments)]
    )
    return calls


@pytest.mark.capability("R02")
def test_a_development_goes_from_the_plan_to_the_keys(told):
    development = DevelopmentFactory(planning=True)

    for target in ("pre_launch", "selling", "under_construction"):
        development = advance(development, target)
    development = start_selling(development=development, actor=owner_of(development.builder))
    assert told == []
    ready = advance(development, "ready")
    assert (ready.status, ready.is_selling) == ("ready", True)
    assert isinstance(ready.actual_completion, date)
    assert [(call["development"].pk, call["actor"]) for call in told] == [
        (ready.pk, owner_of(ready.builder))
    ]
    handed_over = advance(ready, "handed_over")

    handed_over.refresh_from_db()
    assert (handed_over.status, handed_over.is_selling) == ("handed_over", False)
    actions = AuditEvent.objects.about(development).values_list("action", flat=True)
    assert "catalog.development.ready" in actions


@pytest.mark.capability("R02")
@pytest.mark.parametrize("target", ["planning", "selling", "ready", "handed_over", "castle"])
def test_no_stage_is_left_out_or_gone_back_to(target):
    development = DevelopmentFactory(planning=True)

    with pytest.raises(InvalidTransitionError) as refused:
        advance(development, target)

    assert refused.value.allowed == ["archived", "pre_launch"]
    development.refresh_from_db()
    assert development.status == "planning"


@pytest.mark.capability("R02")
def test_a_hook_that_refuses_undoes_the_stage(monkeypatch):
    development = DevelopmentFactory(under_construction=True)

    def refuse(**arguments):
        raise ConflictError("Not yet")

    monkeypatch.setattr(hooks.development_ready, "_functions", [refuse])

    with pytest.raises(ConflictError, match="Not yet"):
        advance(development, "ready")

    development.refresh_from_db()
    assert (development.status, development.actual_completion) == ("under_construction", None)


@pytest.mark.capability("R02")
@pytest.mark.parametrize("trait", ["planning", "pre_launch", "handed_over", "archived"])
def test_only_what_is_launched_and_not_handed_over_is_on_sale(trait):
    development = DevelopmentFactory(**{trait: True})

    with pytest.raises(InvalidTransitionError):
        start_selling(development=development, actor=owner_of(development.builder))

    development.refresh_from_db()
    assert not development.is_selling


@pytest.mark.capability("R02")
def test_selling_is_paused_and_taken_up_again_by_itself():
    development = DevelopmentFactory()
    actor = owner_of(development.builder)

    paused = pause_selling(development=development, actor=actor)
    pause_selling(development=development, actor=actor)
    assert (paused.status, paused.is_selling) == ("selling", False)
    resumed = start_selling(development=development, actor=actor)

    assert resumed.is_selling
    events = AuditEvent.objects.about(development)
    assert events.filter(action="catalog.development.selling_paused").count() == 1


@pytest.mark.capability("R02", "R32")
@pytest.mark.parametrize("status", [UnitStatus.HELD, UnitStatus.RESERVED, UnitStatus.SOLD])
def test_nothing_is_put_away_while_somebody_has_a_unit(status):
    unit = UnitFactory()
    development, actor = unit.development, owner_of(unit.development.builder)
    shadow_unit(unit=unit, status=UnitStatus.HELD, until=database_now() + timedelta(minutes=5))
    for step in (UnitStatus.RESERVED, UnitStatus.SOLD):
        if unit.status != status:
            shadow_unit(unit=unit, status=step)

    for act in (
        lambda: archive_development(development=development, actor=actor, reason="x"),
        lambda: delete_development(development=development, actor=actor),
    ):
        with pytest.raises(LiveClaimsError) as refused:
            act()
        assert refused.value.extra["obstacles"] == ["Units that are held, booked or sold: 1."]

    development.refresh_from_db()
    assert (development.status, development.deleted_at) == ("selling", None)


@pytest.mark.capability("R02")
def test_what_higher_apps_have_against_it_is_listed(monkeypatch):
    development = DevelopmentFactory()
    sentences = ["Booking BK-2026-000001 is confirmed.", "Two people wait."]
    monkeypatch.setattr(
        hooks.archive_obstacles, "_functions", [lambda **arguments: sentences, lambda **_: None]
    )

    with pytest.raises(LiveClaimsError) as refused:
        archive_development(
            development=development, actor=owner_of(development.builder), reason="x"
        )

    assert refused.value.extra["obstacles"] == sentences


@pytest.mark.capability("R02", "R07")
def test_a_hold_that_has_lapsed_stands_against_nothing():
    unit = UnitFactory()
    actor = owner_of(unit.development.builder)
    shadow_unit(unit=unit, status=UnitStatus.HELD, until=database_now() - timedelta(seconds=1))

    archived = archive_development(development=unit.development, actor=actor, reason="Sold")

    assert (archived.status, archived.is_selling) == ("archived", False)


@pytest.mark.capability("R02")
def test_archiving_takes_a_reason_and_ends_all_changes():
    development = DevelopmentFactory()
    actor = owner_of(development.builder)

    with pytest.raises(InvalidInputError):
        archive_development(development=development, actor=actor, reason=" ")
    archive_development(development=development, actor=actor, reason="The land was sold")

    with pytest.raises(DevelopmentClosedError):
        update_development(development=development, actor=actor, changes={"name": "X"})
    with pytest.raises(DevelopmentClosedError):
        advance(development, "under_construction")
    assert Development.objects.get().name == development.name


@pytest.mark.capability("R02")
def test_the_currency_is_fixed_once_there_are_units():
    development = DevelopmentFactory()
    actor = owner_of(development.builder)
    update_development(development=development, actor=actor, changes={"currency": "USD"})
    UnitFactory(development=Development.objects.get(), price=Decimal("10.00"))

    with transaction.atomic(), pytest.raises(InvalidInputError, match="fixed"):
        update_development(development=development, actor=actor, changes={"currency": "AED"})

    assert Development.objects.get().currency == "USD"


@pytest.mark.capability("R02")
def test_two_developments_of_one_name_have_addresses_of_their_own():
    first = DevelopmentFactory(name="Marina Heights")
    second = DevelopmentFactory(name="Marina Heights")
    arabic = DevelopmentFactory(name="أبراج المارينا")

    assert first.slug == "marina-heights"
    assert second.slug == f"marina-heights-{second.pk.hex[-8:]}"
    assert arabic.slug == "development"
