"""Second factors over the API: set up, asked for, used once, renewed and turned off."""

from datetime import timedelta

import pytest
from django.db import connections
from django.db.models import F
from rest_framework.test import APIClient

from accounts.credentials.models import Credential, Session
from accounts.models import AuditEvent, User
from accounts.tests.authenticator_app import (
    CONFIRM,
    PROTECTION,
    START,
    AuthenticatorApp,
    enrol,
    log_in,
    verify,
)
from accounts.tests.factories.people import PASSWORD, UserFactory, sign_in
from accounts.tests.outbox import sent_sms
from config.tests.support import drain

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A27")]

DISABLE = "/api/v1/auth/mfa/totp/disable/"
BACKUP_CODES = "/api/v1/auth/mfa/backup-codes/"


@pytest.fixture
def person(db: None) -> User:
    return UserFactory(with_email=True, password=PASSWORD)


@pytest.fixture
def app(api: APIClient, person: User) -> AuthenticatorApp:
    """The app of ``person``, for whom ``api`` speaks."""
    sign_in(api, person)
    return enrol(api)


def grow_stale(person: User) -> None:
    """Let an hour pass since ``person`` signed in."""
    Session.objects.of(person.pk).update(
        authenticated_at=F("authenticated_at") - timedelta(hours=1)
    )


def everything_stored() -> str:
    """Every row of both databases, as text."""
    found = []
    for alias in ("default", "credentials"):
        with connections[alias].cursor() as cursor:
            for table in connections[alias].introspection.table_names(cursor):
                cursor.execute(f'SELECT t::text FROM "{table}" AS t')
                found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def test_an_app_counts_from_the_first_code_that_it_shows(api: APIClient, person: User) -> None:
    sign_in(api, person)

    started = api.post(START)

    assert started.status_code == 200
    assert started.json()["otpauth_url"].startswith("otpauth://totp/Courtyard:")
    assert started.json()["secret"] in started.json()["otpauth_url"]
    assert started.json()["qr_svg"].startswith("<svg")
    assert "access_token" in log_in(person)

    confirmed = api.post(CONFIRM, {"code": AuthenticatorApp(started.json()["secret"]).code()})

    assert confirmed.status_code == 200
    assert len(set(confirmed.json()["backup_codes"])) == 10
    assert log_in(person)["mfa_required"] is True
    drain()
    assert "An authenticator app was added" in sent_sms(person.phone_number)[-1]
    assert AuditEvent.objects.filter(action="accounts.user.totp_enabled").count() == 1


def test_the_secret_is_never_shown_again(api: APIClient, app: AuthenticatorApp) -> None:
    again = api.post(START)
    shown = api.get(PROTECTION)

    assert (again.status_code, again.json()["code"]) == (409, "second_factor_active")
    assert app.secret not in again.content.decode() + shown.content.decode()


def test_what_guards_the_account_is_shown_to_its_owner(
    api: APIClient, app: AuthenticatorApp
) -> None:
    shown = api.get(PROTECTION).json()

    assert shown.pop("totp_confirmed_at")
    assert shown == {
        "totp_enabled": True,
        "backup_codes_left": 10,
        "passkeys": 0,
        "google_linked": False,
        "has_password": True,
    }
    assert APIClient().get(PROTECTION).status_code == 401


def test_neither_secret_nor_backup_codes_are_stored_in_the_clear(
    person: User, app: AuthenticatorApp, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        verify(person, app.backup_codes[0])
        drain()

    stored = everything_stored()
    assert app.secret not in stored + caplog.text
    for code in app.backup_codes:
        assert code not in stored + caplog.text
        assert code.replace("-", "") not in stored + caplog.text


@pytest.mark.parametrize("path", [START, DISABLE, BACKUP_CODES])
def test_changes_take_a_fresh_sign_in(api: APIClient, person: User, path: str) -> None:
    sign_in(api, person)
    app = enrol(api) if path != START else AuthenticatorApp("")
    before = Credential.objects.filter(pk=person.pk).values().get()
    grow_stale(person)

    refused = api.post(path, {"code": app.code(later=1)} if app.secret else {})

    assert (refused.status_code, refused.json()["code"]) == (403, "fresh_sign_in_required")
    assert Credential.objects.filter(pk=person.pk).values().get() == before


def test_a_wrong_code_turns_nothing_on(api: APIClient, person: User) -> None:
    sign_in(api, person)
    app = AuthenticatorApp(api.post(START).json()["secret"])

    refused = api.post(CONFIRM, {"code": app.wrong_code()})

    assert (refused.status_code, refused.json()["code"]) == (400, "wrong_code")
    assert refused.json()["errors"][0]["pointer"] == "/code"
    assert "access_token" in log_in(person)


def test_nothing_can_be_confirmed_that_was_not_started(api: APIClient, person: User) -> None:
    sign_in(api, person)

    refused = api.post(CONFIRM, {"code": "123456"})

    assert (refused.status_code, refused.json()["code"]) == (409, "second_factor_missing")
    assert not Credential.objects.filter(totp_confirmed_at__isnull=False).exists()


def test_starting_again_makes_the_first_secret_worthless(api: APIClient, person: User) -> None:
    sign_in(api, person)
    first = AuthenticatorApp(api.post(START).json()["secret"])
    api.post(START)

    assert api.post(CONFIRM, {"code": first.code()}).status_code == 400


def test_new_backup_codes_void_the_old_ones(
    api: APIClient, person: User, app: AuthenticatorApp
) -> None:
    renewed = api.post(BACKUP_CODES, {"code": app.code(later=1)})

    assert renewed.status_code == 200
    new = renewed.json()["backup_codes"]
    assert not set(new) & set(app.backup_codes)
    assert verify(person, app.backup_codes[0]).status_code == 400
    assert verify(person, new[0]).status_code == 200
    drain()
    assert any("New backup codes" in text for text in sent_sms(person.phone_number))


def test_turning_it_off_takes_a_code(api: APIClient, person: User, app: AuthenticatorApp) -> None:
    refused = api.post(DISABLE, {"code": app.wrong_code()})
    assert refused.status_code == 400
    assert log_in(person)["mfa_required"] is True

    done = api.post(DISABLE, {"code": app.code(later=1)})

    assert done.status_code == 204
    assert "access_token" in log_in(person)
    row = Credential.objects.get(pk=person.pk)
    assert (row.totp_secret, row.totp_confirmed_at, row.backup_codes) == (None, None, [])
    drain()
    assert "The authenticator app was removed" in sent_sms(person.phone_number)[-1]


def test_whoever_has_verified_nothing_sets_nothing_up(api: APIClient, db: None) -> None:
    sign_in(api, UserFactory(unverified=True))

    refused = api.post(START)

    assert (refused.status_code, refused.json()["code"]) == (403, "verification_required")


def test_devices_that_are_signed_in_stay_signed_in(
    api: APIClient, person: User, app: AuthenticatorApp
) -> None:
    assert api.get(PROTECTION).status_code == 200
    assert Session.objects.of(person.pk).live().count() == 1
