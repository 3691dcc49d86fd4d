"""Rows whose time is over, and registrations that nobody finished."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models.functions import Now

from accounts.choices import CodePurpose, SessionEnd, UserStatus
from accounts.credentials.models import (
    Challenge,
    Credential,
    FailureCounter,
    OneTimeCode,
    RateBucket,
    Session,
)
from accounts.models import RevokedSession, User
from accounts.services import codes, upkeep
from accounts.services.identifiers import phone_contact
from accounts.tests.factories.people import UserFactory, open_session
from config.shared import limits

pytestmark = pytest.mark.django_db

PHONE = "+971501234567"
LONG_AGO = "2026-01-01T00:00:00Z"


def pending(**columns: object) -> User:
    person = User.objects.create(phone_number=PHONE, status=UserStatus.PENDING, **columns)
    User.objects.filter(pk=person.pk).update(created_at=LONG_AGO)
    return person


def test_a_registration_that_nobody_proved_is_forgotten() -> None:
    pending()

    finished = upkeep.finish_registrations()

    assert (finished.removed, finished.completed, finished.kept) == (1, 0, 0)
    assert not User.objects.exists()


def test_a_registration_of_the_last_minutes_is_left_alone() -> None:
    User.objects.create(phone_number=PHONE, status=UserStatus.PENDING)

    upkeep.finish_registrations()

    assert User.objects.count() == 1


def test_a_registration_whose_code_still_counts_is_left_alone() -> None:
    person = pending()
    codes.issue(
        contact=phone_contact(PHONE),
        purpose=CodePurpose.REGISTRATION,
        user_id=person.pk,
        ip_prefix="",
    )

    finished = upkeep.finish_registrations()

    assert (finished.removed, finished.kept) == (0, 1)
    assert User.objects.count() == 1


@pytest.mark.parametrize("columns", [{"full_name": "Made by staff"}, {}])
def test_a_pending_person_that_staff_made_is_kept(columns: dict) -> None:
    person = pending(**columns)
    if not columns:
        Credential.objects.create(user_id=person.pk, password_hash="x")

    assert upkeep.finish_registrations().kept == 1
    assert User.objects.count() == 1


def test_rows_are_deleted_when_they_no_longer_count() -> None:
    person = UserFactory()
    ended, idle, live = (open_session(person).session for _ in range(3))
    Session.objects.filter(pk=ended.pk).update(
        revoked_at=LONG_AGO, revoked_reason=SessionEnd.LOGOUT
    )
    Session.objects.filter(pk=idle.pk).update(expires_at=LONG_AGO)
    for created in (Now() - timedelta(hours=25), Now() - timedelta(hours=49)):
        OneTimeCode.objects.create(
            identifier_mac=uuid4().hex,
            identifier=PHONE,
            identifier_hint="",
            channel="sms",
            purpose="login",
            code_hash="",
            created_at=created,
            expires_at=created,
        )
    for expires in (LONG_AGO, "2030-01-01T00:00:00Z"):
        Challenge.objects.create(purpose="mfa", expires_at=expires)
        RevokedSession.objects.create(sid=uuid4(), user=person, expires_at=expires)
    limits.take("test:now", limit=1, window_seconds=60, using="credentials")
    limits.take("test:then", limit=1, window_seconds=60, using="credentials")
    RateBucket.objects.filter(key=RateBucket.objects.first().key).update(expires_at=LONG_AGO)
    FailureCounter.objects.create(key="old", failures=7, last_failed_at=LONG_AGO)
    FailureCounter.objects.create(key="stopped", failures=100, last_failed_at=LONG_AGO)
    FailureCounter.objects.create(key="new", failures=1)

    swept = upkeep.sweep()

    assert (swept.codes, swept.challenges, swept.sessions, swept.denials) == (1, 1, 2, 1)
    assert swept.counters == 2
    assert Session.objects.get() == live
    assert set(FailureCounter.objects.values_list("key", flat=True)) == {"new", "stopped"}
    assert RateBucket.objects.count() == 1


def test_many_rows_are_deleted_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "BATCH", 2)
    for _ in range(5):
        Challenge.objects.create(purpose="mfa", expires_at=LONG_AGO)
    for index in range(5):
        User.objects.create(username=f"person{index}", status=UserStatus.PENDING)
    User.objects.update(created_at=LONG_AGO)

    assert upkeep.sweep().challenges == 5
    assert upkeep.finish_registrations().removed == 5


def test_the_jobs_of_upkeep_are_declared() -> None:
    from procrastinate.contrib.django import app

    app.perform_import_paths()
    assert {"accounts.finish_registrations", "accounts.sweep_sign_in"} <= set(app.tasks)
