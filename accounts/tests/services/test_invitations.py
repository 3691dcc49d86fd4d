"""Inviting an address: the same answer for everybody's and nobody's."""

import pytest

from accounts.choices import MembershipStatus
from accounts.models import AuditEvent, Membership
from accounts.services.connections import block_user
from accounts.services.invitations import invite_by_address, invite_member
from accounts.services.memberships import accept_invitation, decline_invitation, end_membership
from accounts.tasks import deliver_invitation
from accounts.tests.factories.organizations import (
    MembershipFactory,
    OrganizationFactory,
    owner_of,
    seated,
)
from accounts.tests.factories.people import UserFactory
from accounts.tests.outbox import sent_email, sent_sms
from config.shared.errors import InvalidInputError, NotAllowedError
from config.tests.support import drain, waiting_jobs

pytestmark = pytest.mark.django_db

JOB = "accounts.deliver_invitation"


@pytest.fixture
def society():
    return OrganizationFactory(name="Marina Heights Owners")


def invited(society, **address):
    invite_by_address(organization=society, inviter=owner_of(society), role="committee", **address)
    drain()
    return Membership.objects.filter(organization=society, by_address=True).first()


@pytest.mark.capability("A16")
def test_the_holder_of_a_phone_number_is_invited_however_it_is_spelt(society):
    guest = UserFactory(phone_number="+971501234567")

    offered = invited(society, phone_number="050 123 4567")

    assert (offered.user, offered.role, offered.status) == (guest, "committee", "invited")
    (text,) = sent_sms("+971501234567")
    assert "Marina Heights Owners" in text


@pytest.mark.capability("A16")
def test_the_holder_of_an_email_address_is_invited_however_it_is_capitalised(society):
    guest = UserFactory(email="priya@example.com", email_verified=True)

    offered = invited(society, email="Priya@Example.com")

    assert offered.user == guest
    assert len(sent_email("priya@example.com")) == 1


@pytest.mark.capability("A16", "A10")
def test_a_known_and_an_unknown_address_leave_the_same_traces_behind(society):
    UserFactory(phone_number="+971501234567")
    owner = owner_of(society)

    answers = [
        invite_by_address(organization=society, inviter=owner, role="member", phone_number=number)
        for number in ("+971501234567", "+971507654321")
    ]

    assert answers == [None, None]
    assert not Membership.objects.filter(by_address=True).exists()
    known, unknown = waiting_jobs(JOB)
    assert set(known.task_kwargs) == set(unknown.task_kwargs)
    assert "1234567" not in str(known.task_kwargs)
    first, second = AuditEvent.objects.about(society).filter(
        action="accounts.organization.invited_an_address"
    )
    assert first.after == second.after == {"role": "member", "channel": "sms"}


@pytest.mark.capability("A16")
def test_only_the_invited_person_sees_an_invitation_by_address(society):
    guest = UserFactory(phone_number="+971501234567")

    offered = invited(society, phone_number="+971501234567")

    assert not Membership.objects.visible_to(owner_of(society)).filter(pk=offered.pk).exists()
    assert list(Membership.objects.visible_to(guest)) == [offered]
    decline_invitation(membership=offered, user=guest)
    assert not Membership.objects.visible_to(owner_of(society)).filter(pk=offered.pk).exists()


@pytest.mark.capability("A16")
def test_colleagues_see_the_member_once_the_invitation_is_accepted(society):
    guest = UserFactory(phone_number="+971501234567")
    offered = invited(society, phone_number="+971501234567")

    accept_invitation(membership=offered, user=guest)

    assert Membership.objects.visible_to(owner_of(society)).filter(user=guest).exists()


@pytest.mark.capability("A16")
def test_inviting_a_person_by_name_does_not_tell_that_their_address_was_invited(society):
    guest = UserFactory(phone_number="+971501234567")
    hidden = invited(society, phone_number="+971501234567")

    offered = invite_member(
        organization=society, inviter=owner_of(society), user=guest, role="member"
    )

    assert offered.pk == hidden.pk
    offered.refresh_from_db()
    assert (offered.by_address, offered.role) == (False, "member")


@pytest.mark.parametrize(
    "address",
    [{"phone_number": "+971501234567"}, {"email": "priya@example.com"}],
)
def test_an_address_that_was_never_proved_is_nobodys(society, address):
    UserFactory(phone_number="+971501234567", email="priya@example.com", phone_verified=False)

    assert invited(society, **address) is None
    assert sent_sms() == []


@pytest.mark.capability("A03", "A16")
def test_nobody_is_invited_who_is_suspended_blocked_or_a_member(society):
    owner = owner_of(society)
    suspended = UserFactory(suspended=True)
    hostile = UserFactory()
    block_user(blocker=hostile, blocked=owner)
    member = MembershipFactory(organization=society).user
    before = set(Membership.objects.values_list("pk", "status", "by_address"))

    for person in (suspended, hostile, member):
        invite_by_address(
            organization=society,
            inviter=owner,
            role="committee",
            phone_number=person.phone_number,
        )
    drain()

    assert set(Membership.objects.values_list("pk", "status", "by_address")) == before


def test_an_invitation_is_not_delivered_for_somebody_who_has_left_meanwhile(society):
    UserFactory(phone_number="+971501234567")
    admin = seated(society, "admin")
    invite_by_address(
        organization=society, inviter=admin, role="member", phone_number="+971501234567"
    )

    end_membership(membership=Membership.objects.get(user=admin), actor=admin)
    drain()

    assert not Membership.objects.filter(status=MembershipStatus.INVITED).exists()


@pytest.mark.capability("A16")
def test_only_those_who_lead_invite_addresses(society):
    for outsider in (seated(society, "committee"), UserFactory(), owner_of(OrganizationFactory())):
        with pytest.raises(NotAllowedError):
            invite_by_address(
                organization=society, inviter=outsider, role="member", email="a@example.com"
            )

    assert waiting_jobs(JOB) == []


@pytest.mark.parametrize("address", [{}, {"phone_number": "0501234567", "email": "a@example.com"}])
def test_an_invitation_goes_to_one_address(society, address):
    with pytest.raises(InvalidInputError):
        invite_by_address(organization=society, inviter=owner_of(society), role="member", **address)

    assert waiting_jobs(JOB) == []


@pytest.mark.capability("A16")
def test_an_invitation_that_is_delivered_twice_is_made_once(society):
    guest = UserFactory(phone_number="+971501234567")
    invite_by_address(
        organization=society,
        inviter=owner_of(society),
        role="member",
        phone_number=guest.phone_number,
    )
    (job,) = waiting_jobs(JOB)
    drain()

    deliver_invitation(**job.task_kwargs)
    drain()

    assert Membership.objects.filter(user=guest).count() == 1
    assert len(sent_sms(guest.phone_number)) == 1
