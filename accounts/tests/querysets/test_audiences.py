"""What somebody who is not signed in may see: what is public, and nothing else."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import (
    Block,
    Building,
    ContractorPaper,
    Follow,
    Membership,
    Organization,
    Residency,
    User,
    Verification,
)
from accounts.services.connections import block_user, follow_user
from accounts.tests.factories.buildings import BuildingFactory, ResidencyFactory
from accounts.tests.factories.organizations import MembershipFactory, OrganizationFactory
from accounts.tests.factories.papers import PaperFactory, submitted
from accounts.tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

NOBODY = AnonymousUser()


@pytest.fixture
def community():
    """One of everything."""
    building = BuildingFactory()
    ResidencyFactory(building=building, verified=True)
    MembershipFactory(organization=building.society)
    PaperFactory()
    submitted()
    follow_user(follower=UserFactory(), followed=UserFactory())
    block_user(blocker=UserFactory(), blocked=UserFactory())
    return building


@pytest.mark.capability("A21", "A34", "A36", "A37")
@pytest.mark.parametrize(
    "model", [Block, ContractorPaper, Follow, Membership, Residency, Verification]
)
def test_nobody_in_particular_sees_nothing_of_what_is_private(community, model):
    assert model.objects.exists()

    assert not model.objects.visible_to(NOBODY).exists()


@pytest.mark.capability("A16", "A36")
def test_everybody_sees_buildings_active_organizations_and_active_people(community):
    OrganizationFactory(suspended=True)
    UserFactory(suspended=True)

    assert list(Building.objects.visible_to(NOBODY)) == [community]
    assert list(Organization.objects.visible_to(NOBODY)) == [community.society]
    people = User.objects.visible_to(NOBODY)
    assert set(people) == set(User.objects.filter(status="active"))


@pytest.mark.capability("A16", "A21")
def test_nobody_in_particular_lives_leads_or_decides_anywhere(community):
    assert not Building.objects.lived_in_by(NOBODY).exists()
    assert not Building.objects.in_care_of(NOBODY).exists()
    assert not Organization.objects.of_member(NOBODY).exists()
    assert not Organization.objects.led_by(NOBODY).exists()
    assert not Residency.objects.decidable_by(NOBODY).exists()
    assert not Membership.objects.invitations_of(NOBODY).exists()


@pytest.mark.capability("A21")
def test_tenants_are_let_by_the_owner_of_their_home(community):
    owner = ResidencyFactory(building=community, unit_label="12B", verified=True).user
    tenant = ResidencyFactory(
        building=community, unit_label="12B", relation="tenant", verified=True
    )

    assert list(Residency.objects.let_by(owner)) == [tenant]
    assert not Residency.objects.let_by(tenant.user).exists()


@pytest.mark.capability("A37")
def test_the_queue_holds_what_waits(community):
    waiting = Verification.objects.get()

    assert list(Verification.objects.waiting()) == [waiting]
