"""Identity papers: handing them in, deciding, looking, and who may do none of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.choices import VerificationStatus
from accounts.exceptions import AttemptsUsedUpError, OwnRequestError
from accounts.models import AuditEvent, MediaFile, Verification
from accounts.services.settings import change_setting
from accounts.services.verifications import (
    LicenseExpiredError,
    approve_verification,
    open_papers,
    reject_verification,
    revoke_verification,
    submit_verification,
)
from accounts.tests.factories.organizations import reviewer, site_administrator
from accounts.tests.factories.papers import (
    identity_papers,
    license_papers,
    submitted,
)
from accounts.tests.factories.people import UserFactory
from accounts.tests.outbox import sent_sms
from config.shared.errors import InvalidInputError, InvalidTransitionError, NotAllowedError
from config.tests.support import drain

pytestmark = pytest.mark.django_db

DIGITS = "784199012345671"


def decided(status):
    papers, staff = submitted(), reviewer()
    if status == "rejected":
        return reject_verification(verification=papers, reviewer=staff, reason="Blurred")
    approved = approve_verification(verification=papers, reviewer=staff)
    if status == "revoked":
        return revoke_verification(verification=approved, reviewer=staff, reason="Forged")
    return approved


@pytest.mark.capability("A37")
def test_papers_are_handed_in_sealed_and_shown_by_their_last_digits():
    person = UserFactory()
    papers = identity_papers(person)

    found = submit_verification(user=person, **papers)

    found.refresh_from_db()
    assert (found.status, found.attempts, found.emirates_id_last4) == ("pending", 1, "5671")
    assert found.emirates_id_number == DIGITS
    with connection.cursor() as cursor:
        cursor.execute("SELECT emirates_id_number FROM accounts_verification")
        assert DIGITS not in cursor.fetchone()[0]
        cursor.execute("SELECT * FROM accounts_verificationevent")
        assert DIGITS not in str(cursor.fetchall())
    front = MediaFile.objects.get(pk=papers["emirates_id_front"].pk)
    assert front.is_private
    assert (front.target_type, front.target_id) == ("accounts.verification", found.pk)
    events = AuditEvent.objects.about(found)
    assert [event.action for event in events] == ["accounts.verification.pending"]
    assert DIGITS not in str([(event.before, event.after) for event in events])


@pytest.mark.capability("A37")
def test_nothing_is_handed_in_while_a_decision_is_awaited():
    waiting = submitted()

    with pytest.raises(InvalidTransitionError):
        submitted(waiting.user, emirates_id_number="784-1985-7654321-0")

    waiting.refresh_from_db()
    assert waiting.emirates_id_last4 == "5671"
    assert waiting.attempts == 1


@pytest.mark.capability("A37")
@pytest.mark.parametrize(("status", "attempts"), [("rejected", 2), ("approved", 1)])
def test_after_a_decision_papers_can_be_handed_in_again(status, attempts):
    before = decided(status)
    old_files = [before.emirates_id_front_id, before.emirates_id_back_id]

    again = submitted(before.user, emirates_id_number="784-1985-7654321-0")

    again.refresh_from_db()
    assert again.pk == before.pk
    assert (again.status, again.attempts, again.emirates_id_last4) == ("pending", attempts, "3210")
    assert (again.reviewed_at, again.reviewed_by, again.purge_after) == (None, None, None)
    assert again.rejection_reason == ""
    assert not MediaFile.objects.filter(pk__in=old_files).exists()


@pytest.mark.capability("A37")
def test_revoked_papers_are_not_handed_in_again():
    revoked = decided("revoked")

    with pytest.raises(InvalidTransitionError):
        submitted(revoked.user)

    revoked.refresh_from_db()
    assert revoked.status == VerificationStatus.REVOKED


@pytest.mark.capability("A37")
def test_papers_are_refused_so_often_and_no_oftener():
    change_setting(key="verification_attempts", value=2, actor=None)
    papers, staff = submitted(), reviewer()
    reject_verification(verification=papers, reviewer=staff, reason="Blurred")
    submitted(papers.user)
    reject_verification(verification=papers, reviewer=staff, reason="Blurred again")

    with pytest.raises(AttemptsUsedUpError):
        submitted(papers.user)

    papers.refresh_from_db()
    assert (papers.status, papers.attempts) == ("rejected", 2)


@pytest.mark.capability("A37")
def test_a_decision_is_written_down_and_told():
    papers, staff = submitted(), reviewer()

    rejected = reject_verification(verification=papers, reviewer=staff, reason="Blurred")

    rejected.refresh_from_db()
    assert (rejected.reviewed_by, rejected.rejection_reason) == (staff, "Blurred")
    kept = rejected.purge_after - rejected.reviewed_at
    assert kept == timedelta(days=90)
    event = AuditEvent.objects.about(papers).first()
    assert (event.action, event.actor, event.reason) == (
        "accounts.verification.rejected",
        staff,
        "Blurred",
    )
    drain()
    assert len(sent_sms(papers.user.phone_number)) == 1


@pytest.mark.capability("A37")
def test_nobody_but_reviewers_decides():
    papers = submitted()
    outsiders = [
        papers.user,
        UserFactory(),
        UserFactory(staff=True),
        site_administrator(),
        reviewer(suspended=True),
    ]

    for outsider in outsiders:
        with pytest.raises(NotAllowedError):
            approve_verification(verification=papers, reviewer=outsider)
        with pytest.raises(NotAllowedError):
            reject_verification(verification=papers, reviewer=outsider, reason="No")
        with pytest.raises(NotAllowedError):
            revoke_verification(verification=papers, reviewer=outsider, reason="No")
        with pytest.raises(NotAllowedError):
            open_papers(verification=papers, reviewer=outsider)

    papers.refresh_from_db()
    assert papers.status == VerificationStatus.PENDING
    assert AuditEvent.objects.about(papers).count() == 1


@pytest.mark.capability("A37")
def test_nobody_decides_on_their_own_papers():
    staff = reviewer()
    papers = submitted(staff)

    with pytest.raises(OwnRequestError):
        approve_verification(verification=papers, reviewer=staff)

    papers.refresh_from_db()
    assert papers.status == VerificationStatus.PENDING


@pytest.mark.parametrize("decide", [reject_verification, revoke_verification])
def test_a_refusal_gives_its_reason(decide):
    papers = submitted() if decide is reject_verification else decided("approved")
    before = papers.status

    with pytest.raises(InvalidInputError):
        decide(verification=papers, reviewer=reviewer(), reason=" ")

    papers.refresh_from_db()
    assert papers.status == before


def test_a_licence_that_ran_out_meanwhile_is_not_approved():
    person = UserFactory()
    papers = submit_verification(user=person, **license_papers(person))
    Verification.objects.update(license_valid_until=timezone.now().date() - timedelta(days=2))

    with pytest.raises(LicenseExpiredError):
        approve_verification(verification=papers, reviewer=reviewer())

    papers.refresh_from_db()
    assert papers.status == VerificationStatus.PENDING


@pytest.mark.capability("A37")
def test_a_verification_is_seen_by_its_person_and_by_reviewers():
    papers = submitted()
    submitted()

    assert list(Verification.objects.visible_to(papers.user)) == [papers]
    assert Verification.objects.visible_to(reviewer()).count() == 2
    for outsider in (UserFactory(), UserFactory(staff=True), site_administrator()):
        assert not Verification.objects.visible_to(outsider).exists()
