"""Listing buildings, caring for them, and their join codes."""

import pytest
from django.db import IntegrityError

from accounts.models import AuditEvent, Building
from accounts.services.buildings import (
    assign_society,
    create_building,
    is_join_code,
    rotate_join_code,
    update_building,
)
from accounts.services.organizations import suspend_organization
from accounts.tests.factories.buildings import BuildingFactory, ResidencyFactory
from accounts.tests.factories.organizations import (
    OrganizationFactory,
    owner_of,
    reviewer,
    seated,
    site_administrator,
)
from accounts.tests.factories.people import UserFactory
from config.shared.errors import InvalidInputError, NotAllowedError

pytestmark = pytest.mark.django_db


@pytest.mark.capability("A16")
def test_a_society_lists_its_building():
    society = OrganizationFactory(society=True)
    owner = owner_of(society)

    building = create_building(
        actor=owner, society=society, name="Tower One", city="Dubai", lat=25.08, lng=55.14
    )

    building.refresh_from_db()
    assert (building.society, building.created_by, building.name) == (society, owner, "Tower One")
    assert AuditEvent.objects.about(building).get().action == "accounts.building.created"


@pytest.mark.capability("A16")
def test_a_builder_lists_a_building_that_has_no_society_yet():
    builder = OrganizationFactory(builder=True)

    building = create_building(actor=owner_of(builder), name="Tower One", city="Dubai")

    assert building.society is None
    assert (
        update_building(building=building, actor=owner_of(builder), changes={"floors": 40}).floors
        == 40
    )


@pytest.mark.capability("A16", "A02")
def test_nobody_else_lists_a_building():
    society = OrganizationFactory(society=True)
    contractor = OrganizationFactory(contractor=True)
    outsiders = [
        UserFactory(builder=True),
        owner_of(contractor),
        owner_of(OrganizationFactory(society=True)),
        seated(society, "committee"),
        seated(OrganizationFactory(builder=True), "sales"),
    ]

    for outsider in outsiders:
        with pytest.raises(NotAllowedError):
            create_building(actor=outsider, society=society, name="Tower", city="Dubai")
    for outsider in outsiders[:2]:
        with pytest.raises(NotAllowedError):
            create_building(actor=outsider, name="Tower", city="Dubai")

    assert not Building.objects.exists()


def test_only_a_society_cares_for_a_building():
    builder = OrganizationFactory(builder=True)

    with pytest.raises(InvalidInputError):
        create_building(actor=owner_of(builder), society=builder, name="Tower", city="Dubai")

    assert not Building.objects.exists()


def test_a_building_is_listed_once():
    BuildingFactory(name="Tower", city="Dubai", address="Street 1")

    with pytest.raises(IntegrityError, match="accounts_building_unique"):
        BuildingFactory(name="Tower", city="Dubai", address="Street 1")


@pytest.mark.capability("A16")
def test_a_building_is_described_by_those_who_lead_its_society():
    building = BuildingFactory()
    lister = building.created_by

    changed = update_building(building=building, actor=lister, changes={"units_count": 510})

    assert changed.units_count == 510
    event = AuditEvent.objects.about(building).get(action="accounts.building.changed")
    assert (event.before, event.after) == ({"units_count": None}, {"units_count": 510})
    for outsider in (UserFactory(), seated(building.society, "member"), reviewer()):
        with pytest.raises(NotAllowedError):
            update_building(building=building, actor=outsider, changes={"name": "Mine"})
    assert Building.objects.get().name != "Mine"


def test_whoever_listed_a_building_loses_their_say_once_it_has_a_society():
    builder, society = OrganizationFactory(builder=True), OrganizationFactory(society=True)
    lister = owner_of(builder)
    building = create_building(actor=lister, name="Tower", city="Dubai")
    staff = site_administrator()

    assign_society(building=building, society=society, staff=staff, reason="Founded")

    with pytest.raises(NotAllowedError):
        update_building(building=building, actor=lister, changes={"name": "Mine"})
    assert (
        update_building(building=building, actor=owner_of(society), changes={"name": "Ours"}).name
        == "Ours"
    )


@pytest.mark.capability("A16")
def test_only_staff_without_a_seat_assign_a_society():
    building, society = BuildingFactory(), OrganizationFactory(society=True)
    insider = site_administrator()
    own = OrganizationFactory(society=True, creator=insider)

    for actor, target in ((owner_of(society), society), (reviewer(), society), (insider, own)):
        with pytest.raises(NotAllowedError):
            assign_society(building=building, society=target, staff=actor, reason="Because")

    assert Building.objects.get().society_id == building.society_id


@pytest.mark.capability("A21")
def test_a_join_code_is_shown_once_and_kept_hashed():
    building = BuildingFactory()

    code = rotate_join_code(building=building, actor=owner_of(building.society))

    building.refresh_from_db()
    plain = code.replace("-", "")
    assert len(plain) == 12
    assert plain not in building.join_code_hash
    assert is_join_code(building=building, code=code)
    assert is_join_code(building=building, code=plain.lower())
    assert not is_join_code(building=building, code=plain[:-1])
    event = AuditEvent.objects.about(building).first()
    assert event.action == "accounts.building.join_code_rotated"
    assert plain not in str((event.before, event.after, event.reason))


@pytest.mark.capability("A21")
def test_a_new_join_code_ends_the_old_one():
    building = BuildingFactory()
    owner = owner_of(building.society)
    old = rotate_join_code(building=building, actor=owner)

    new = rotate_join_code(building=building, actor=owner)

    building.refresh_from_db()
    assert not is_join_code(building=building, code=old)
    assert is_join_code(building=building, code=new)


def test_a_building_without_a_join_code_accepts_none():
    building = BuildingFactory()

    assert not is_join_code(building=building, code="")
    assert not is_join_code(building=building, code="0000-0000-0000")


@pytest.mark.capability("A21")
def test_only_the_committee_of_its_society_sets_a_join_code():
    building = BuildingFactory()
    other_society = OrganizationFactory(society=True)
    outsiders = [
        UserFactory(society=True),
        owner_of(other_society),
        seated(other_society, "committee"),
        seated(building.society, "member"),
        UserFactory(staff=True),
    ]

    for outsider in outsiders:
        with pytest.raises(NotAllowedError):
            rotate_join_code(building=building, actor=outsider)

    building.refresh_from_db()
    assert building.join_code_hash == ""
    assert rotate_join_code(building=building, actor=seated(building.society, "committee"))


def test_another_society_ends_the_join_code():
    building, society = BuildingFactory(), OrganizationFactory(society=True)
    rotate_join_code(building=building, actor=owner_of(building.society))

    moved = assign_society(
        building=building, society=society, staff=site_administrator(), reason="Split"
    )

    assert (moved.society, moved.join_code_hash) == (society, "")


def test_a_suspended_society_cares_for_nothing():
    building = BuildingFactory()
    owner = owner_of(building.society)
    suspend_organization(organization=building.society, staff=reviewer(), reason="Fraud")

    with pytest.raises(NotAllowedError):
        rotate_join_code(building=Building.objects.get(), actor=owner)

    assert not Building.objects.in_care_of(owner).exists()
    assert Building.objects.get().join_code_hash == ""


@pytest.mark.capability("A21")
def test_a_building_is_lived_in_by_its_verified_residents():
    building = BuildingFactory()
    resident = ResidencyFactory(building=building, verified=True).user
    claimant = ResidencyFactory(building=building).user
    BuildingFactory()

    assert list(Building.objects.lived_in_by(resident)) == [building]
    assert not Building.objects.lived_in_by(claimant).exists()
    assert not Building.objects.lived_in_by(UserFactory()).exists()


def test_a_change_that_changes_nothing_leaves_no_trace():
    building = BuildingFactory(name="Tower")

    update_building(building=building, actor=building.created_by, changes={"name": "Tower"})

    assert AuditEvent.objects.about(building).count() == 1


def test_staff_list_and_describe_any_building():
    staff = site_administrator()

    building = create_building(actor=staff, name="Tower", city="Dubai")

    assert update_building(building=building, actor=staff, changes={"floors": 9}).floors == 9


def test_only_a_society_is_assigned():
    building, builder = BuildingFactory(), OrganizationFactory(builder=True)

    with pytest.raises(InvalidInputError):
        assign_society(
            building=building, society=builder, staff=site_administrator(), reason="Mistake"
        )

    assert Building.objects.get().society_id == building.society_id


def test_a_building_is_left_without_a_society_by_staff():
    building = BuildingFactory()

    freed = assign_society(
        building=building, society=None, staff=site_administrator(), reason="Dissolved"
    )

    assert freed.society is None
    with pytest.raises(NotAllowedError):
        rotate_join_code(building=freed, actor=owner_of(building.society))
