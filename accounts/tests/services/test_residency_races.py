"""Claims of one home, and decisions on one claim, in the same moment."""

import pytest

from accounts.choices import ResidencyStatus
from accounts.models import Residency
from accounts.services.residencies import (
    ResidencyExistsError,
    claim_residency,
    grant_residency,
    reject_residency,
    verify_residency,
)
from accounts.tests.factories.buildings import BuildingFactory, ResidencyFactory
from accounts.tests.factories.organizations import seated
from accounts.tests.factories.people import UserFactory
from config.shared.errors import InvalidTransitionError
from config.tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


def claim(user, building):
    return claim_residency(
        user=user, building=building, unit_label="12B", relation="owner", method="committee"
    )


@pytest.mark.capability("A21")
def test_of_several_claims_of_one_home_by_one_person_one_is_made():
    resident, building = UserFactory(), BuildingFactory()

    results = race(*(lambda: claim(resident, building) for _ in range(6)))

    assert sum(isinstance(result, Residency) for result in results) == 1
    assert sum(isinstance(result, ResidencyExistsError) for result in results) == 5
    assert Residency.objects.count() == 1


@pytest.mark.capability("A21")
def test_a_claim_and_a_handover_at_once_are_one_verified_residency():
    buyer, building = UserFactory(), BuildingFactory()

    race(
        lambda: claim(buyer, building),
        lambda: grant_residency(user=buyer, building=building, unit_label="12B"),
        lambda: grant_residency(user=buyer, building=building, unit_label="12B"),
    )

    home = Residency.objects.get()
    assert (home.status, home.method) == (ResidencyStatus.VERIFIED, "booking")


@pytest.mark.capability("A21")
def test_a_claim_is_decided_once():
    home = ResidencyFactory()
    first, second = (seated(home.building.society, "committee") for _ in range(2))

    results = race(
        lambda: verify_residency(residency=home, decider=first),
        lambda: reject_residency(residency=home, decider=second, reason="No"),
    )

    decided = [result for result in results if isinstance(result, Residency)]
    refused = [result for result in results if isinstance(result, InvalidTransitionError)]
    home.refresh_from_db()
    assert (len(decided), len(refused)) == (1, 1)
    assert home.status == decided[0].status
