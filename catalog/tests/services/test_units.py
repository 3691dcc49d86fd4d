"""Units: who adds and changes them, and what stays while somebody has claimed one."""

from decimal import Decimal

import pytest

from accounts.models import AuditEvent
from accounts.tests.factories.organizations import owner_of
from catalog.services.units import (
    create_unit,
)
from catalog.tests.factories.homes import DevelopmentFactory

pytestmark = pytest.mark.django_db


@pytest.mark.capability("R03")
def test_a_unit_is_added_in_the_currency_of_its_development():
    development = DevelopmentFactory(currency="KWD")
    owner = owner_of(development.builder)

    unit = create_unit(
        actor=owner,
        development=development,
        values={"number": " 12b ", "block": " A ", "floor": 12, "price": Decimal("250000.125")},
    )

    unit.refresh_from_db()
    assert (unit.block, unit.number, unit.floor) == ("A", "12B", 12)
    assert (unit.price, unit.currency, unit.status) == (Decimal("250000.125"), "KWD", "available")
    event = AuditEvent.objects.about(unit).get()
    assert (event.action, event.actor_id) == ("catalog.unit.created", owner.pk)
