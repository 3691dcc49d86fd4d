"""Units: who adds and changes them, and what stays while somebody has claimed one."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission

from accounts.models import AuditEvent
from accounts.services.organizations import suspend_organization
from accounts.tests.factories.organizations import owner_of, reviewer
from accounts.tests.factories.people import UserFactory
from catalog.choices import UnitStatus
from catalog.homes_exceptions import DevelopmentClosedError, UnitClaimedError, UnitInUseError
from catalog.models import Unit
from catalog.services import hooks
from catalog.services.development_moves import archive_development
from catalog.services.unit_claims import shadow_unit
from catalog.services.units import (
    block_unit,
    create_unit,
    delete_unit,
    unblock_unit,
    update_unit,
)
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory, member_of
from config.shared.clock import database_now
from config.shared.errors import InvalidTransitionError, NotAllowedError

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_catalogue_by_itself(monkeypatch):
    """A unit's state is what the test says: nobody above looks for the booking behind it."""
    monkeypatch.setattr(hooks.settle_unit, "_functions", [])


def claimed(unit, status=UnitStatus.HELD):
    """The unit as a booking leaves it."""
    shadow_unit(unit=unit, status=UnitStatus.HELD, until=database_now() + timedelta(minutes=15))
    for step in (UnitStatus.RESERVED, UnitStatus.SOLD):
        if unit.status == status:
            break
        shadow_unit(unit=unit, status=step)
    return unit


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


@pytest.mark.capability("R03", "R09")
@pytest.mark.parametrize("status", [UnitStatus.HELD, UnitStatus.RESERVED, UnitStatus.SOLD])
def test_a_claimed_unit_keeps_its_number_while_its_price_may_change(status):
    unit = claimed(UnitFactory(number="101", floor=1), status)
    owner = owner_of(unit.development.builder)

    for change in ({"number": "102"}, {"floor": 2}, {"block": "B"}):
        with pytest.raises(UnitClaimedError):
            update_unit(unit=unit, actor=owner, changes=change)
    update_unit(unit=unit, actor=owner, changes={"price": Decimal(1200000), "number": "101"})

    unit.refresh_from_db()
    assert (unit.number, unit.floor, unit.block) == ("101", 1, "")
    assert (unit.price, unit.status) == (Decimal("1200000.000"), status)


@pytest.mark.capability("R03")
def test_a_change_of_price_is_written_down():
    unit = UnitFactory()
    owner = owner_of(unit.development.builder)

    update_unit(unit=unit, actor=owner, changes={"price": Decimal(1500000), "view": "Sea"})

    event = AuditEvent.objects.about(unit).get(action="catalog.unit.changed")
    assert event.before == {"price": "1000000.000"}
    assert event.after == {"price": "1500000.00", "fields": ["price", "view"]}


@pytest.mark.capability("R03")
def test_only_a_unit_without_a_history_is_removed():
    fresh, held = UnitFactory(), claimed(UnitFactory())

    delete_unit(unit=fresh, actor=owner_of(fresh.development.builder))
    with pytest.raises(UnitInUseError):
        delete_unit(unit=held, actor=owner_of(held.development.builder))

    assert list(Unit.objects.all()) == [held]


@pytest.mark.capability("R03", "R12")
@pytest.mark.parametrize("status", [UnitStatus.HELD, UnitStatus.RESERVED, UnitStatus.SOLD])
def test_what_somebody_has_is_neither_blocked_nor_unblocked(status):
    unit = claimed(UnitFactory(), status)
    seller = member_of(unit.development.builder, "sales")

    for act in (block_unit, unblock_unit):
        with pytest.raises(InvalidTransitionError):
            act(unit=unit, actor=seller)

    unit.refresh_from_db()
    assert unit.status == status


@pytest.mark.capability("R03")
def test_staff_with_the_permission_act_for_any_builder():
    unit = UnitFactory()
    staff = UserFactory(staff=True)
    staff.user_permissions.add(Permission.objects.get(codename="manage_development"))

    block_unit(unit=unit, actor=staff, reason="A complaint")
    with pytest.raises(NotAllowedError):
        unblock_unit(unit=unit, actor=UserFactory(staff=True))

    unit.refresh_from_db()
    assert unit.status == "blocked"
    event = AuditEvent.objects.about(unit).get(action="catalog.unit.blocked")
    assert (event.actor_id, event.reason) == (staff.pk, "A complaint")


@pytest.mark.capability("R03")
def test_nothing_is_added_to_or_changed_in_what_was_archived():
    unit = UnitFactory()
    owner = owner_of(unit.development.builder)
    archive_development(development=unit.development, actor=owner, reason="Sold the land")

    for act in (
        lambda: create_unit(
            actor=owner, development=unit.development, values={"number": "9", "price": Decimal(1)}
        ),
        lambda: update_unit(unit=unit, actor=owner, changes={"price": Decimal(1)}),
        lambda: block_unit(unit=unit, actor=owner),
    ):
        with pytest.raises(DevelopmentClosedError):
            act()

    assert [(each.number, each.status) for each in Unit.objects.all()] == [
        (unit.number, "available")
    ]


@pytest.mark.capability("R03")
def test_nobody_acts_for_a_builder_that_is_suspended():
    unit = UnitFactory()
    builder, owner = unit.development.builder, owner_of(unit.development.builder)
    suspend_organization(organization=builder, staff=reviewer(), reason="Complaints")

    for act in (
        lambda: create_unit(
            actor=owner, development=unit.development, values={"number": "9", "price": Decimal(1)}
        ),
        lambda: update_unit(unit=unit, actor=owner, changes={"price": Decimal(1)}),
        lambda: delete_unit(unit=unit, actor=owner),
        lambda: block_unit(unit=unit, actor=owner),
    ):
        with pytest.raises(NotAllowedError):
            act()

    assert [(each.price, each.status) for each in Unit.objects.all()] == [
        (Decimal("1000000.000"), "available")
    ]
