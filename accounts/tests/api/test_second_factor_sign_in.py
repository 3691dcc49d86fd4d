"""Signing in with a second factor: asked for after every proof but a passkey, and used once."""

import pytest
from rest_framework.test import APIClient

from accounts.credentials.models import Session
from accounts.models import User
from accounts.tests.authenticator_app import (
    LOGIN,
    PROTECTION,
    VERIFY,
    AuthenticatorApp,
    enrol,
    log_in,
    verify,
)
from accounts.tests.factories.people import PASSWORD, UserFactory, sign_in
from accounts.tests.outbox import code_sent_to, link_sent_to, sent_sms
from config.tests.support import drain

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A27")]


@pytest.fixture
def person(db: None) -> User:
    return UserFactory(with_email=True, password=PASSWORD)


@pytest.fixture
def app(api: APIClient, person: User) -> AuthenticatorApp:
    """The app of ``person``, for whom ``api`` speaks."""
    sign_in(api, person)
    return enrol(api)


def test_signing_in_takes_the_password_and_a_code(person: User, app: AuthenticatorApp) -> None:
    waiting = log_in(person)
    assert set(waiting) == {"mfa_required", "mfa_token", "expires_in"}

    answer = APIClient().post(
        VERIFY, {"mfa_token": waiting["mfa_token"], "code": app.code(later=1)}
    )

    assert answer.status_code == 200
    assert set(answer.json()) >= {"access_token", "refresh_token", "token_type", "expires_in"}
    newest = Session.objects.of(person.pk).order_by("-created_at").first()
    assert newest is not None
    assert newest.amr == ["otp", "pwd"]


def test_a_code_counts_once(person: User, app: AuthenticatorApp) -> None:
    code = app.code(later=1)
    assert verify(person, code).status_code == 200

    again = verify(person, code)

    assert (again.status_code, again.json()["code"]) == (400, "wrong_code")


@pytest.mark.parametrize(
    "code",
    ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "１２３４５６", "-12345", "0x1234", "é" * 6],
)
def test_what_is_no_code_is_refused(person: User, app: AuthenticatorApp, code: str) -> None:
    assert verify(person, code).status_code == 400


def test_a_code_may_be_typed_with_a_space(person: User, app: AuthenticatorApp) -> None:
    code = app.code(later=1)

    assert verify(person, f"{code[:3]} {code[3:]}").status_code == 200


def test_a_backup_code_signs_in_once_and_its_owner_is_told(
    api: APIClient, person: User, app: AuthenticatorApp
) -> None:
    used = app.backup_codes[3]
    assert verify(person, used.upper()).status_code == 200

    again = verify(person, used)

    assert again.status_code == 400
    assert api.get(PROTECTION).json()["backup_codes_left"] == 9
    drain()
    assert "A backup code of your account was used" in sent_sms(person.phone_number)[-1]


def test_a_password_reset_by_link_never_skips_the_second_factor(
    person: User, app: AuthenticatorApp
) -> None:
    APIClient().post("/api/v1/auth/forgot-password/", {"email": person.email})
    token = link_sent_to(person.email).rpartition("/")[2].rpartition("=")[2]

    reset = APIClient().post(
        "/api/v1/auth/reset-password/", {"token": token, "new_password": "seven green parrots"}
    )

    assert (reset.status_code, reset.content) == (204, b"")
    assert set(log_in(person, "seven green parrots")) == {
        "mfa_required",
        "mfa_token",
        "expires_in",
    }


def test_a_password_reset_by_code_never_skips_the_second_factor(
    person: User, app: AuthenticatorApp
) -> None:
    sent = APIClient().post("/api/v1/auth/forgot-password/", {"phone_number": person.phone_number})

    reset = APIClient().post(
        "/api/v1/auth/reset-password/",
        {
            "challenge_id": sent.json()["challenge_id"],
            "code": code_sent_to(person.phone_number or ""),
            "new_password": "seven green parrots",
        },
    )

    assert (reset.status_code, reset.content) == (204, b"")
    assert log_in(person, "seven green parrots")["mfa_required"] is True


def test_a_code_by_sms_never_skips_the_second_factor(person: User, app: AuthenticatorApp) -> None:
    sent = APIClient().post(LOGIN, {"phone_number": person.phone_number}).json()

    shown = APIClient().post(
        "/api/v1/auth/verify-otp/",
        {"challenge_id": sent["challenge_id"], "code": code_sent_to(person.phone_number or "")},
    )

    assert shown.json()["mfa_required"] is True
    assert "access_token" not in shown.json()


def test_five_tries_use_up_a_sign_in(person: User, app: AuthenticatorApp) -> None:
    token = log_in(person)["mfa_token"]
    wrong = app.wrong_code()
    tries = [APIClient().post(VERIFY, {"mfa_token": token, "code": wrong}) for _ in range(5)]
    assert [answer.status_code for answer in tries] == [400] * 5

    late = APIClient().post(VERIFY, {"mfa_token": token, "code": app.code(later=1)})

    assert (late.status_code, late.json()["code"]) == (401, "invalid_token")
    assert verify(person, app.code(later=1)).status_code == 200


def test_ten_failures_make_everybody_wait(person: User, app: AuthenticatorApp) -> None:
    wrong = app.wrong_code()
    assert [verify(person, wrong).status_code for _ in range(10)] == [400] * 10

    late = verify(person, app.code(later=1))

    assert late.status_code == 429
    assert 0 < int(late["Retry-After"]) <= 900


def test_a_right_code_wipes_the_failures_before_it(person: User, app: AuthenticatorApp) -> None:
    wrong = app.wrong_code()
    for _ in range(9):
        verify(person, wrong)
    assert verify(person, app.code(later=1)).status_code == 200

    assert [verify(person, wrong).status_code for _ in range(10)] == [400] * 10


def test_a_suspension_in_between_refuses_the_second_half(
    person: User, app: AuthenticatorApp
) -> None:
    token = log_in(person)["mfa_token"]
    User.objects.filter(pk=person.pk).update(status="suspended", is_active=False)

    refused = APIClient().post(VERIFY, {"mfa_token": token, "code": app.code(later=1)})

    assert (refused.status_code, refused.json()["code"]) == (403, "account_suspended")
    assert Session.objects.of(person.pk).count() == 1


def test_a_password_change_in_between_voids_the_first_half(
    person: User, app: AuthenticatorApp
) -> None:
    token = log_in(person)["mfa_token"]
    person.set_password("seven green parrots")
    person.save()

    refused = APIClient().post(VERIFY, {"mfa_token": token, "code": app.code(later=1)})

    assert refused.status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {"mfa_token": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f", "code": "123456"},
        {"mfa_token": "nonsense", "code": "123456"},
        {"code": "123456"},
        {"mfa_token": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"},
    ],
)
def test_a_sign_in_that_nobody_began_cannot_be_finished(api: APIClient, db: None, body) -> None:
    assert api.post(VERIFY, body).status_code in {400, 401}
    assert not Session.objects.exists()
