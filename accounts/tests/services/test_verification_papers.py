"""The papers of a verification: what is taken, who looks, and when they are deleted."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts import tasks
from accounts.choices import MediaKind, VerificationType
from accounts.exceptions import PapersPurgedError
from accounts.models import AuditEvent, MediaFile, Verification
from accounts.services.settings import change_setting
from accounts.services.verification_papers import purge_decided_papers
from accounts.services.verifications import (
    approve_verification,
    open_papers,
    reject_verification,
    revoke_verification,
    submit_verification,
)
from accounts.tests.factories.organizations import reviewer
from accounts.tests.factories.papers import (
    CheckedFileFactory,
    identity_papers,
    license_papers,
    submitted,
)
from accounts.tests.factories.people import UserFactory
from config.shared.errors import InvalidInputError

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


@pytest.mark.capability("A37")
def test_the_nightly_job_deletes_what_is_due():
    papers = decided("rejected")
    Verification.objects.update(purge_after=timezone.now() - timedelta(minutes=1))

    tasks.purge_decided_papers()

    papers.refresh_from_db()
    assert papers.purged_at is not None
    assert papers.emirates_id_number == ""
