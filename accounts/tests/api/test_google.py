"""Sign-in with Google over the API, with a real authorization code flow on the loopback."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connections
from rest_framework.test import APIClient

from accounts.credentials.models import Challenge, Credential, Session
from accounts.models import AuditEvent, User
from accounts.services import challenges, totp
from accounts.tests.authenticator_app import AuthenticatorApp
from accounts.tests.factories.people import UserFactory
from accounts.tests.gateways.openid import (
    CLIENT,
    EMAIL,
    GOOGLE,
    HERE,
    START,
    SUBJECT,
    OpenIDProvider,
    come_back,
    google_sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A31")]


def linked(user: User) -> str | None:
    return Credential.objects.values_list("google_sub", flat=True).get(pk=user.pk)


def test_a_newcomer_gets_an_account_with_the_address_that_google_verified(
    api: APIClient, provider: OpenIDProvider
) -> None:
    signed_in = google_sign_in(provider)

    assert signed_in.status_code == 200
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {signed_in.json()['access_token']}")
    me = api.get("/api/v1/auth/me/").json()
    assert (me["email"], me["email_verified"], me["status"]) == (EMAIL, True, "active")
    assert (me["full_name"], me["first_name"], me["last_name"]) == ("Priya Nair", "Priya", "Nair")
    assert me["roles"] == ["resident"]
    assert signed_in.json()["scope"] == "full"
    assert linked(User.objects.get()) == SUBJECT
    assert Session.objects.get().amr == ["google"]
    assert AuditEvent.objects.filter(action="accounts.user.google_linked").count() == 1


def test_the_second_time_it_is_the_same_account(provider: OpenIDProvider) -> None:
    google_sign_in(provider)
    provider.has(SUBJECT, email="priya@elsewhere.example", email_verified=True, name="P. N.")

    again = google_sign_in(provider)

    assert again.status_code == 200
    person = User.objects.get()
    assert (person.email, person.full_name) == (EMAIL, "Priya Nair")


def test_the_way_to_google_and_back_is_guarded(api: APIClient, provider: OpenIDProvider) -> None:
    started = api.post(START, {"redirect_uri": HERE}).json()

    query = parse_qs(urlsplit(started["authorization_url"]).query)
    assert query["client_id"] == [CLIENT]
    assert query["redirect_uri"] == [HERE]
    assert query["code_challenge_method"] == ["S256"]
    assert query["nonce"] == [started["nonce"]]
    assert query["state"] == [started["state"]]
    assert started["challenge_id"] not in started["authorization_url"]


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/signed-in",
        "http://127.0.0.1:8001/signed-in",
        "https://127.0.0.1:8000/signed-in",
        "http://127.0.0.1:8000.evil.example/",
        "http://127.0.0.1:8000@evil.example/",
        "http://someone@127.0.0.1:8000/",
        "http://127.0.0.1:8000\\@evil.example/",
        "http://127.0.0.1:8000/#here",
        "//127.0.0.1:8000/",
        "javascript:alert(1)",
        "/signed-in",
        "",
    ],
)
def test_nobody_is_sent_back_to_another_site(
    api: APIClient, provider: OpenIDProvider, address: str
) -> None:
    refused = api.post(START, {"redirect_uri": address})

    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"] == "/redirect_uri"
    assert not Challenge.objects.exists()


def test_the_operator_may_allow_an_app_to_be_sent_back_to(
    api: APIClient, provider: OpenIDProvider, settings: Any
) -> None:
    settings.GOOGLE_REDIRECT_URIS = ["com.courtyard.app:/signed-in"]

    assert api.post(START, {"redirect_uri": "com.courtyard.app:/signed-in"}).status_code == 200
    assert api.post(START, {"redirect_uri": "com.courtyard.app:/other"}).status_code == 400


def test_a_code_of_another_sign_in_is_refused(api: APIClient, provider: OpenIDProvider) -> None:
    mine, other = come_back(api, provider), come_back(api, provider)

    refused = api.post(GOOGLE, {**mine, "code": other["code"]})

    assert (refused.status_code, refused.json()["code"]) == (400, "google_refused")
    assert not User.objects.exists()
    assert not Session.objects.exists()


def test_an_answer_counts_once(api: APIClient, provider: OpenIDProvider) -> None:
    body = come_back(api, provider)
    assert api.post(GOOGLE, body).status_code == 200

    again = api.post(GOOGLE, body)

    assert (again.status_code, again.json()["code"]) == (400, "challenge_closed")
    assert Session.objects.count() == 1


def test_a_made_up_code_is_refused(api: APIClient, provider: OpenIDProvider) -> None:
    body = come_back(api, provider)

    refused = api.post(GOOGLE, {**body, "code": "made-up"})

    assert (refused.status_code, refused.json()["code"]) == (400, "google_refused")
    assert not User.objects.exists()


@pytest.mark.parametrize("more", [{}, {"code": "a", "id_token": "b"}])
def test_either_a_code_or_a_token_is_needed(
    api: APIClient, provider: OpenIDProvider, more: dict[str, str]
) -> None:
    challenge = api.post(START, {"redirect_uri": HERE}).json()["challenge_id"]

    assert api.post(GOOGLE, {"challenge_id": challenge, **more}).status_code == 400
    assert Challenge.objects.get().used_at is None


@pytest.mark.parametrize(
    "claims", [{"email": EMAIL, "email_verified": False}, {"email": EMAIL}, {}]
)
def test_an_address_that_google_has_not_verified_opens_no_account(
    provider: OpenIDProvider, claims: dict[str, Any]
) -> None:
    provider.has("unverified", **claims)

    refused = google_sign_in(provider, "unverified")

    assert (refused.status_code, refused.json()["code"]) == (400, "google_refused")
    assert not User.objects.exists()
    assert not Credential.objects.exists()


def test_an_unproved_claim_on_the_address_gives_way(provider: OpenIDProvider) -> None:
    claimant = UserFactory(email=EMAIL, email_verified=False)

    assert google_sign_in(provider).status_code == 200

    claimant.refresh_from_db()
    newcomer = User.objects.exclude(pk=claimant.pk).get()
    assert (claimant.email, newcomer.email, newcomer.email_verified) == (None, EMAIL, True)
    assert (linked(claimant), linked(newcomer)) == (None, SUBJECT)


def test_a_password_chosen_for_the_address_by_somebody_else_never_opens_it(
    api: APIClient, provider: OpenIDProvider
) -> None:
    body = {"email": EMAIL, "password": "seven green parrots"}
    assert api.post("/api/v1/auth/register/", body).status_code == 202

    assert google_sign_in(provider).status_code == 200

    assert linked(User.objects.get()) == SUBJECT
    login = {"identifier": EMAIL, "password": "seven green parrots"}
    assert api.post("/api/v1/auth/login/", login).status_code == 401


@pytest.mark.capability("A27")
def test_google_never_skips_the_second_factor(provider: OpenIDProvider) -> None:
    google_sign_in(provider)
    person = User.objects.get()
    app = AuthenticatorApp(totp.prepare(user=person).secret)
    totp.confirm(user_id=person.pk, code=app.code())

    assert set(google_sign_in(provider).json()) == {"mfa_required", "mfa_token", "expires_in"}


@pytest.mark.parametrize(
    ("status", "code"), [("suspended", "account_suspended"), ("inactive", "account_inactive")]
)
def test_google_opens_no_account_that_is_shut(
    provider: OpenIDProvider, status: str, code: str
) -> None:
    google_sign_in(provider)
    User.objects.update(status=status, is_active=False)
    Session.objects.all().delete()

    refused = google_sign_in(provider)

    assert (refused.status_code, refused.json()["code"]) == (403, code)
    assert not Session.objects.exists()


def test_what_google_gave_is_sealed(provider: OpenIDProvider) -> None:
    google_sign_in(provider)
    UserFactory(email="second@example.com", email_verified=True)
    provider.has("second", email="second@example.com", email_verified=True)
    google_sign_in(provider, "second")

    token = bytes(Credential.objects.get(google_sub=SUBJECT).google_oauth_token or b"")
    assert token.startswith(b"eyJ")
    with connections["credentials"].cursor() as cursor:
        cursor.execute(
            "SELECT google_oauth_token FROM credentials_credential WHERE google_sub = 'priya'"
        )
        (stored,) = cursor.fetchone()
        cursor.execute("SELECT string_agg(t::text, '') FROM credentials_challenge t")
        (challenges,) = cursor.fetchone()
    assert "eyJ" not in stored
    assert token[:40].decode() not in stored
    assert "eyJ" not in challenges
    assert "second@example.com" not in challenges


def test_where_google_is_off_the_answer_says_so(api: APIClient, settings: Any, db: None) -> None:
    settings.GOOGLE_CLIENT_ID = ""

    refused = api.post(START, {"redirect_uri": HERE})

    assert (refused.status_code, refused.json()["code"]) == (403, "google_off")
    assert not Challenge.objects.exists()


def test_where_google_is_away_the_answer_says_when_to_come_back(
    api: APIClient, provider: OpenIDProvider, settings: Any
) -> None:
    settings.GOOGLE_ISSUER = "http://127.0.0.1:9"

    refused = api.post(START, {"redirect_uri": HERE})

    assert (refused.status_code, refused.json()["code"]) == (502, "outside_service")
    assert refused["Retry-After"] == "30"


def test_strangers_start_so_many_times_a_quarter_of_an_hour(
    api: APIClient, provider: OpenIDProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(challenges, "ANONYMOUS_LIMIT", 20)

    answers = [api.post(START, {"redirect_uri": HERE}) for _ in range(21)]

    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 900


def test_a_stale_token_keeps_nobody_from_signing_in(
    api: APIClient, provider: OpenIDProvider
) -> None:
    body = come_back(api, provider)
    api.credentials(HTTP_AUTHORIZATION="Bearer of.old.times")

    assert api.post(GOOGLE, body).status_code == 200
    assert api.delete(GOOGLE).status_code == 401
