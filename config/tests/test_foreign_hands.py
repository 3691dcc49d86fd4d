"""Nobody reads, changes or learns of what is not theirs, through any operation of the API."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.choices import CodePurpose, MediaStatus
from accounts.credentials.models import Passkey
from accounts.models import User
from accounts.services import codes, standing
from accounts.services.challenges import open_challenge
from accounts.services.connections import block_user
from accounts.services.identifiers import phone_contact
from accounts.tests.clients import client_of
from accounts.tests.factories.buildings import BuildingFactory, ResidencyFactory
from accounts.tests.factories.organizations import (
    MembershipFactory,
    OrganizationFactory,
    seated,
    staff_in,
)
from accounts.tests.factories.papers import (
    CheckedFileFactory,
    PaperFactory,
    identity_papers,
    submitted,
)
from accounts.tests.factories.people import UserFactory, open_session
from config.shared.docs import description
from config.tests import foreign_homes, foreign_market, foreign_messaging, foreign_streams
from config.tests.foreign_hands import Known, faults_of, rows, tries_on_bodies, tries_on_paths

pytestmark = pytest.mark.django_db

# Everybody may look at these, and follow or block anybody they see.
OPEN_TO_ALL = frozenset(
    {
        "buildings_retrieve",
        "contractors_retrieve",
        "organizations_retrieve",
        "users_retrieve",
        "users_stats",
        "users_follow",
        "users_unfollow",
        "users_block",
        "users_unblock",
    }
)
# That these are there is no secret, so a refusal may say that it is one.
SEEN_BY_ALL = frozenset(
    {
        "buildings_join_code",
        "buildings_partial_update",
        "organizations_members_by_address",
        "organizations_members_create",
        "organizations_members_list",
        "organizations_partial_update",
        # named in a body
        "buildings_create/society",
        "papers_create/organization",
    }
)
BODIES: dict[str, dict[str, Any]] = {
    "auth_change_email_confirm": {"code": "123456"},
    "auth_change_phone_confirm": {"code": "123456"},
    "auth_google": {"code": "abc"},
    "auth_mfa_verify": {"code": "123456"},
    "auth_passkeys_partial_update": {"name": "Mine now"},
    "auth_reset_password": {"code": "123456", "new_password": "seven green parrots"},
    "auth_send_otp": {"phone_number": "+971501112233", "purpose": "registration"},
    "auth_step_up": {"code": "123456"},
    "auth_verify_otp": {"code": "123456"},
    "buildings_create": {"name": "New", "city": "Dubai"},
    "buildings_partial_update": {"name": "Mine now"},
    "organizations_create": {"kind": "employer", "name": "New"},
    "organizations_members_by_address": {"email": "a@example.com", "role": "member"},
    "organizations_members_partial_update": {"role": "admin"},
    "organizations_partial_update": {"name": "Mine now"},
    "papers_create": {"kind": "insurance", "valid_until": "2040-01-01"},
    "papers_replace": {"valid_until": "2040-01-01"},
    "residencies_create": {"unit_label": "9Z", "relation": "owner", "method": "document"},
    "residencies_reject": {"reason": "No"},
    "verifications_reject": {"reason": "No"},
    "verifications_revoke": {"reason": "No"},
}


@pytest.fixture
def owner() -> User:
    """Somebody with one of everything."""
    person: User = UserFactory(contractor=True, with_email=True)
    return person


@pytest.fixture
def theirs(owner: User) -> Known:
    """What ``owner`` has, by the paths it is found at."""
    return things_of(owner)


def things_of(owner: User) -> Known:
    """One of everything that can belong to somebody."""
    society = OrganizationFactory(society=True, creator=owner)
    building = BuildingFactory(society=society)
    member = MembershipFactory(organization=society)
    key = Passkey.objects.create(
        user_id=owner.pk, credential_id=owner.pk.bytes, public_key=b"2", name="Phone"
    )
    things = {
        "auth/passkeys/": key,
        "auth/sessions/": open_session(owner).session,
        "buildings/": building,
        "contractors/": owner,
        "media/": CheckedFileFactory(owner=owner),
        "organizations/": society,
        "papers/": PaperFactory(holder=owner),
        "residencies/": ResidencyFactory(building=building, user=owner),
        "users/": owner,
        "verifications/": submitted(owner),
    }
    keys = {start: {"id": thing.pk} for start, thing in things.items()}
    keys |= foreign_homes.homes_of(owner)
    keys |= foreign_messaging.messages_of(owner)
    keys |= foreign_market.market_of(owner)
    keys |= foreign_streams.streams_of(owner)
    keys["organizations/{organization_id}/"] = {"organization_id": society.pk, "id": member.pk}
    inviting = {"organizations_members_create": {"role": "member", "user": str(UserFactory().pk)}}
    return Known(
        keys,
        BODIES
        | foreign_homes.BODIES
        | foreign_messaging.BODIES
        | foreign_market.BODIES
        | foreign_streams.bodies()
        | inviting,
        OPEN_TO_ALL
        | foreign_homes.OPEN_TO_ALL
        | foreign_market.OPEN_TO_ALL
        | foreign_streams.OPEN_TO_ALL,
        SEEN_BY_ALL | foreign_homes.SEEN_BY_ALL | foreign_streams.SEEN_BY_ALL,
    )


def nobody(owner: User) -> APIClient:
    return APIClient()


def somebody_unproved(owner: User) -> APIClient:
    return client_of(UserFactory(unverified=True))


def a_stranger(owner: User) -> APIClient:
    return client_of(UserFactory())


def somebody_blocked(owner: User) -> APIClient:
    person = UserFactory()
    block_user(blocker=owner, blocked=person)
    return client_of(person)


def a_neighbour(owner: User) -> APIClient:
    home = owner.residencies.get()
    return client_of(ResidencyFactory(building=home.building, verified=True).user)


def an_owner_elsewhere(owner: User) -> APIClient:
    person = UserFactory(contractor=True)
    things_of(person)
    return client_of(person)


def committee_elsewhere(owner: User) -> APIClient:
    return client_of(seated(BuildingFactory().society, "committee"))


def somebody_invited(owner: User) -> APIClient:
    society = owner.memberships.get().organization
    return client_of(MembershipFactory(organization=society, accepted=False).user)


def somebody_suspended(owner: User) -> APIClient:
    person = UserFactory()
    client = client_of(person)
    standing.suspend(user=person, actor=staff_in("Moderation"), reason="Fraud")
    return client


def staff_without_permissions(owner: User) -> APIClient:
    return client_of(UserFactory(staff=True))


FOREIGN = [
    nobody,
    somebody_unproved,
    a_stranger,
    somebody_blocked,
    a_neighbour,
    an_owner_elsewhere,
    committee_elsewhere,
    somebody_invited,
    somebody_suspended,
    staff_without_permissions,
]


@pytest.mark.capability("A03", "A16", "A21", "A34", "A37")
@pytest.mark.parametrize("hands", FOREIGN, ids=lambda hands: hands.__name__)
def test_what_is_somebody_elses_answers_as_if_it_were_not_there(
    owner: User, theirs: Known, hands: Callable[[User], APIClient]
) -> None:
    client = hands(owner)
    tries = list(tries_on_paths(description(staff=True), theirs))
    before = rows()

    faults = faults_of(client, hands.__name__, tries, theirs)

    assert len(tries) >= 140
    assert faults == []
    assert rows() == before


def test_the_hands_of_the_owner_would_be_found(owner: User, theirs: Known) -> None:
    """The control: taken for foreign, whoever may do all this is reported."""
    tries = list(tries_on_paths(description(staff=True), theirs))
    before = rows()

    faults = faults_of(client_of(owner), "owner", tries, theirs)

    assert len(faults) > 20
    assert rows() != before


@pytest.mark.capability("A16", "A21", "A34", "A37")
def test_what_is_somebody_elses_cannot_be_named_in_a_body(owner: User, theirs: Known) -> None:
    person = UserFactory(contractor=True, with_email=True)
    client = client_of(person)
    foreign = belongings(owner) | foreign_homes.named_homes_of(theirs.things, owner)
    foreign |= foreign_messaging.named_messages_of(owner)
    foreign |= foreign_market.named_market_of(theirs.things, owner)
    foreign |= foreign_streams.named_streams_of(owner)
    tries = list(tries_on_bodies(description(staff=True), things_of(person), foreign))
    before = rows()

    faults = faults_of(client, "an owner elsewhere", tries, theirs)

    assert len(tries) > 40
    assert faults == []
    assert rows() == before


@pytest.mark.parametrize("status", [MediaStatus.ANNOUNCED, MediaStatus.REJECTED])
@pytest.mark.capability("A37")
def test_a_file_that_was_not_accepted_is_there_for_nobody(owner: User, status: str) -> None:
    file = CheckedFileFactory(owner=owner, status=status, is_private=False)
    known = Known({"media/": {"id": file.pk}}, {})
    paths = description()["paths"]
    schema = {"paths": {path: paths[path] for path in paths if "/media/{" in path}}
    tries = list(tries_on_paths(schema, known))

    faults = faults_of(APIClient(), "nobody", tries, known)
    faults += faults_of(client_of(UserFactory(superuser=True)), "superuser", tries, known)

    assert faults == []


def belongings(owner: User) -> dict[str, Any]:
    """Keys of ``owner``'s, by the names that bodies give them."""
    papers = identity_papers(owner)
    file = CheckedFileFactory(owner=owner)
    waiting = open_challenge("passkey", {}, seconds=600, user_id=owner.pk)
    code = codes.issue(
        contact=phone_contact(owner.phone_number or ""),
        purpose=CodePurpose.STEP_UP,
        user_id=owner.pk,
        ip_prefix="192.0.2.0/24",
    )
    society = owner.memberships.get().organization
    return {
        "avatar_url": file.pk,
        "building": UserFactory(suspended=True).pk,
        "challenge_id": code.challenge_id,
        "document": file.pk,
        "emirates_id_back": papers["emirates_id_back"].pk,
        "emirates_id_front": papers["emirates_id_front"].pk,
        "link_token": waiting,
        "logo": file.pk,
        "mfa_token": waiting,
        "organization": society.pk,
        "profile_image": file.pk,
        "society": society.pk,
        "trade_license_document": file.pk,
        "user": UserFactory(suspended=True).pk,
    }
