"""Members in the API: inviting, answering, leaving, and who is refused."""

import pytest

from accounts.api.throttles import InvitationThrottle
from accounts.choices import MembershipStatus
from accounts.models import Membership
from accounts.services.connections import block_user
from accounts.tests.clients import client_of
from accounts.tests.factories.organizations import (
    MembershipFactory,
    OrganizationFactory,
    owner_of,
    reviewer,
    seated,
)
from accounts.tests.factories.people import UserFactory
from config.tests.support import drain

pytestmark = pytest.mark.django_db


@pytest.fixture
def society():
    return OrganizationFactory(society=True)


def members(organization):
    return f"/api/v1/organizations/{organization.pk}/members/"


def rows():
    return set(Membership.objects.values_list("user", "role", "status"))


@pytest.mark.capability("A16")
def test_from_invitation_to_leaving(society):
    owner, guest = client_of(owner_of(society)), UserFactory(full_name="Priya Nair")

    invited = owner.post(
        members(society), {"user": str(guest.pk), "role": "committee", "title": "Treasurer"}
    )
    address = f"{members(society)}{invited.data['id']}/"
    theirs = client_of(guest)
    waiting = theirs.get("/api/v1/me/invitations/").data["results"]
    accepted = theirs.post(f"{address}accept/")
    changed = owner.patch(address, {"role": "member"})
    left = theirs.post(f"{address}end/", {"reason": "Moved away"})

    assert invited.status_code == 201
    assert invited.data["user"]["name"] == "Priya Nair"
    assert invited.data["status"] == "invited"
    assert [(row["organization"]["name"], row["role"]) for row in waiting] == [
        (society.name, "committee")
    ]
    assert (accepted.status_code, accepted.data["status"]) == (200, "live")
    assert (changed.data["role"], changed.data["title"]) == ("member", "Treasurer")
    assert (left.status_code, left.data["status"]) == (200, "ended")
    assert theirs.get("/api/v1/me/invitations/").data["results"] == []


@pytest.mark.capability("A16")
def test_an_answer_that_comes_twice_is_a_409_with_the_state(society):
    offered = MembershipFactory(organization=society, accepted=False)
    client = client_of(offered.user)
    client.post(f"{members(society)}{offered.pk}/decline/")

    again = client.post(f"{members(society)}{offered.pk}/accept/")

    assert (again.status_code, again.data["code"]) == (409, "invalid_transition")
    assert (again.data["current"], again.data["allowed"]) == ("ended", [])


@pytest.mark.capability("A16")
def test_the_last_owner_stays(society):
    owner = Membership.objects.get(organization=society)

    response = client_of(owner.user).post(f"{members(society)}{owner.pk}/end/")

    assert (response.status_code, response.data["code"]) == (409, "last_owner")
    owner.refresh_from_db()
    assert owner.status == MembershipStatus.LIVE


@pytest.mark.capability("A16", "A02")
def test_strangers_and_ordinary_members_change_nothing(society):
    member = MembershipFactory(organization=society)
    guest = UserFactory()
    before = rows()
    address, invitation = (
        f"{members(society)}{member.pk}/",
        {"user": str(guest.pk), "role": "member"},
    )
    stranger = client_of(owner_of(OrganizationFactory(society=True)))
    colleague = client_of(seated(society, "finance"))
    before = rows()

    for client, seen in ((stranger, 404), (colleague, 403)):
        assert client.post(members(society), invitation).status_code == 403
        assert (
            client.post(
                f"{members(society)}by-address/", {"email": "a@example.com", "role": "member"}
            ).status_code
            == 403
        )
        assert client.patch(address, {"role": "owner"}).status_code == seen
        assert client.post(f"{address}end/").status_code == seen
        assert client.post(f"{address}accept/").status_code == seen
        assert client.post(f"{address}decline/").status_code == seen

    assert rows() == before


@pytest.mark.capability("A16")
def test_members_see_the_list_and_strangers_do_not(society, api):
    member = MembershipFactory(organization=society)
    listed = client_of(member.user).get(members(society))

    assert {row["user"]["id"] for row in listed.data["results"]} == {
        str(member.user_id),
        str(owner_of(society).pk),
    }
    assert "phone" not in str(listed.data)
    assert api.get(members(society)).status_code == 401
    assert client_of(UserFactory()).get(members(society)).status_code == 403
    assert client_of(UserFactory()).get(f"{members(society)}{member.pk}/").status_code == 404
    assert client_of(reviewer()).get(members(society)).status_code == 200
    assert (
        client_of(UserFactory()).get(members(OrganizationFactory(suspended=True))).status_code
        == 404
    )


@pytest.mark.capability("A16")
def test_members_are_filtered_by_role_and_state(society):
    admin = seated(society, "admin")
    MembershipFactory(organization=society, accepted=False)
    client = client_of(admin)

    by_role = client.get(f"{members(society)}?role=admin").data["results"]
    by_state = client.get(f"{members(society)}?status=invited").data["results"]

    assert [row["user"]["id"] for row in by_role] == [str(admin.pk)]
    assert len(by_state) == 1
    assert client.get(f"{members(society)}?role=king").status_code == 400


@pytest.mark.capability("A16")
def test_two_administrators_do_not_overwrite_each_other(society):
    seat = MembershipFactory(organization=society, title="Gardener")
    client = client_of(owner_of(society))
    address = f"{members(society)}{seat.pk}/"
    seen = client.get(address)["ETag"]

    first = client.patch(address, {"title": "Treasurer"}, headers={"If-Match": seen})
    second = client.patch(address, {"title": "Secretary"}, headers={"If-Match": seen})
    third = client.patch(address, {"title": "Chair"}, headers={"If-Match": first["ETag"]})

    assert (first.status_code, second.status_code, third.status_code) == (200, 412, 200)
    assert second.json()["code"] == "stale"
    seat.refresh_from_db()
    assert seat.title == "Chair"


@pytest.mark.capability("A16", "A10")
def test_inviting_an_address_gives_one_answer_whoever_has_it(society):
    guest = UserFactory(phone_number="+971501234567")
    client = client_of(owner_of(society))

    answers = [
        client.post(f"{members(society)}by-address/", {"phone_number": number, "role": "member"})
        for number in ("0501234567", "0507654321")
    ]
    drain()

    known, unknown = answers
    assert (known.status_code, known.data) == (unknown.status_code, unknown.data)
    assert known.status_code == 202
    assert known.data == {"detail": "If anybody has this address, they have been invited."}
    listed = client.get(members(society)).data["results"]
    assert str(guest.pk) not in {row["user"]["id"] for row in listed}
    (waiting,) = client_of(guest).get("/api/v1/me/invitations/").data["results"]
    accepted = client_of(guest).post(f"{members(society)}{waiting['id']}/accept/")
    assert accepted.status_code == 200
    listed = client.get(members(society)).data["results"]
    assert str(guest.pk) in {row["user"]["id"] for row in listed}


@pytest.mark.parametrize(
    "body",
    [
        {"role": "member"},
        {"phone_number": "0501234567", "email": "a@example.com", "role": "member"},
        {"phone_number": "12", "role": "member"},
        {"email": "nobody", "role": "member"},
        {"email": "a@example.com", "role": "king"},
    ],
)
def test_an_invitation_names_one_address_and_a_role(society, body):
    response = client_of(owner_of(society)).post(f"{members(society)}by-address/", body)

    assert response.status_code == 400
    assert Membership.objects.count() == 1


@pytest.mark.capability("A16", "A36")
def test_somebody_invisible_is_invited_like_somebody_missing(society):
    owner, hostile = owner_of(society), UserFactory()
    block_user(blocker=hostile, blocked=owner)
    client = client_of(owner)

    blocked = client.post(members(society), {"user": str(hostile.pk), "role": "member"})
    missing = client.post(members(society), {"user": str(society.pk), "role": "member"})

    assert blocked.status_code == missing.status_code == 400
    assert blocked.data["errors"] == missing.data["errors"]
    assert Membership.objects.count() == 1


def test_invitations_are_limited_by_the_day(society, monkeypatch):
    monkeypatch.setattr(InvitationThrottle, "limit", 1)
    client = client_of(owner_of(society))
    invitation = {"email": "a@example.com", "role": "member"}

    first = client.post(f"{members(society)}by-address/", invitation)
    second = client.post(f"{members(society)}by-address/", invitation)

    assert (first.status_code, second.status_code) == (202, 429)
    assert int(second["Retry-After"]) > 0


@pytest.mark.capability("A16")
def test_an_invitation_sent_twice_with_one_key_is_made_once(society):
    client, guest = client_of(owner_of(society)), UserFactory()
    invitation = {"user": str(guest.pk), "role": "member"}

    first = client.post(members(society), invitation, HTTP_IDEMPOTENCY_KEY="invite-1")
    again = client.post(members(society), invitation, HTTP_IDEMPOTENCY_KEY="invite-1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again["Idempotent-Replayed"] == "true"
    assert first.json() == again.json()
    assert Membership.objects.filter(user=guest).count() == 1


@pytest.mark.capability("A16")
def test_the_list_of_members_costs_the_same_however_long_it_is(assert_constant_queries):
    organization = OrganizationFactory()
    client = client_of(owner_of(organization))

    assert_constant_queries(
        lambda: client.get(f"/api/v1/organizations/{organization.pk}/members/"),
        lambda: MembershipFactory(organization=organization),
    )


@pytest.mark.capability("A16")
def test_the_list_of_invitations_costs_the_same_however_long_it_is(assert_constant_queries):
    guest = UserFactory()
    client = client_of(guest)

    assert_constant_queries(
        lambda: client.get("/api/v1/me/invitations/"),
        lambda: MembershipFactory(user=guest, accepted=False),
    )
