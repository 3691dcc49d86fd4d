"""Verifications in the API: the papers go in, the state comes out."""

import pytest

from accounts.models import AuditEvent, Verification
from accounts.tests.clients import client_of
from accounts.tests.factories.organizations import reviewer, site_administrator
from accounts.tests.factories.papers import (
    IDENTITY_NUMBER,
    CheckedFileFactory,
    identity_papers,
    submitted,
)
from accounts.tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

LIST = "/api/v1/verifications/"
DIGITS = IDENTITY_NUMBER.replace("-", "")


def body_of(person, **changes):
    papers = identity_papers(person)
    files = {name: str(papers[name].pk) for name in ("emirates_id_front", "emirates_id_back")}
    return {
        "verification_type": "emirates_id",
        "emirates_id_number": IDENTITY_NUMBER,
        **files,
        **changes,
    }


def page(verification):
    return f"{LIST}{verification.pk}/"


@pytest.mark.capability("A37")
def test_from_papers_to_a_decision():
    person, staff = UserFactory(), reviewer()
    theirs, judge = client_of(person), client_of(staff)

    handed_in = theirs.post(LIST, body_of(person))
    address = f"{LIST}{handed_in.data['id']}/"
    (waiting,) = judge.get(f"{LIST}?status=pending").data["results"]
    rejected = judge.post(f"{address}reject/", {"reason": "Blurred"})
    seen = theirs.get(address)
    again = theirs.post(LIST, body_of(person))
    approved = judge.post(f"{address}approve/")
    revoked = judge.post(f"{address}revoke/", {"reason": "Forged"})

    assert (handed_in.status_code, handed_in.data["status"]) == (201, "pending")
    assert handed_in.data["emirates_id_last4"] == "5671"
    assert waiting["user"]["id"] == str(person.pk)
    assert rejected.data["status"] == "rejected"
    assert (seen.data["status"], seen.data["rejection_reason"]) == ("rejected", "Blurred")
    assert (again.status_code, again.data["id"]) == (201, handed_in.data["id"])
    assert (approved.data["status"], revoked.data["status"]) == ("approved", "revoked")
    for response in (handed_in, seen, again, approved, revoked):
        assert DIGITS not in response.content.decode()
        assert "front" not in response.content.decode()


@pytest.mark.capability("A37")
def test_the_submitter_sees_state_and_reason_and_never_anothers_papers(api):
    papers, other = submitted(), submitted()
    client = client_of(papers.user)

    assert [row["id"] for row in client.get(LIST).data["results"]] == [str(papers.pk)]
    assert client.get(page(other)).status_code == 404
    assert client.get(f"{page(other)}papers/").status_code == 404
    assert client.get(f"{page(papers)}papers/").status_code == 403
    assert api.get(LIST).status_code == 401
    assert not AuditEvent.objects.filter(action__endswith="papers_viewed").exists()


@pytest.mark.capability("A37")
def test_a_reviewer_opens_papers_and_it_is_written_down():
    papers, staff = submitted(), reviewer()

    opened = client_of(staff).get(f"{page(papers)}papers/")

    assert opened.status_code == 200
    assert opened.data["emirates_id_number"] == DIGITS
    assert [file["id"] for file in opened.data["files"]] == [
        str(papers.emirates_id_front_id),
        str(papers.emirates_id_back_id),
    ]
    assert opened["Cache-Control"] == "no-store"
    look = AuditEvent.objects.get(action="accounts.verification.papers_viewed")
    assert (look.actor, look.object_id) == (staff, str(papers.pk))
    assert look.request_id == opened["X-Request-ID"]


@pytest.mark.capability("A37", "A02")
def test_nobody_but_reviewers_decides(api):
    papers = submitted()
    acts = [("approve", {}), ("reject", {"reason": "No"}), ("revoke", {"reason": "No"})]
    strangers = [UserFactory(), UserFactory(staff=True), site_administrator()]

    for act, body in acts:
        assert api.post(f"{page(papers)}{act}/", body).status_code == 401
        assert client_of(papers.user).post(f"{page(papers)}{act}/", body).status_code == 403
        for stranger in strangers:
            assert client_of(stranger).post(f"{page(papers)}{act}/", body).status_code == 404

    papers.refresh_from_db()
    assert papers.status == "pending"


@pytest.mark.capability("A37")
def test_a_reviewer_does_not_decide_on_their_own_papers():
    staff = reviewer()
    papers = submitted(staff)

    response = client_of(staff).post(f"{page(papers)}approve/")

    assert (response.status_code, response.data["code"]) == (403, "own_request")
    papers.refresh_from_db()
    assert papers.status == "pending"


@pytest.mark.capability("A37")
def test_a_second_decision_is_a_409_with_the_state():
    papers = submitted()
    client = client_of(reviewer())
    client.post(f"{page(papers)}approve/")

    again = client.post(f"{page(papers)}reject/", {"reason": "Blurred"})

    assert (again.status_code, again.data["code"]) == (409, "invalid_transition")
    assert (again.data["current"], again.data["allowed"]) == ("approved", ["pending", "revoked"])


@pytest.mark.capability("A37")
def test_somebody_elses_file_is_missing():
    person = UserFactory()
    foreign = CheckedFileFactory()

    response = client_of(person).post(LIST, body_of(person, emirates_id_front=str(foreign.pk)))

    assert response.status_code == 400
    assert response.data["errors"] == [
        {
            "pointer": "/emirates_id_front",
            "code": "does_not_exist",
            "detail": "There is no such thing here.",
        }
    ]
    assert not Verification.objects.exists()


def test_all_that_is_missing_is_named_at_once():
    response = client_of(UserFactory()).post(LIST, {"verification_type": "both"})

    assert response.status_code == 400
    assert len(response.data["errors"]) == 6
    assert not Verification.objects.exists()


def test_a_refusal_without_a_reason_is_refused():
    papers = submitted()

    response = client_of(reviewer()).post(f"{page(papers)}reject/", {})

    assert response.data["errors"][0]["pointer"] == "/reason"
    papers.refresh_from_db()
    assert papers.status == "pending"


@pytest.mark.capability("A37")
def test_the_queue_costs_the_same_however_long_it_is(assert_constant_queries):
    client = client_of(reviewer())

    assert_constant_queries(lambda: client.get("/api/v1/verifications/"), submitted)
