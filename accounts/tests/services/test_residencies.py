"""Claiming homes, deciding on claims, moving out: who may, and who is refused."""

from datetime import timedelta

import pytest

from accounts.choices import MediaKind, ResidencyMethod, ResidencyRelation, ResidencyStatus
from accounts.exceptions import OwnRequestError, WrongCodeError
from accounts.models import AuditEvent, MediaFile, Residency
from accounts.services.buildings import create_building, rotate_join_code
from accounts.services.calendars import today_of
from accounts.services.residencies import (
    ResidencyExistsError,
    claim_residency,
    end_residency,
    grant_residency,
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


@pytest.mark.capability("A21")
def test_a_residency_ends_with_a_date(building):
    home = ResidencyFactory(building=building, verified=True)

    ended = end_residency(residency=home, actor=home.user)

    ended.refresh_from_db()
    assert (ended.status, ended.until) == (ResidencyStatus.ENDED, today_of(home.user))
    with pytest.raises(InvalidTransitionError):
        end_residency(residency=ended, actor=home.user)


def test_a_residency_ends_neither_tomorrow_nor_before_it_began(building):
    today = today_of(UserFactory())
    home = ResidencyFactory(building=building, verified=True, since=today - timedelta(days=3))

    for day in (today + timedelta(days=1), today - timedelta(days=4)):
        with pytest.raises(InvalidInputError):
            end_residency(residency=home, actor=home.user, until=day)

    home.refresh_from_db()
    assert home.status == ResidencyStatus.VERIFIED
    day = today - timedelta(days=1)
    assert end_residency(residency=home, actor=home.user, until=day).until == day


def test_nobody_moves_in_tomorrow(building):
    resident = UserFactory()

    with pytest.raises(InvalidInputError):
        ResidencyFactory(
            building=building, user=resident, since=today_of(resident) + timedelta(days=1)
        )

    assert not Residency.objects.exists()


def test_a_claim_does_not_end(building):
    claim = ResidencyFactory(building=building)

    with pytest.raises(InvalidTransitionError):
        end_residency(residency=claim, actor=claim.user)

    claim.refresh_from_db()
    assert claim.status == ResidencyStatus.CLAIMED


@pytest.mark.capability("A21")
def test_an_owner_ends_the_residency_of_a_tenant_in_the_same_home(building):
    owner = ResidencyFactory(building=building, unit_label="12B", verified=True).user
    tenant, family, neighbour = (
        ResidencyFactory(building=building, unit_label=label, relation=relation, verified=True)
        for label, relation in (("12B", "tenant"), ("12B", "family"), ("13B", "tenant"))
    )

    ended = end_residency(residency=tenant, actor=owner, reason="Contract over")

    assert (ended.status, ended.decision_note) == (ResidencyStatus.ENDED, "Contract over")
    for untouchable in (family, neighbour):
        with pytest.raises(NotAllowedError):
            end_residency(residency=untouchable, actor=owner)
    assert Residency.objects.verified().count() == 3


@pytest.mark.capability("A21")
def test_ownership_by_join_code_ends_nobodys_residency(building):
    code = rotate_join_code(building=building, actor=owner_of(building.society))
    tenant = ResidencyFactory(building=building, unit_label="12B", relation="tenant", verified=True)
    claimed = ResidencyFactory(
        building=building, unit_label="12B", relation="owner", method="code", code=code
    )

    with pytest.raises(NotAllowedError):
        end_residency(residency=tenant, actor=claimed.user)

    tenant.refresh_from_db()
    assert claimed.status == tenant.status == ResidencyStatus.VERIFIED


@pytest.mark.capability("A21")
def test_the_committee_ends_a_residency_and_strangers_do_not(building, committee):
    home = ResidencyFactory(building=building, verified=True)
    outsiders = [UserFactory(), seated(OrganizationFactory(society=True), "committee")]

    for outsider in outsiders:
        with pytest.raises(NotAllowedError):
            end_residency(residency=home, actor=outsider)

    home.refresh_from_db()
    assert home.status == ResidencyStatus.VERIFIED
    assert end_residency(residency=home, actor=committee).status == ResidencyStatus.ENDED


@pytest.mark.capability("A21")
def test_a_handover_verifies_a_residency_and_may_be_repeated(building):
    buyer = UserFactory()

    first = grant_residency(user=buyer, building=building, unit_label="12B")
    again = grant_residency(user=buyer, building=building, unit_label="12b")

    assert first.pk == again.pk
    assert (again.status, again.method, again.relation) == ("verified", "booking", "owner")
    assert Residency.objects.count() == 1


@pytest.mark.capability("A21")
def test_a_handover_verifies_what_was_claimed(building):
    claim = ResidencyFactory(building=building, unit_label="12B", relation="tenant")

    granted = grant_residency(user=claim.user, building=building, unit_label="12B")

    assert granted.pk == claim.pk
    assert (granted.status, granted.method, granted.relation) == (
        ResidencyStatus.VERIFIED,
        ResidencyMethod.BOOKING,
        ResidencyRelation.OWNER,
    )


def test_nobody_claims_a_booking(building):
    with pytest.raises(InvalidInputError):
        ResidencyFactory(building=building, method="booking")

    assert not Residency.objects.exists()


@pytest.mark.capability("A21")
def test_residencies_are_seen_by_whom_they_concern(building, committee):
    owner = ResidencyFactory(building=building, unit_label="12B", verified=True)
    tenant = ResidencyFactory(building=building, unit_label="12B", relation="tenant", verified=True)
    claim = ResidencyFactory(building=building, unit_label="12B", relation="tenant")
    elsewhere = ResidencyFactory(verified=True)

    def seen_by(user):
        return set(Residency.objects.visible_to(user))

    assert seen_by(owner.user) == {owner, tenant}
    assert seen_by(tenant.user) == {tenant}
    assert seen_by(committee) == {owner, tenant, claim}
    assert seen_by(reviewer()) == {owner, tenant, claim, elsewhere}
    assert seen_by(UserFactory()) == seen_by(UserFactory(staff=True)) == set()
    assert set(Residency.objects.decidable_by(committee)) == {owner, tenant, claim}


@pytest.mark.capability("A21")
def test_the_document_of_a_claim_is_opened_by_those_who_judge_it(building, committee):
    tenant = UserFactory()
    contract = CheckedFileFactory(owner=tenant, kind=MediaKind.DOCUMENT)
    owner = ResidencyFactory(building=building, unit_label="12B", verified=True).user
    claim = ResidencyFactory(
        user=tenant,
        building=building,
        unit_label="12B",
        relation="tenant",
        method="document",
        document=contract,
    )
    verify_residency(residency=claim, decider=committee)

    def opens(user):
        return MediaFile.objects.visible_to(user).filter(pk=contract.pk).exists()

    assert claim in Residency.objects.visible_to(owner)
    assert [opens(user) for user in (tenant, committee, reviewer())] == [True, True, True]
    for outsider in (owner, UserFactory(), seated(building.society, "member")):
        assert not opens(outsider)
