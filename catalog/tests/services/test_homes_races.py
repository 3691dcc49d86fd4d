"""Several people act on one development in the same moment."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from accounts.tests.factories.organizations import owner_of
from catalog.choices import UnitStatus
from catalog.homes_exceptions import LiveClaimsError, UnitsExistError
from catalog.models import Unit
from catalog.services.development_moves import archive_development, delete_development
from catalog.services.unit_bulk import Layout, add_units
from catalog.services.unit_claims import shadow_unit
from catalog.services.units import block_unit, create_unit
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory
from config.shared.clock import database_now
from config.shared.errors import ConflictError, InvalidTransitionError
from config.shared.locks import lock
from config.tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

LAYOUT = Layout(
    blocks=["A"],
    floors=range(1, 21),
    types=[{"unit_type": "studio", "price": Decimal("500000.00"), "count": 5}],
    number_pattern="{floor}{position:02}",
)


@pytest.mark.capability("R04")
def test_of_two_calls_that_make_the_same_units_one_makes_them():
    development = DevelopmentFactory()
    actor = owner_of(development.builder)

    results = race(
        *(lambda: add_units(development=development, actor=actor, layout=LAYOUT) for _ in range(4))
    )

    assert sum(isinstance(result, UnitsExistError) for result in results) == 3
    assert Unit.objects.count() == 100


@pytest.mark.capability("R02", "R06")
def test_a_development_is_put_away_or_a_unit_of_it_is_held_never_both():
    unit = UnitFactory()
    development, actor = unit.development, owner_of(unit.development.builder)

    @transaction.atomic
    def hold():
        home, fresh = lock(development, unit)
        if not home.is_selling:
            raise ConflictError
        until = database_now() + timedelta(minutes=15)
        return shadow_unit(unit=fresh, status=UnitStatus.HELD, until=until)

    results = race(
        hold, lambda: archive_development(development=development, actor=actor, reason="Sold")
    )

    development.refresh_from_db()
    unit.refresh_from_db()
    assert sum(isinstance(result, ConflictError) for result in results) == 1
    assert (development.status, unit.status) in {("archived", "available"), ("selling", "held")}


@pytest.mark.capability("R03")
def test_a_unit_is_blocked_once_by_several_at_once():
    unit = UnitFactory()
    actor = owner_of(unit.development.builder)

    results = race(*(lambda: block_unit(unit=unit, actor=actor) for _ in range(4)))

    assert sum(isinstance(result, InvalidTransitionError) for result in results) == 3
    unit.refresh_from_db()
    assert unit.status == "blocked"


@pytest.mark.capability("R02", "R32")
def test_nothing_is_added_to_what_is_deleted_in_the_same_moment():
    development = DevelopmentFactory()
    actor = owner_of(development.builder)
    values = {"number": "1", "price": Decimal(1)}

    results = race(
        lambda: delete_development(development=development, actor=actor),
        lambda: create_unit(actor=actor, development=development, values=values),
    )

    development.refresh_from_db()
    assert development.deleted_at is not None
    assert not any(isinstance(result, LiveClaimsError) for result in results)
    assert Unit.objects.count() == (0 if isinstance(results[1], ConflictError) else 1)
