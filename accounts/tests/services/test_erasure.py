"""Being forgotten: nothing of the person stays, everything of others does, and no crash matters."""

import pytest
from django.db import transaction

from accounts.choices import ErasureStatus, MediaPurpose, MembershipRole, UserStatus
from accounts.credentials.models import Challenge, Credential, OneTimeCode, Passkey, Session
from accounts.exceptions import ErasureUnderWayError
from accounts.models import (
    AuditEvent,
    ErasureRequest,
    Follow,
    MediaFile,
    Membership,
    Organization,
    Profile,
    Residency,
    Verification,
)
from accounts.services import erasure, erasure_steps, sign_in
from accounts.services.erasure import carry_out, erase_due, schedule
from accounts.services.facts import NOWHERE
from accounts.tests.factories.people import UserFactory, open_session
from accounts.tests.lives import EMAIL, MARKS, PHONE, a_full_life, file_of, found_anywhere
from accounts.tests.outbox import sent_email, sent_sms
from config.shared import personal_data
from config.tests.support import drain

pytestmark = [pytest.mark.capability("A23"), pytest.mark.usefixtures("media_folder")]

CRASHES = (
    *(name for name, _ in personal_data.erasers()),
    "forget_codes",
    "anonymise",
    "forget_secrets",
    "_finish",
)


def erase(person):
    """Erase somebody now, as the command does."""
    request = schedule(person, asked_by=person, at_once=True)
    carry_out(request_id=request.pk)
    person.refresh_from_db()
    return ErasureRequest.objects.get(pk=request.pk)


def test_nothing_of_the_person_is_left_anywhere(db):
    person = a_full_life()
    assert len({found.partition(":")[0] for found in found_anywhere(*MARKS)}) > 10

    erase(person)
    drain()

    assert found_anywhere(*MARKS) == set()


def test_the_row_stays_without_a_name_so_that_others_can_point_at_it(db):
    person = a_full_life()
    acts = AuditEvent.objects.filter(actor=person).count()

    request = erase(person)

    assert (person.full_name, person.phone_number, person.email, person.username) == (
        "",
        None,
        None,
        None,
    )
    assert (person.status, person.is_active, person.roles) == (UserStatus.INACTIVE, False, [])
    assert (person.lat, person.lng, person.avatar) == (None, None, None)
    assert person.anonymised_at is not None
    assert str(person) == f"Person {str(person.pk)[-6:]}"
    assert acts > 0
    assert AuditEvent.objects.filter(actor=person).count() >= acts
    assert (request.status, request.finished_at is not None) == (ErasureStatus.FINISHED, True)


def test_everything_that_was_theirs_alone_is_gone(db, media_folder):
    person = a_full_life()

    erase(person)
    drain()

    gone = (Profile, Verification, Residency)
    assert [model.objects.filter(user=person).count() for model in gone] == [0, 0, 0]
    assert not Follow.objects.filter(follower=person).exists()
    assert not Follow.objects.filter(followed=person).exists()
    kept = MediaFile.objects.get(owner=person)
    assert kept.purpose == MediaPurpose.ORGANIZATION
    files = [path.name for path in media_folder.rglob("*.webp")]
    assert len(files) == 1


def test_a_seat_in_an_organization_ends_and_stays_as_a_fact(db):
    person = a_full_life()

    erase(person)

    seat = Membership.objects.get(user=person)
    assert (seat.status, seat.title, seat.role) == ("ended", "", MembershipRole.SALES)
    assert Organization.objects.filter(pk=seat.organization_id).exists()


def test_their_secrets_go_and_those_of_others_stay(db):
    person, other = a_full_life(), UserFactory(password="correct horse battery")
    open_session(other)

    erase(person)

    for model in (Credential, Session, OneTimeCode, Passkey, Challenge):
        assert not model.objects.filter(user_id=person.pk).exists()
    assert not OneTimeCode.objects.exists()
    assert Credential.objects.filter(pk=other.pk).exists()
    assert Session.objects.filter(user_id=other.pk).exists()


def test_the_history_of_the_row_begins_anew_and_that_of_others_goes_on(db):
    person, other = a_full_life(), UserFactory(full_name="Somebody Else")
    events = person.events.model
    before = events.objects.filter(pgh_obj_id=other.pk).count()

    erase(person)

    assert not events.objects.filter(pgh_obj_id=person.pk).exclude(full_name="").exists()
    assert events.objects.filter(pgh_obj_id=other.pk).count() == before


def test_history_can_still_not_be_deleted_by_anybody_else(db):
    person = a_full_life()
    erase(person)
    other = UserFactory()
    events = person.events.model.objects.filter(pgh_obj_id=other.pk)

    with pytest.raises(Exception, match="append_only"), transaction.atomic():
        events.delete()

    assert events.exists()


def test_the_last_message_goes_to_the_address_that_is_forgotten_with_it(db, mailoutbox):
    person = a_full_life()

    erase(person)
    drain()

    assert ["erased" in mail.subject for mail in sent_email(EMAIL)][-1:] == [True]
    assert "erased" in sent_sms(PHONE)[-1]


def test_phone_and_email_are_free_for_a_new_account(db):
    erase(a_full_life())

    again = UserFactory(phone_number=PHONE, email=EMAIL, email_verified=True)

    assert again.pk is not None


@pytest.mark.parametrize("crash_at", CRASHES)
def test_a_crash_anywhere_leaves_less_access_and_the_next_try_does_the_rest(
    db, monkeypatch, crash_at
):
    person = a_full_life()
    request = schedule(person, asked_by=person, at_once=True)
    with monkeypatch.context() as broken:
        break_at(broken, crash_at)
        with pytest.raises(ConnectionError):
            carry_out(request_id=request.pk)

    person.refresh_from_db()
    request.refresh_from_db()
    assert (request.status, person.is_active) == (ErasureStatus.RUNNING, False)
    assert not Session.objects.filter(user_id=person.pk, revoked_at=None).exists()
    if person.phone_number:
        with pytest.raises(ErasureUnderWayError):
            sign_in.begin(person, amr={"otp", "sms"}, request_facts=NOWHERE)

    assert erase_due() == 1
    drain()
    assert found_anywhere(*MARKS) == set()
    assert not Credential.objects.filter(pk=person.pk).exists()
    request.refresh_from_db()
    assert request.status == ErasureStatus.FINISHED


def break_at(broken, name):
    """Let one step fail once it has done its work, as a crash before its commit is noticed."""

    def fail(*args, **kwargs):
        raise ConnectionError(name)

    if name in personal_data._erasers:
        work = personal_data._erasers[name]
        broken.setitem(personal_data._erasers, name, lambda person: (work(person), fail()))
    elif name == "_finish":
        broken.setattr(erasure, name, fail)
    else:
        broken.setattr(erasure_steps, name, fail)


def test_an_erasure_that_is_done_is_done_once(db):
    person = a_full_life()
    request = erase(person)
    at = person.anonymised_at

    assert carry_out(request_id=request.pk) is None

    person.refresh_from_db()
    assert person.anonymised_at == at


def test_higher_apps_go_first_and_names_are_of_apps(monkeypatch):
    monkeypatch.setattr(personal_data, "_erasers", dict(personal_data._erasers))
    personal_data.erases("catalog.test")(lambda person: 0)
    personal_data.erases("bookings.test")(lambda person: 0)

    apps = [name.partition(".")[0] for name, _ in personal_data.erasers()]

    order = personal_data.APP_ORDER
    assert apps == sorted(apps, key=order.index)
    assert set(apps) == set(order)
    with pytest.raises(ValueError, match="elsewhere"):
        personal_data.erases("elsewhere.test")
    with pytest.raises(ValueError, match=r"catalog\.test"):
        personal_data.erases("catalog.test")(lambda person: 1)


def test_a_file_of_another_apps_thing_is_left_to_that_app(db):
    person = UserFactory()
    mine = file_of(person, MediaPurpose.AVATAR)
    theirs = file_of(
        person, MediaPurpose.UNIT, target_type="catalog.unit", target_id=UserFactory().pk
    )

    erase(person)

    assert list(MediaFile.objects.values_list("pk", flat=True)) == [theirs.pk]
    assert mine.pk != theirs.pk
