"""People whom every door is closed to: suspended ones, whatever they were before, and nobody."""

import json

import pytest
from django.apps import apps

from accounts.models import Verification
from accounts.services import standing
from accounts.tests.clients import client_of
from accounts.tests.factories.buildings import BuildingFactory, ResidencyFactory
from accounts.tests.factories.organizations import (
    MembershipFactory,
    OrganizationFactory,
    reviewer,
    staff_in,
)
from accounts.tests.factories.papers import PaperFactory, identity_papers, submitted
from accounts.tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

MODELS = (
    "Organization",
    "Membership",
    "Building",
    "Residency",
    "Follow",
    "Block",
    "ContractorPaper",
    "Verification",
)


def everything():
    """All rows of the models that these requests would change."""
    rows = {
        name: list(apps.get_model("accounts", name).objects.order_by("pk").values())
        for name in MODELS
    }
    return json.dumps(rows, default=str, sort_keys=True)


@pytest.fixture
def owner():
    """Somebody who leads a society and a firm, owns a flat and waits for a decision."""
    person = UserFactory(contractor=True)
    PaperFactory(holder=person)
    return person


@pytest.fixture
def requests(owner):
    """What ``owner`` may do today, each as method, address and body."""
    society = OrganizationFactory(society=True, creator=owner)
    building = BuildingFactory(society=society)
    member = MembershipFactory(organization=society)
    claim = ResidencyFactory(building=building)
    home = ResidencyFactory(building=building, user=owner, verified=True)
    paper = owner.papers.get()
    files = {
        name: str(value.pk) if hasattr(value, "pk") else value
        for name, value in identity_papers(owner).items()
    }
    other = UserFactory()
    return [
        *about_society(society, member, other),
        *about_homes(society, building, claim, home),
        *about_people(other),
        *about_papers(paper, files),
    ]


def about_society(society, member, other):
    organization = f"organizations/{society.pk}/"
    members = f"{organization}members/"
    return [
        ("post", "organizations/", {"kind": "employer", "name": "New"}),
        ("patch", organization, {"name": "Another"}),
        ("get", members, None),
        ("post", members, {"user": str(other.pk), "role": "member"}),
        ("post", f"{members}by-address/", {"email": "a@example.com", "role": "member"}),
        ("patch", f"{members}{member.pk}/", {"role": "admin"}),
        ("post", f"{members}{member.pk}/end/", {}),
    ]


def about_homes(society, building, claim, home):
    claimed = {"unit_label": "9Z", "relation": "owner", "method": "committee"}
    return [
        ("post", "buildings/", {"name": "New", "city": "Dubai", "society": str(society.pk)}),
        ("patch", f"buildings/{building.pk}/", {"name": "Another"}),
        ("post", f"buildings/{building.pk}/join-code/", None),
        ("get", "residencies/", None),
        ("post", "residencies/", {"building": str(building.pk), **claimed}),
        ("post", f"residencies/{claim.pk}/verify/", {}),
        ("post", f"residencies/{claim.pk}/reject/", {"reason": "No"}),
        ("post", f"residencies/{home.pk}/end/", {}),
    ]


def about_people(other):
    return [
        ("post", f"users/{other.pk}/follow/", None),
        ("delete", f"users/{other.pk}/follow/", None),
        ("post", f"users/{other.pk}/block/", None),
        ("delete", f"users/{other.pk}/block/", None),
        ("get", "me/following/", None),
        ("get", "me/followers/", None),
        ("get", "me/blocks/", None),
        ("get", "me/invitations/", None),
    ]


def about_papers(paper, files):
    return [
        ("get", "papers/", None),
        ("post", "papers/", {"kind": "insurance", "valid_until": "2040-01-01"}),
        ("post", f"papers/{paper.pk}/replace/", {"valid_until": "2040-01-01"}),
        ("get", "verifications/", None),
        ("post", "verifications/", files),
    ]


def answers(client, requests):
    return {
        (method, path): getattr(client, method)(f"/api/v1/{path}", body).status_code
        for method, path, body in requests
    }


@pytest.mark.capability("A03")
def test_a_suspended_person_is_refused_everywhere_at_their_next_call(owner, requests):
    client = client_of(owner)
    staff = staff_in("Moderation")
    assert client.get("/api/v1/me/blocks/").status_code == 200

    standing.suspend(user=owner, actor=staff, reason="Fraud")
    before = everything()
    found = answers(client, requests)

    assert set(found.values()) <= {401, 403}, found
    assert everything() == before


def test_nobody_in_particular_is_refused_everywhere(api, requests):
    before = everything()

    found = answers(api, requests)

    assert set(found.values()) == {401}, found
    assert everything() == before


def test_the_same_requests_of_somebody_in_good_standing_are_carried_out(owner, requests):
    found = answers(client_of(owner), requests)

    refused = {request: status for request, status in found.items() if status >= 400}
    # The claim that was just verified cannot be rejected any more.
    assert set(refused.values()) <= {409}, refused
    assert len(refused) == 1


@pytest.mark.capability("A03", "A37")
def test_a_suspended_reviewer_decides_nothing():
    papers, staff = submitted(), reviewer()
    client = client_of(staff)
    standing.suspend(user=staff, actor=staff_in("Moderation"), reason="Left")

    for act in ("approve/", "reject/", "revoke/", "papers/"):
        method = client.get if act == "papers/" else client.post
        response = method(f"/api/v1/verifications/{papers.pk}/{act}")
        assert response.status_code in {401, 403}

    assert Verification.objects.get().status == "pending"


@pytest.mark.capability("A16", "A21")
def test_a_person_who_has_proved_no_contact_changes_nothing():
    client = client_of(UserFactory(unverified=True))
    building = BuildingFactory()
    before = everything()

    refused = [
        client.post("/api/v1/organizations/", {"kind": "society", "name": "New"}),
        client.post("/api/v1/residencies/", {"building": str(building.pk)}),
        client.post("/api/v1/papers/", {"kind": "license", "valid_until": "2040-01-01"}),
    ]

    assert [response.status_code for response in refused] == [403, 403, 403]
    assert {response.data["code"] for response in refused} == {"verification_required"}
    assert everything() == before
