"""Claiming homes, deciding on claims, moving out: who may, and who is refused."""

from datetime import timedelta

import pytest

from accounts.choices import MediaKind, ResidencyStatus
from accounts.exceptions import OwnRequestError, WrongCodeError
from accounts.models import AuditEvent, Residency
from accounts.services.buildings import create_building, rotate_join_code
from accounts.services.calendars import today_of
from accounts.services.residencies import (
    ResidencyExistsError,
    claim_residency,
    reject_residency,
    verify_residency,
)
from accounts.tests.factories.buildings import BuildingFactory, ResidencyFactory
from accounts.tests.factories.organizations import (
    OrganizationFactory,
    owner_of,
    reviewer,
    seated,
)
from accounts.tests.factories.papers import CheckedFileFactory
from accounts.tests.factories.people import UserFactory
from accounts.tests.outbox import sent_sms
from config.shared.errors import InvalidInputError, InvalidTransitionError, NotAllowedError
from config.tests.support import drain

pytestmark = pytest.mark.django_db


@pytest.fixture
def building():
    return BuildingFactory(name="Tower One")


@pytest.fixture
def committee(building):
    return seated(building.society, "committee")


@pytest.mark.capability("A21")
def test_a_claim_waits_for_the_committee(building, committee):
    resident = UserFactory()

    claim = claim_residency(
        user=resident, building=building, unit_label=" 12b ", relation="tenant", method="committee"
    )

    assert (claim.unit_label, claim.status, claim.verified_at) == ("12B", "claimed", None)
    verified = verify_residency(residency=claim, decider=committee, note="Known for years")
    verified.refresh_from_db()
    assert (verified.status, verified.method) == ("verified", "committee")
    assert verified.verified_by == committee
    assert verified.since == today_of(resident)
    assert [event.action for event in AuditEvent.objects.about(claim)] == [
        "accounts.residency.verified",
        "accounts.residency.claimed",
    ]
    drain()
    assert "12B, Tower One" in sent_sms(resident.phone_number)[0]


@pytest.mark.capability("A21")
def test_a_document_goes_with_a_claim_and_belongs_to_it(building):
    resident = UserFactory()
    contract = CheckedFileFactory(owner=resident, kind=MediaKind.DOCUMENT)

    claim = claim_residency(
        user=resident,
        building=building,
        unit_label="12B",
        relation="owner",
        method="document",
        document=contract,
    )

    contract.refresh_from_db()
    assert claim.document == contract
    assert contract.is_private
    assert (contract.target_type, contract.target_id) == ("accounts.residency", claim.pk)


@pytest.mark.parametrize(
    "trait", [{"status": "uploaded"}, {"kind": "video"}, {"purpose": "avatar"}]
)
def test_a_claim_with_an_unusable_document_is_not_made(building, trait):
    resident = UserFactory()
    file = CheckedFileFactory(**{"owner": resident, **trait})

    for document in (file, CheckedFileFactory(), None):
        with pytest.raises(InvalidInputError):
            claim_residency(
                user=resident,
                building=building,
                unit_label="12B",
                relation="owner",
                method="document",
                document=document,
            )

    assert not Residency.objects.exists()


@pytest.mark.capability("A21")
def test_the_join_code_verifies_at_once(building):
    code = rotate_join_code(building=building, actor=owner_of(building.society))
    resident = UserFactory()

    home = claim_residency(
        user=resident,
        building=building,
        unit_label="12B",
        relation="tenant",
        method="code",
        code=code.lower(),
    )

    home.refresh_from_db()
    assert (home.status, home.method, home.verified_by) == ("verified", "code", None)
    assert home.verified_at is not None


@pytest.mark.capability("A21")
@pytest.mark.parametrize("code", ["", "0000-0000-0000", "§§"])
def test_another_code_claims_nothing(building, code):
    rotate_join_code(building=building, actor=owner_of(building.society))

    with pytest.raises(WrongCodeError):
        claim_residency(
            user=UserFactory(),
            building=building,
            unit_label="12B",
            relation="tenant",
            method="code",
            code=code,
        )

    assert not Residency.objects.exists()


@pytest.mark.capability("A21")
def test_a_person_has_several_homes_at_once(building):
    resident = UserFactory()

    for label, home in (("1A", building), ("2A", building), ("1A", BuildingFactory())):
        ResidencyFactory(user=resident, building=home, unit_label=label, verified=True)

    assert Residency.objects.verified().filter(user=resident).count() == 3


@pytest.mark.capability("A21")
@pytest.mark.parametrize("verified", [True, False])
def test_a_home_is_claimed_once_by_one_person(building, verified):
    home = ResidencyFactory(building=building, unit_label="12B", verified=verified)

    with pytest.raises(ResidencyExistsError):
        ResidencyFactory(building=building, unit_label="12b", user=home.user)

    assert Residency.objects.count() == 1
    assert ResidencyFactory(building=building, unit_label="12B", relation="family")


@pytest.mark.capability("A21")
def test_a_rejected_claim_can_be_made_again(building, committee):
    claim = ResidencyFactory(building=building, unit_label="12B")

    rejected = reject_residency(residency=claim, decider=committee, reason="Nobody knows you")

    assert (rejected.status, rejected.decision_note) == ("rejected", "Nobody knows you")
    with pytest.raises(InvalidTransitionError):
        verify_residency(residency=claim, decider=committee)
    assert ResidencyFactory(building=building, unit_label="12B", user=claim.user)


def test_a_rejection_has_a_reason(building, committee):
    claim = ResidencyFactory(building=building)

    with pytest.raises(InvalidInputError):
        reject_residency(residency=claim, decider=committee, reason=" ")

    claim.refresh_from_db()
    assert claim.status == ResidencyStatus.CLAIMED


@pytest.mark.capability("A21", "A02")
def test_nobody_but_the_committee_of_that_building_decides(building):
    claim = ResidencyFactory(building=building)
    other = OrganizationFactory(society=True)
    outsiders = [
        UserFactory(society=True),
        owner_of(other),
        seated(other, "committee"),
        seated(building.society, "member"),
        seated(building.society, "sales"),
        UserFactory(staff=True),
        ResidencyFactory(building=building, verified=True).user,
    ]

    for outsider in outsiders:
        with pytest.raises(NotAllowedError):
            verify_residency(residency=claim, decider=outsider)
        with pytest.raises(NotAllowedError):
            reject_residency(residency=claim, decider=outsider, reason="No")

    claim.refresh_from_db()
    assert claim.status == ResidencyStatus.CLAIMED


@pytest.mark.capability("A21")
def test_nobody_decides_on_their_own_claim(building, committee):
    claim = ResidencyFactory(building=building, user=committee)
    staff = reviewer()
    of_staff = ResidencyFactory(building=building, user=staff)

    for home, decider in ((claim, committee), (of_staff, staff)):
        with pytest.raises(OwnRequestError):
            verify_residency(residency=home, decider=decider)
        with pytest.raises(OwnRequestError):
            reject_residency(residency=home, decider=decider, reason="No")

    assert not Residency.objects.verified().exists()
    assert claim not in Residency.objects.decidable_by(committee)


@pytest.mark.capability("A21")
def test_staff_decide_where_a_building_has_no_society():
    builder = OrganizationFactory(builder=True)
    building = create_building(actor=owner_of(builder), name="Tower", city="Dubai")
    claim = ResidencyFactory(building=building)

    with pytest.raises(NotAllowedError):
        verify_residency(residency=claim, decider=owner_of(builder))

    assert verify_residency(residency=claim, decider=reviewer()).status == "verified"


def test_nobody_moves_in_tomorrow(building):
    resident = UserFactory()

    with pytest.raises(InvalidInputError):
        ResidencyFactory(
            building=building, user=resident, since=today_of(resident) + timedelta(days=1)
        )

    assert not Residency.objects.exists()


def test_nobody_claims_a_booking(building):
    with pytest.raises(InvalidInputError):
        ResidencyFactory(building=building, method="booking")

    assert not Residency.objects.exists()
