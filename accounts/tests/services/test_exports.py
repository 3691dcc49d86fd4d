"""Taking one's data away: all of it, none of the secrets, nothing of anybody else."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.db import models
from django.utils import timezone

from accounts.choices import MediaPurpose, MediaStatus
from accounts.credentials.models import Credential, OneTimeCode, Passkey, Session
from accounts.exceptions import FreshSignInRequiredError
from accounts.models import AuditEvent, MediaFile, User
from accounts.services import exports, media
from accounts.services.exports import archive_of, archive_to, ask_for_archive, export_document
from accounts.services.settings import change_setting
from accounts.services.step_up import Caller
from accounts.tests.factories.people import UserFactory, open_session
from accounts.tests.lives import a_full_life
from accounts.tests.outbox import sent_email
from config.shared.personal_data import collected
from config.tests.support import drain

pytestmark = [pytest.mark.capability("A23"), pytest.mark.usefixtures("media_folder")]


def caller_for(person):
    return Caller(user=person, session_id=open_session(person).session.pk)


def test_everything_that_is_kept_is_in_it(db):
    person = a_full_life()

    data = export_document(caller_for(person))["data"]

    text = json.dumps(data)
    assert data["accounts.account"]["phone_number"] == person.phone_number
    assert data["accounts.account"]["lat"] == 25.1
    assert data["accounts.profile"]["headline"] == "Zebedee, plumber"
    assert data["accounts.verification"]["emirates_id_number"] == "784199912345678"
    assert data["accounts.verification"]["rejection_reason"] == "Quagmire cannot be read"
    assert [row["unit_label"] for row in data["accounts.residencies"]] == ["12B"]
    assert [row["title"] for row in data["accounts.organizations"]["memberships"]] == [
        "Quagmire of sales"
    ]
    assert len(data["accounts.files"]) == 4
    assert len(data["accounts.connections"]["follows"]) == 1
    assert data["accounts.sign_in"]["has_password"] is True
    assert data["accounts.sign_in"]["google_account"] == "quagmire-at-google"
    assert [key["name"] for key in data["accounts.sign_in"]["passkeys"]] == ["Quagmire's phone"]
    assert len(data["accounts.sign_in"]["codes_sent"]) == 1
    assert "Plot 4711" in {row["address"] for row in data["accounts.history"]}
    assert "lat" not in data["accounts.history"][0]
    assert "Quagmire" in text


def test_no_secret_is_in_it(db):
    person = a_full_life()
    person.refresh_from_db()

    text = json.dumps(export_document(caller_for(person)))

    secrets = [
        *Credential.objects.values_list("password_hash", flat=True),
        *Session.objects.values_list("refresh_hash", flat=True),
        *(code.code_hash for code in OneTimeCode.objects.exclude(code_hash="x")),
    ]
    assert len([secret for secret in secrets if secret]) >= 2
    assert [secret for secret in secrets if secret and secret in text] == []
    names = {"password_hash", "refresh_hash", "code_hash", "totp_secret", "payload", "public_key"}
    assert [name for name in names if f'"{name}"' in text] == []
    assert Passkey.objects.get().public_key


def test_every_table_with_a_person_in_it_is_collected_or_known_to_hold_no_data_of_theirs(db):
    """A new model with a person must be thought of here."""
    collected_models = {
        "Profile",
        "Organization",
        "Membership",
        "Residency",
        "Verification",
        "ContractorPaper",
        "Follow",
        "Block",
        "MediaFile",
        "OutgoingMessage",
        "AuditEvent",
        "ErasureRequest",
    }
    no_data = {
        "Building": "who listed it",
        "IdempotencyKey": "gone within a day",
        "RevokedSession": "gone within minutes",
        "SystemSetting": "who changed it",
    }

    pointing = {
        relation.related_model.__name__
        for relation in User._meta.related_objects
        if isinstance(relation.field, models.ForeignKey)
        and relation.related_model.__module__.startswith("accounts.")
        and not hasattr(relation.related_model, "pgh_tracked_model")
    }

    assert pointing - collected_models - set(no_data) == set()


def test_it_costs_the_same_however_much_there_is(db, assert_constant_queries):
    person = a_full_life()
    numbers = iter(range(100))

    def grow():
        UserFactory(full_name=f"Follower {next(numbers)}").following.create(followed=person)

    assert_constant_queries(lambda: collected(person), grow)


def test_acts_of_others_do_not_say_where_they_were(db):
    person, staff = UserFactory(), UserFactory(staff=True)
    shared = {"object_type": "accounts.user", "object_id": str(person.pk), "action": "x.y"}
    AuditEvent.objects.create(actor=staff, ip_prefix="198.51.100.0/24", **shared)
    AuditEvent.objects.create(actor=person, ip_prefix="192.0.2.0/24", **shared)

    acts = collected(person)["accounts.acts"]

    assert sorted((act["by_yourself"], act.get("ip_prefix")) for act in acts) == [
        (False, None),
        (True, "192.0.2.0/24"),
    ]
    assert str(staff.pk) not in json.dumps(acts)


def test_it_is_written_down(db):
    person = UserFactory()

    export_document(caller_for(person))

    assert AuditEvent.objects.get(action="accounts.user.exported").actor == person


@pytest.mark.parametrize("ask", [export_document, ask_for_archive])
def test_an_old_sign_in_does_not_take_everything_away(db, ask):
    person = UserFactory()
    caller = caller_for(person)
    Session.objects.update(authenticated_at=timezone.now() - timedelta(minutes=11))

    with pytest.raises(FreshSignInRequiredError):
        ask(caller)

    assert not MediaFile.objects.exists()
    assert not AuditEvent.objects.filter(action="accounts.user.exported").exists()


def test_an_archive_is_made_in_the_background_with_the_files_in_it(db, media_folder, mailoutbox):
    person = a_full_life()
    asked = ask_for_archive(caller_for(person))
    before = archive_of(user=person)

    drain()

    ready = archive_of(user=person)
    row = MediaFile.objects.get(purpose=MediaPurpose.EXPORT)
    assert (asked.state, before.state, before.url) == ("preparing", "preparing", None)
    assert (ready.state, ready.size) == ("ready", row.size)
    assert (row.is_private, row.content_type) == (True, "application/zip")
    assert ready.expires_at == row.completed_at + timedelta(hours=48)
    names = zipfile.ZipFile(media_folder / row.file.name).namelist()
    assert {"README.txt", "data.json", "resume.json"} < set(names)
    assert len([name for name in names if name.startswith("files/")]) == 4
    assert "export" in sent_email(person.email)[-1].body


def test_while_one_archive_is_there_no_other_is_made(db):
    person = UserFactory()
    caller = caller_for(person)

    first, second = ask_for_archive(caller), ask_for_archive(caller)
    drain()
    third = ask_for_archive(caller)

    assert (first.state, second.state, third.state) == ("preparing", "preparing", "ready")
    assert MediaFile.objects.count() == 1


def test_making_it_twice_makes_it_once(db):
    person = UserFactory()
    ask_for_archive(caller_for(person))
    drain()
    row = MediaFile.objects.get()

    exports.make_archive(media_id=row.pk)

    assert MediaFile.objects.get().completed_at == row.completed_at


def test_an_archive_is_deleted_when_its_time_is_over(db, media_folder):
    change_setting(key="export_link_hours", value=1, actor=None)
    person = UserFactory()
    ask_for_archive(caller_for(person))
    drain()
    MediaFile.objects.update(valid_until=timezone.now() - timedelta(seconds=1))

    over = archive_of(user=person)
    media.sweep()
    drain()

    assert over.state == "none"
    assert not MediaFile.objects.exists()
    assert list(media_folder.rglob("*.zip")) == []


def test_nobody_else_sees_an_archive_not_even_staff(db):
    person = UserFactory()
    ask_for_archive(caller_for(person))
    drain()

    row = MediaFile.objects.get()
    assert row.status == MediaStatus.CLEAN
    for other in (UserFactory(), UserFactory(superuser=True)):
        assert not MediaFile.objects.visible_to(other).filter(pk=row.pk).exists()
    assert MediaFile.objects.visible_to(person).filter(pk=row.pk).exists()


def test_a_file_that_is_lost_does_not_spoil_the_archive(db, media_folder):
    person = a_full_life()
    lost = MediaFile.objects.filter(owner=person).first()
    (media_folder / lost.file.name).unlink()
    into = io.BytesIO()

    count = archive_to(into, person=person)

    assert count == 3
    assert f"files/{lost.pk}.webp.missing.txt" in zipfile.ZipFile(into).namelist()
