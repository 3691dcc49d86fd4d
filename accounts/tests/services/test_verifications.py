"""Identity papers: handing them in, deciding, looking, and who may do none of it."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.choices import MediaKind, VerificationStatus, VerificationType
from accounts.exceptions import AttemptsUsedUpError, OwnRequestError, PapersPurgedError
from accounts.models import AuditEvent, MediaFile, Verification
from accounts.services.settings import change_setting
from accounts.services.verification_papers import purge_decided_papers
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
    CheckedFileFactory,
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
def test_each_type_needs_its_papers_and_keeps_no_others():
    person = UserFactory()

    with pytest.raises(InvalidInputError) as caught:
        submit_verification(user=person, verification_type=VerificationType.BOTH)

    assert [error.pointer for error in caught.value.errors] == [
        "/emirates_id_number",
        "/emirates_id_front",
        "/emirates_id_back",
        "/trade_license_number",
        "/trade_license_document",
        "/license_valid_until",
    ]
    assert not Verification.objects.exists()
    surplus = license_papers(person, **identity_papers(person, verification_type="trade_license"))
    found = submit_verification(user=person, **surplus)
    assert (found.emirates_id_number, found.emirates_id_front) == ("", None)
    assert (found.trade_license_number, found.trade_license_last4) == ("CN-1234567", "4567")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("emirates_id_number", "784-1990", "wrong_format"),
        ("emirates_id_number", "123199012345671", "wrong_format"),
        ("trade_license_number", "??", "wrong_format"),
        ("license_valid_until", date(2020, 1, 1), "already_expired"),
    ],
)
def test_papers_that_cannot_be_right_are_not_taken(name, value, code):
    person = UserFactory()
    papers = {
        **identity_papers(person),
        **license_papers(person),
        "verification_type": VerificationType.BOTH,
        name: value,
    }

    with pytest.raises(InvalidInputError) as caught:
        submit_verification(user=person, **papers)

    assert [(error.pointer, error.code) for error in caught.value.errors] == [(f"/{name}", code)]
    assert not Verification.objects.exists()


@pytest.mark.capability("A37")
@pytest.mark.parametrize(
    "trait",
    [{"status": "uploaded"}, {"kind": MediaKind.DOCUMENT}, {"purpose": "avatar"}, {"owner": None}],
)
def test_only_ones_own_checked_images_are_taken(trait):
    person = UserFactory()
    if trait.get("owner", person) is None:
        trait = {"owner": UserFactory()}
    front = CheckedFileFactory(**{"owner": person, **trait})

    with pytest.raises(InvalidInputError):
        submit_verification(user=person, **identity_papers(person, emirates_id_front=front))

    front.refresh_from_db()
    assert front.target_id is None
    assert not Verification.objects.exists()


def test_front_and_back_are_two_files():
    person = UserFactory()
    one = CheckedFileFactory(owner=person)

    with pytest.raises(InvalidInputError) as caught:
        submit_verification(
            user=person,
            **identity_papers(person, emirates_id_front=one, emirates_id_back=one),
        )

    assert caught.value.errors[0].code == "same_file_twice"
    assert not Verification.objects.exists()


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
def test_each_look_at_papers_is_written_down():
    papers, staff = submitted(), reviewer()

    opened = open_papers(verification=papers, reviewer=staff)
    numbers = open_papers(verification=papers, reviewer=staff, images=False)
    images = open_papers(verification=papers, reviewer=staff, numbers=False)

    assert opened.emirates_id_number == numbers.emirates_id_number == DIGITS
    assert images.emirates_id_number == ""
    assert len(opened.files) == len(images.files) == 2
    assert numbers.files == ()
    looks = AuditEvent.objects.about(papers).filter(action="accounts.verification.papers_viewed")
    assert [(look.actor, look.after["numbers"], len(look.after["files"])) for look in looks] == [
        (staff, False, 2),
        (staff, True, 0),
        (staff, True, 2),
    ]


@pytest.mark.capability("A37")
def test_a_verification_is_seen_by_its_person_and_by_reviewers():
    papers = submitted()
    submitted()

    assert list(Verification.objects.visible_to(papers.user)) == [papers]
    assert Verification.objects.visible_to(reviewer()).count() == 2
    for outsider in (UserFactory(), UserFactory(staff=True), site_administrator()):
        assert not Verification.objects.visible_to(outsider).exists()


@pytest.mark.capability("A37")
@pytest.mark.parametrize("status", ["approved", "rejected", "revoked"])
def test_papers_are_deleted_some_time_after_the_decision(status):
    papers = decided(status)
    waiting = submitted()
    reason = papers.rejection_reason

    assert purge_decided_papers(now=papers.purge_after - timedelta(seconds=1)) == 0
    assert purge_decided_papers(now=papers.purge_after) == 1
    assert purge_decided_papers(now=papers.purge_after) == 0

    papers.refresh_from_db()
    assert (papers.emirates_id_number, papers.emirates_id_last4) == ("", "5671")
    assert (papers.emirates_id_front, papers.emirates_id_back) == (None, None)
    assert (papers.status, papers.rejection_reason) == (status, reason)
    assert papers.purged_at == papers.purge_after
    assert not MediaFile.objects.filter(target_id=papers.pk).exists()
    waiting.refresh_from_db()
    assert waiting.emirates_id_front is not None
    with pytest.raises(PapersPurgedError):
        open_papers(verification=papers, reviewer=reviewer())


@pytest.mark.capability("A37")
def test_how_long_papers_are_kept_is_a_setting():
    change_setting(key="verification_purge_days", value=3, actor=None)

    papers = decided("approved")

    assert papers.purge_after - papers.reviewed_at == timedelta(days=3)
