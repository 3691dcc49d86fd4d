"""Contractor papers in the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.choices import MediaPurpose
from accounts.models import ContractorPaper
from accounts.tests.clients import client_of
from accounts.tests.factories.organizations import OrganizationFactory, owner_of, seated
from accounts.tests.factories.papers import CheckedFileFactory, PaperFactory
from accounts.tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

LIST = "/api/v1/papers/"


def in_days(days):
    return (timezone.now().date() + timedelta(days=days)).isoformat()


@pytest.fixture
def contractor():
    return UserFactory(contractor=True)


@pytest.mark.capability("A34")
def test_a_contractor_files_and_replaces_a_paper(contractor):
    client = client_of(contractor)
    scan = CheckedFileFactory(owner=contractor, purpose=MediaPurpose.PAPER)

    filed = client.post(
        LIST,
        {
            "kind": "insurance",
            "number": "POL-2026-118",
            "issuer": "Gulf Insurance",
            "document": str(scan.pk),
            "valid_until": in_days(30),
        },
    )
    replaced = client.post(
        f"{LIST}{filed.data['id']}/replace/", {"number": "POL-2027-7", "valid_until": in_days(395)}
    )

    assert (filed.status_code, filed.data["number_hint"]) == (201, "…-118")
    assert (filed.data["user_id"], filed.data["organization_id"]) == (str(contractor.pk), None)
    assert filed.data["document"] == str(scan.pk)
    assert "POL-2026-118" not in filed.content.decode()
    assert (replaced.status_code, replaced.data["kind"]) == (201, "insurance")
    current = client.get(f"{LIST}?current=true").data["results"]
    history = client.get(f"{LIST}?current=false").data["results"]
    assert [row["id"] for row in current] == [replaced.data["id"]]
    assert [row["id"] for row in history] == [filed.data["id"]]


@pytest.mark.capability("A34")
def test_a_second_paper_of_a_kind_and_a_second_replacement_are_refused(contractor):
    client = client_of(contractor)
    paper = PaperFactory(holder=contractor)
    body = {"kind": "license", "valid_until": in_days(30)}
    client.post(f"{LIST}{paper.pk}/replace/", body)

    second = client.post(LIST, body)
    again = client.post(f"{LIST}{paper.pk}/replace/", body)

    assert (second.status_code, second.data["code"]) == (409, "paper_exists")
    assert (again.status_code, again.data["code"]) == (409, "paper_replaced")
    assert ContractorPaper.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"valid_until": "2020-01-01"}, "/valid_until"),
        ({"valid_until": "soon"}, "/valid_until"),
        ({"kind": "poem"}, "/kind"),
        ({"number": "x" * 81}, "/number"),
        ({"document": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"}, "/document"),
    ],
)
def test_a_paper_that_cannot_be_is_refused_where_it_stands(contractor, change, pointer):
    body = {"kind": "license", "valid_until": in_days(30), **change}

    response = client_of(contractor).post(LIST, body)

    assert response.status_code == 400
    assert response.data["errors"][0]["pointer"] == pointer
    assert not ContractorPaper.objects.exists()


@pytest.mark.capability("A34", "A16")
def test_a_firm_keeps_its_papers_by_those_who_lead_it():
    firm = OrganizationFactory(contractor=True)
    body = {"kind": "license", "valid_until": in_days(30), "organization": str(firm.pk)}

    by_admin = client_of(seated(firm, "admin")).post(LIST, body)
    by_member = client_of(seated(firm, "finance")).post(LIST, {**body, "kind": "insurance"})
    by_stranger = client_of(UserFactory(contractor=True)).post(LIST, {**body, "kind": "insurance"})

    assert by_admin.status_code == 201
    assert by_admin.data["organization_id"] == str(firm.pk)
    assert by_member.status_code == by_stranger.status_code == 403
    assert ContractorPaper.objects.count() == 1
    owners = client_of(owner_of(firm)).get(f"{LIST}?organization={firm.pk}").data["results"]
    assert len(owners) == 1


@pytest.mark.capability("A34")
def test_strangers_see_and_replace_no_papers(contractor, api):
    paper = PaperFactory(holder=contractor)
    address = f"{LIST}{paper.pk}/"
    body = {"valid_until": in_days(30)}

    for stranger in (UserFactory(contractor=True), UserFactory(staff=True)):
        client = client_of(stranger)
        assert client.get(LIST).data["count"] == 0
        assert client.get(address).status_code == 404
        assert client.post(f"{address}replace/", body).status_code == 404
    assert api.get(LIST).status_code == 401
    assert api.post(LIST, body).status_code == 401

    paper.refresh_from_db()
    assert paper.replaced_at is None


@pytest.mark.capability("A34")
def test_the_list_of_papers_costs_the_same_however_long_it_is(assert_constant_queries):
    person = UserFactory(contractor=True)
    client = client_of(person)

    def grow():
        firm = OrganizationFactory(contractor=True, creator=person)
        PaperFactory(holder=firm, actor=person)

    assert_constant_queries(lambda: client.get("/api/v1/papers/"), grow)
