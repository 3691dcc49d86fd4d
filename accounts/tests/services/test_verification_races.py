"""Two reviewers on one request, and two requests of one person, in the same moment."""

import pytest

from accounts.models import AuditEvent, MediaFile, Verification
from accounts.services.verification_papers import purge_decided_papers
from accounts.services.verifications import (
    approve_verification,
    reject_verification,
    submit_verification,
)
from accounts.tests.factories.organizations import reviewer
from accounts.tests.factories.papers import identity_papers, submitted
from accounts.tests.factories.people import UserFactory
from config.shared.errors import InvalidTransitionError
from config.tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.capability("A37")
def test_of_several_reviewers_one_decides():
    papers = submitted()
    staff = [reviewer() for _ in range(4)]

    results = race(
        lambda: approve_verification(verification=papers, reviewer=staff[0]),
        lambda: reject_verification(verification=papers, reviewer=staff[1], reason="Blurred"),
        lambda: approve_verification(verification=papers, reviewer=staff[2]),
        lambda: reject_verification(verification=papers, reviewer=staff[3], reason="Blurred"),
    )

    decisions = [result for result in results if isinstance(result, Verification)]
    assert len(decisions) == 1
    assert sum(isinstance(result, InvalidTransitionError) for result in results) == 3
    papers.refresh_from_db()
    assert papers.status == decisions[0].status
    assert papers.reviewed_by == decisions[0].reviewed_by
    assert AuditEvent.objects.about(papers).count() == 2


@pytest.mark.capability("A37")
def test_of_several_requests_of_one_person_one_is_made():
    person = UserFactory()
    papers = [identity_papers(person) for _ in range(4)]

    results = race(
        *(lambda given=given: submit_verification(user=person, **given) for given in papers)
    )

    assert sum(isinstance(result, Verification) for result in results) == 1
    assert sum(isinstance(result, InvalidTransitionError) for result in results) == 3
    found = Verification.objects.get()
    assert MediaFile.objects.filter(target_id=found.pk).count() == 2


@pytest.mark.capability("A37")
def test_papers_are_purged_once_however_many_workers_run():
    papers = approve_verification(verification=submitted(), reviewer=reviewer())

    results = race(*(lambda: purge_decided_papers(now=papers.purge_after) for _ in range(4)))

    assert sorted(results) == [0, 0, 0, 1]
    purged = AuditEvent.objects.about(papers).filter(action="accounts.verification.purged")
    assert purged.count() == 1
