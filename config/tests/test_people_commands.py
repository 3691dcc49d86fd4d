"""``export_user`` and ``erase_user``: for people who ask by other ways than the API."""

import zipfile
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.choices import ErasureStatus, UserStatus
from accounts.models import AuditEvent, ErasureRequest, MediaFile, Profile
from accounts.tests.factories.organizations import OrganizationFactory
from accounts.tests.factories.people import UserFactory
from accounts.tests.lives import EMAIL, MARKS, PHONE, a_full_life, found_anywhere
from config.tests.support import drain

pytestmark = pytest.mark.capability("A23")


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def run(name, *arguments, **options):
    out = StringIO()
    call_command(name, *arguments, stdout=out, **options)
    return out.getvalue()


@pytest.mark.parametrize("identifier", [PHONE, "055 999 8877", EMAIL, "ZQ.demo"])
def test_an_export_is_a_file_that_only_its_owner_reads(db, tmp_path, identifier):
    person = a_full_life()
    path = tmp_path / "export.zip"

    said = run("export_user", identifier, output=path)

    assert {"data.json", "resume.json"} < set(zipfile.ZipFile(path).namelist())
    assert path.stat().st_mode & 0o777 == 0o600
    assert "4 files in it" in said
    assert "accounts.residencies: 1" in said
    assert AuditEvent.objects.filter(action="accounts.user.exported").count() == 1
    assert person.pk is not None


def test_a_dry_export_counts_and_writes_nothing(db, tmp_path):
    person = a_full_life()

    said = run("export_user", str(person.pk), output=tmp_path / "export.zip", dry_run=True)

    assert "accounts.files: 4" in said
    assert not (tmp_path / "export.zip").exists()
    assert not AuditEvent.objects.filter(action="accounts.user.exported").exists()


def test_a_place_that_cannot_be_written_is_one_sentence(db, tmp_path):
    person = UserFactory()

    with pytest.raises(CommandError, match="cannot be written"):
        run("export_user", str(person.pk), output=tmp_path / "no" / "such.zip")


@pytest.mark.parametrize("command", ["export_user", "erase_user"])
@pytest.mark.parametrize("identifier", ["nobody@courtyard.example", "+971501112233", "nobody"])
def test_nobody_is_one_sentence(db, command, identifier):
    with pytest.raises(CommandError, match="Nobody has"):
        run(command, identifier)


def test_erasing_leaves_the_person_time_to_come_back(db):
    person = a_full_life()

    said = run("erase_user", PHONE, reason="Asked by letter")

    person.refresh_from_db()
    assert "They will be erased on" in said
    assert (person.status, person.anonymised_at) == (UserStatus.INACTIVE, None)
    assert AuditEvent.objects.get(action="accounts.erasurerequest.scheduled").reason == (
        "Asked by letter"
    )


@pytest.mark.parametrize("asked_before", [False, True])
def test_erasing_now_is_done_when_the_command_is(db, asked_before):
    person = a_full_life()
    if asked_before:
        run("erase_user", PHONE)

    said = run("erase_user", str(person.pk), now=True)
    drain()

    assert "Erased." in said
    assert "accounts.papers:" in said
    assert found_anywhere(*MARKS) == set()
    assert ErasureRequest.objects.get().status == ErasureStatus.FINISHED


def test_suspended_and_pending_people_can_be_erased_too(db):
    for status in ("suspended", "pending"):
        person = UserFactory(**{status: True})

        run("erase_user", str(person.pk), now=True)

        person.refresh_from_db()
        assert (person.status, person.full_name) == (status, "")


def test_a_dry_run_counts_and_erases_nothing(db):
    person = a_full_life()
    before = found_anywhere(*MARKS)

    said = run("erase_user", PHONE, dry_run=True)

    assert "accounts.residencies: 1 rows" in said
    assert "Nothing was erased." in said
    assert found_anywhere(*MARKS) == before
    assert Profile.objects.filter(user=person).exists()
    assert MediaFile.objects.filter(owner=person).count() == 4


@pytest.mark.parametrize("dry_run", [False, True])
def test_what_stands_against_it_is_one_sentence(db, dry_run):
    person = UserFactory()
    OrganizationFactory(creator=person, name="Only Mine")

    with pytest.raises(CommandError, match="last owner of Only Mine"):
        run("erase_user", str(person.pk), now=True, dry_run=dry_run)

    person.refresh_from_db()
    assert person.is_active


def test_nobody_is_erased_twice(db):
    person = UserFactory()
    run("erase_user", str(person.pk), now=True)

    with pytest.raises(CommandError, match="already"):
        run("erase_user", str(person.pk))
