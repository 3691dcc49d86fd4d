"""Organizations and buildings that several people change in the same moment."""

import pytest

from accounts.choices import OrganizationStatus
from accounts.models import AuditEvent, Building, Organization
from accounts.services.buildings import create_building, is_join_code, rotate_join_code
from accounts.services.organizations import suspend_organization, verify_organization
from accounts.tests.clients import client_of
from accounts.tests.factories.buildings import BuildingFactory
from accounts.tests.factories.organizations import (
    OrganizationFactory,
    owner_of,
    reviewer,
    seated,
)
from config.shared.errors import ConflictError, InvalidTransitionError
from config.tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.capability("A16")
def test_of_several_changes_of_one_version_one_is_made():
    organization = OrganizationFactory()
    clients = [client_of(seated(organization, "admin")) for _ in range(4)]
    address = f"/api/v1/organizations/{organization.pk}/"
    seen = clients[0].get(address)["ETag"]

    responses = race(
        *(
            lambda number=number, client=client: client.patch(
                address, {"description": f"By {number}"}, HTTP_IF_MATCH=seen
            )
            for number, client in enumerate(clients)
        )
    )

    codes = sorted(response.status_code for response in responses)
    assert codes == [200, 412, 412, 412]
    winner = next(response for response in responses if response.status_code == 200)
    assert Organization.objects.get().description == winner.data["description"]


@pytest.mark.capability("A16")
def test_an_organization_is_suspended_once_and_not_verified_then():
    organization = OrganizationFactory()
    staff = [reviewer() for _ in range(3)]

    results = race(
        lambda: suspend_organization(organization=organization, staff=staff[0], reason="Fraud"),
        lambda: suspend_organization(organization=organization, staff=staff[1], reason="Fraud"),
        lambda: verify_organization(organization=organization, staff=staff[2]),
    )

    organization.refresh_from_db()
    assert organization.status == OrganizationStatus.SUSPENDED
    assert sum(isinstance(result, InvalidTransitionError) for result in results[:2]) == 1
    suspensions = AuditEvent.objects.about(organization).filter(
        action="accounts.organization.suspended"
    )
    assert suspensions.count() == 1
    verified_first = isinstance(results[2], Organization)
    assert verified_first == (organization.verified_at is not None)
    assert verified_first or isinstance(results[2], ConflictError)


@pytest.mark.capability("A21")
def test_of_several_new_join_codes_the_last_one_counts():
    building = BuildingFactory()
    committee = [seated(building.society, "committee") for _ in range(4)]

    codes = race(
        *(
            lambda actor=actor: rotate_join_code(building=building, actor=actor)
            for actor in committee
        )
    )

    building.refresh_from_db()
    assert len(set(codes)) == 4
    assert sum(is_join_code(building=building, code=code) for code in codes) == 1


@pytest.mark.capability("A16")
def test_of_several_listings_of_one_building_one_is_made():
    builder = OrganizationFactory(builder=True)
    owner = owner_of(builder)

    results = race(
        *(lambda: create_building(actor=owner, name="Tower", city="Dubai") for _ in range(4))
    )

    assert sum(isinstance(result, Building) for result in results) == 1
    assert Building.objects.count() == 1
