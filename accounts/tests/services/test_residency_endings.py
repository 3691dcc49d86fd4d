"""Moving out, handovers, and who sees whose home."""

from datetime import timedelta

import pytest

from accounts.choices import MediaKind, ResidencyMethod, ResidencyRelation, ResidencyStatus
from accounts.models import AuditEvent, MediaFile, Residency
from accounts.services.buildings import rotate_join_code
from accounts.services.calendars import today_of
from accounts.services.residencies import (
    end_residency,
    grant_residency,
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
from config.shared.errors import InvalidInputError, InvalidTransitionError, NotAllowedError

pytestmark = pytest.mark.django_db


@pytest.fixture
def building():
    return BuildingFactory(name="Tower One")


@pytest.fixture
def committee(building):
    return seated(building.society, "committee")


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


@pytest.mark.capability("A21")
def test_a_handover_proves_what_a_join_code_had_verified(building):
    code = rotate_join_code(building=building, actor=owner_of(building.society))
    home = ResidencyFactory(
        building=building, unit_label="12B", relation="tenant", method="code", code=code
    )

    granted = grant_residency(user=home.user, building=building, unit_label="12B")

    assert granted.pk == home.pk
    assert (granted.method, granted.relation) == ("booking", "owner")
    event = AuditEvent.objects.about(home).get(action="accounts.residency.confirmed")
    assert (event.before["method"], event.after["method"]) == ("code", "booking")
    assert granted in Residency.objects.owning()
