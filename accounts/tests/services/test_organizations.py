"""Founding, describing, verifying and suspending organizations."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts.choices import MediaPurpose, MembershipRole, OrganizationStatus
from accounts.models import AuditEvent, Membership, Organization
from accounts.services.organizations import (
    create_organization,
    update_organization,
)
from accounts.tests.factories.organizations import (
    OrganizationFactory,
    owner_of,
    seated,
    site_administrator,
)
from accounts.tests.factories.papers import CheckedFileFactory
from accounts.tests.factories.people import UserFactory
from config.shared.errors import (
    InvalidInputError,
    NotAllowedError,
)

pytestmark = pytest.mark.django_db


@pytest.mark.capability("A16")
@pytest.mark.parametrize("kind", ["builder", "society", "contractor", "employer"])
def test_whoever_founds_an_organization_owns_it(kind):
    founder = UserFactory()

    organization = create_organization(
        creator=founder, kind=kind, name="Marina Heights", city="Dubai", phone="+97142345678"
    )

    organization.refresh_from_db()
    assert (organization.kind, organization.name) == (kind, "Marina Heights")
    assert organization.created_by == founder
    assert organization.verified_at is None
    assert organization.status == OrganizationStatus.ACTIVE
    member = Membership.objects.get(organization=organization)
    assert (member.user, member.role, member.status) == (founder, "owner", "live")
    assert member.since is not None
    assert [event.action for event in AuditEvent.objects.about(organization)] == [
        "accounts.organization.created"
    ]


@pytest.mark.capability("A16")
def test_nobody_verifies_an_organization_by_founding_it():
    organization = create_organization(
        creator=UserFactory(),
        kind="society",
        name="Marina Heights",
        verified_at="2026-01-01T00:00:00Z",
        rating_avg=5,
        status="suspended",
    )

    organization.refresh_from_db()
    assert organization.verified_at is None
    assert organization.rating_avg is None
    assert organization.status == OrganizationStatus.ACTIVE


def test_an_organization_that_cannot_be_founded_leaves_no_membership():
    with pytest.raises(ValidationError):
        create_organization(creator=UserFactory(), kind="society", name="X", email="no address")

    assert not Organization.objects.exists()
    assert not Membership.objects.exists()


def test_a_registration_number_belongs_to_one_organization_of_a_kind():
    OrganizationFactory(kind="builder", registration_no="CN-1")
    OrganizationFactory(kind="employer", registration_no="CN-1")

    with pytest.raises(IntegrityError, match="accounts_organization_registration_unique"):
        OrganizationFactory(kind="builder", registration_no="CN-1")


@pytest.mark.capability("A16")
@pytest.mark.parametrize("role", [MembershipRole.OWNER, MembershipRole.ADMIN])
def test_owners_and_administrators_describe_their_organization(role):
    organization = OrganizationFactory()
    member = seated(organization, role)

    changed = update_organization(
        organization=organization,
        actor=member,
        changes={"description": "Since 2012.", "lat": 25.0, "lng": 55.0},
    )

    changed.refresh_from_db()
    assert (changed.description, changed.lat, changed.lng) == ("Since 2012.", 25.0, 55.0)
    event = AuditEvent.objects.about(organization).get(action="accounts.organization.changed")
    assert event.actor == member
    assert event.after == {"fields": ["description", "lat", "lng"]}


@pytest.mark.capability("A16")
@pytest.mark.parametrize("role", ["sales", "site", "finance", "committee", "member"])
def test_other_members_do_not_describe_it(role):
    organization = OrganizationFactory()
    member = seated(organization, role)

    with pytest.raises(NotAllowedError):
        update_organization(organization=organization, actor=member, changes={"name": "Mine"})

    organization.refresh_from_db()
    assert organization.name != "Mine"


@pytest.mark.capability("A16", "A02")
def test_a_role_without_a_membership_is_no_authority():
    organization = OrganizationFactory()
    other_owner = owner_of(OrganizationFactory())

    for outsider in (UserFactory(society=True), UserFactory(staff=True), other_owner):
        with pytest.raises(NotAllowedError):
            update_organization(organization=organization, actor=outsider, changes={"name": "Mine"})

    organization.refresh_from_db()
    assert organization.name != "Mine"


def test_what_may_not_be_changed_is_left_as_it_is():
    organization = OrganizationFactory()

    update_organization(
        organization=organization,
        actor=owner_of(organization),
        changes={"kind": "builder", "verified_at": "2026-01-01", "status": "suspended"},
    )

    organization.refresh_from_db()
    assert (organization.kind, organization.verified_at, organization.status) == (
        "society",
        None,
        "active",
    )


@pytest.mark.capability("A16")
def test_another_name_ends_the_verification():
    organization = OrganizationFactory(verified=True)
    verified_at = organization.verified_at

    update_organization(
        organization=organization, actor=owner_of(organization), changes={"name": "Another"}
    )

    organization.refresh_from_db()
    assert (organization.name, organization.verified_at) == ("Another", None)
    event = AuditEvent.objects.about(organization).get(action="accounts.organization.changed")
    assert event.before["verified_at"] == verified_at.isoformat()


def test_another_description_leaves_the_verification():
    organization = OrganizationFactory(verified=True)

    update_organization(
        organization=organization, actor=owner_of(organization), changes={"description": "New"}
    )

    organization.refresh_from_db()
    assert organization.verified_at is not None


def test_staff_correct_a_name_without_ending_the_verification():
    organization = OrganizationFactory(verified=True)

    update_organization(
        organization=organization, actor=site_administrator(), changes={"name": "Corrected"}
    )

    organization.refresh_from_db()
    assert organization.name == "Corrected"
    assert organization.verified_at is not None


def test_a_logo_becomes_public_and_belongs_to_the_organization():
    organization = OrganizationFactory()
    owner = owner_of(organization)
    logo = CheckedFileFactory(owner=owner, purpose=MediaPurpose.ORGANIZATION)

    update_organization(organization=organization, actor=owner, changes={"logo": logo})

    organization.refresh_from_db()
    logo.refresh_from_db()
    assert organization.logo == logo
    assert not logo.is_private
    assert (logo.target_type, logo.target_id) == ("accounts.organization", organization.pk)


@pytest.mark.parametrize(
    "trait",
    [
        {"status": "uploaded"},
        {"kind": "document"},
        {"purpose": "verification"},
        {"target_type": "accounts.user", "target_id": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"},
    ],
)
def test_a_file_that_was_not_made_for_it_is_no_logo(trait):
    organization = OrganizationFactory()
    owner = owner_of(organization)
    logo = CheckedFileFactory(**{"owner": owner, "purpose": MediaPurpose.ORGANIZATION, **trait})

    with pytest.raises(InvalidInputError) as caught:
        update_organization(organization=organization, actor=owner, changes={"logo": logo})

    organization.refresh_from_db()
    logo.refresh_from_db()
    assert caught.value.errors[0].code == "file_unusable"
    assert organization.logo is None
    assert logo.is_private


def test_somebody_elses_file_is_no_logo():
    organization = OrganizationFactory()
    foreign = CheckedFileFactory(purpose=MediaPurpose.ORGANIZATION)

    with pytest.raises(InvalidInputError):
        update_organization(
            organization=organization, actor=owner_of(organization), changes={"logo": foreign}
        )

    foreign.refresh_from_db()
    assert foreign.is_private


def test_an_organization_is_founded_with_its_logo():
    founder = UserFactory()
    logo = CheckedFileFactory(owner=founder, purpose=MediaPurpose.ORGANIZATION)

    organization = create_organization(
        creator=founder, kind="employer", name="Gulf Light", logo=logo
    )

    organization.refresh_from_db()
    logo.refresh_from_db()
    assert organization.logo == logo
    assert not logo.is_private


def test_a_change_that_changes_nothing_leaves_no_trace():
    organization = OrganizationFactory(name="Marina Heights")

    update_organization(
        organization=organization, actor=owner_of(organization), changes={"name": "Marina Heights"}
    )

    assert AuditEvent.objects.about(organization).count() == 1
