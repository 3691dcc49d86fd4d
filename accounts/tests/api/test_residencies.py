"""Residencies in the API: claims, decisions, ends, and who is refused."""

import pytest

from accounts.api.throttles import ClaimThrottle
from accounts.models import Residency
from accounts.services.buildings import rotate_join_code
from accounts.tests.clients import client_of
from accounts.tests.factories.buildings import BuildingFactory, ResidencyFactory
from accounts.tests.factories.organizations import (
    OrganizationFactory,
    owner_of,
    reviewer,
    seated,
)
from accounts.tests.factories.papers import CheckedFileFactory
from accounts.tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

LIST = "/api/v1/residencies/"


@pytest.fixture
def building():
    return BuildingFactory(name="Tower One")


@pytest.fixture
def committee(building):
    return seated(building.society, "committee")


def page(residency):
    return f"{LIST}{residency.pk}/"


def claim_of(building, /, **changes):
    return {
        "building": str(building.pk),
        "unit_label": "12b",
        "relation": "tenant",
        "method": "committee",
        **changes,
    }


@pytest.mark.capability("A21")
def test_from_claim_to_moving_out(building, committee):
    resident = UserFactory()
    theirs, judge = client_of(resident), client_of(committee)

    claimed = theirs.post(LIST, claim_of(building))
    address = f"{LIST}{claimed.data['id']}/"
    (waiting,) = judge.get(f"{LIST}?status=claimed").data["results"]
    verified = judge.post(f"{address}verify/", {"note": "Known for years"})
    ended = theirs.post(f"{address}end/", {})

    assert (claimed.status_code, claimed.data["status"]) == (201, "claimed")
    assert claimed.data["unit_label"] == "12B"
    assert claimed.data["building"]["name"] == "Tower One"
    assert waiting["user"]["id"] == str(resident.pk)
    assert (verified.status_code, verified.data["status"]) == (200, "verified")
    assert (ended.status_code, ended.data["status"]) == (200, "ended")
    assert ended.data["until"] is not None


@pytest.mark.capability("A21")
def test_a_document_is_named_by_its_identifier(building):
    resident = UserFactory()
    own, foreign = CheckedFileFactory(owner=resident), CheckedFileFactory()
    client = client_of(resident)

    refused = client.post(LIST, claim_of(building, method="document", document=str(foreign.pk)))
    missing = client.post(LIST, claim_of(building, method="document"))
    accepted = client.post(LIST, claim_of(building, method="document", document=str(own.pk)))

    assert refused.data["errors"][0]["code"] == "does_not_exist"
    assert missing.data["errors"][0]["pointer"] == "/document"
    assert accepted.status_code == 201
    assert Residency.objects.get().document == own


@pytest.mark.capability("A21")
def test_the_join_code_lets_in_and_another_does_not(building):
    code = rotate_join_code(building=building, actor=owner_of(building.society))
    client = client_of(UserFactory())

    wrong = client.post(LIST, claim_of(building, method="code", code="0000-0000-0000"))
    none = client.post(LIST, claim_of(building, method="code"))
    right = client.post(LIST, claim_of(building, method="code", code=code))

    assert [answer.data["code"] for answer in (wrong, none)] == ["wrong_code", "wrong_code"]
    assert (right.status_code, right.data["status"]) == (201, "verified")
    assert Residency.objects.count() == 1


@pytest.mark.capability("A21")
def test_nobody_guesses_join_codes_for_long(building, monkeypatch):
    monkeypatch.setattr(ClaimThrottle, "limit", 3)
    rotate_join_code(building=building, actor=owner_of(building.society))
    client = client_of(UserFactory())

    answers = [
        client.post(
            LIST,
            claim_of(building, method="code", code=f"0000-0000-000{number}"),
            HTTP_IDEMPOTENCY_KEY=f"guess-{number}",
        ).status_code
        for number in range(5)
    ]

    assert answers == [400, 400, 400, 429, 429]
    assert not Residency.objects.exists()


@pytest.mark.capability("A21")
@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"unit_label": " "}, "/unit_label"),
        ({"unit_label": "x" * 41}, "/unit_label"),
        ({"relation": "king"}, "/relation"),
        ({"method": "booking"}, "/method"),
        ({"since": "2999-01-01"}, "/since"),
        ({"since": "soon"}, "/since"),
        ({"building": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"}, "/building"),
    ],
)
def test_a_claim_that_cannot_be_is_refused_where_it_stands(building, change, pointer):
    response = client_of(UserFactory()).post(LIST, claim_of(building, **change))

    assert response.status_code == 400
    assert response.data["errors"][0]["pointer"] == pointer
    assert not Residency.objects.exists()


@pytest.mark.capability("A21")
def test_a_home_claimed_twice_is_a_409(building):
    client = client_of(UserFactory())
    client.post(LIST, claim_of(building))

    again = client.post(LIST, claim_of(building, unit_label=" 12B", relation="owner"))

    assert (again.status_code, again.data["code"]) == (409, "residency_exists")
    assert Residency.objects.count() == 1


@pytest.mark.capability("A21", "A02")
def test_strangers_learn_nothing_and_decide_nothing(building, api):
    claim = ResidencyFactory(building=building)
    other = OrganizationFactory(society=True)
    strangers = [
        UserFactory(society=True),
        seated(other, "committee"),
        seated(building.society, "member"),
        ResidencyFactory(building=building, verified=True).user,
        UserFactory(staff=True),
    ]

    for path, body in (
        (page(claim), None),
        (f"{page(claim)}verify/", {}),
        (f"{page(claim)}reject/", {"reason": "No"}),
        (f"{page(claim)}end/", {}),
    ):
        assert (api.get(path) if body is None else api.post(path, body)).status_code == 401
        for stranger in strangers:
            client = client_of(stranger)
            answer = client.get(path) if body is None else client.post(path, body)
            assert (answer.status_code, answer.data["code"]) == (404, "not_found")

    claim.refresh_from_db()
    assert claim.status == "claimed"
    assert api.get(LIST).status_code == 401


@pytest.mark.capability("A21")
def test_a_claimant_sees_but_does_not_decide_their_claim(building, committee):
    claim, own = (
        ResidencyFactory(building=building),
        ResidencyFactory(building=building, user=committee),
    )

    by_claimant = client_of(claim.user).post(f"{page(claim)}verify/", {})
    by_committee = client_of(committee).post(f"{page(own)}verify/", {})

    for refused in (by_claimant, by_committee):
        assert (refused.status_code, refused.data["code"]) == (403, "own_request")
    assert not Residency.objects.verified().exists()


@pytest.mark.capability("A21")
def test_a_decision_is_made_once(building, committee):
    claim = ResidencyFactory(building=building)
    client = client_of(committee)
    client.post(f"{page(claim)}reject/", {"reason": "Nobody knows you"})

    again = client.post(f"{page(claim)}verify/", {})

    assert (again.status_code, again.data["current"]) == (409, "rejected")
    seen = client_of(claim.user).get(page(claim)).data
    assert (seen["status"], seen["decision_note"]) == ("rejected", "Nobody knows you")


def test_a_rejection_without_a_reason_is_refused(building, committee):
    claim = ResidencyFactory(building=building)

    response = client_of(committee).post(f"{page(claim)}reject/", {})

    assert response.data["errors"][0]["pointer"] == "/reason"
    claim.refresh_from_db()
    assert claim.status == "claimed"


@pytest.mark.capability("A21")
def test_an_owner_finds_and_ends_the_residency_of_their_tenant(building):
    owner = ResidencyFactory(building=building, unit_label="12B", verified=True).user
    tenant = ResidencyFactory(building=building, unit_label="12B", relation="tenant", verified=True)
    client = client_of(owner)

    listed = client.get(f"{LIST}?mine=false").data["results"]
    ended = client.post(f"{page(tenant)}end/", {"reason": "Contract over"})

    assert [row["id"] for row in listed] == [str(tenant.pk)]
    assert (ended.status_code, ended.data["status"]) == (200, "ended")


@pytest.mark.capability("A21")
def test_staff_who_may_decide_do(building):
    claim = ResidencyFactory(building=building)

    response = client_of(reviewer()).post(f"{page(claim)}verify/", {})

    assert response.data["status"] == "verified"


@pytest.mark.capability("A21")
def test_residencies_are_filtered(building, committee):
    ResidencyFactory(building=building, unit_label="1A", relation="tenant")
    ResidencyFactory(building=building, unit_label="2A", verified=True)
    client = client_of(committee)

    def found(query):
        return [row["unit_label"] for row in client.get(f"{LIST}?{query}").data["results"]]

    assert found("status=verified") == ["2A"]
    assert found("relation=tenant") == ["1A"]
    assert found("unit_label=1a") == ["1A"]
    assert found("mine=true") == []
    assert found(f"building={building.pk}&ordering=unit_label") == ["1A", "2A"]
    assert client.get(f"{LIST}?building=tower").status_code == 400


@pytest.mark.capability("A21")
def test_the_list_of_residencies_costs_the_same_however_long_it_is(assert_constant_queries):
    building = BuildingFactory()
    client = client_of(owner_of(building.society))

    assert_constant_queries(
        lambda: client.get("/api/v1/residencies/"), lambda: ResidencyFactory(building=building)
    )
