"""Access tokens: what counts as one, and how soon one stops counting."""

import base64
import json
import time
import warnings
from typing import Any
from uuid import uuid4

import jwt
import pytest
import time_machine
from django.conf import settings
from rest_framework.test import APIClient

from accounts.choices import SessionEnd, UserStatus
from accounts.models import RevokedSession, User
from accounts.services import sessions
from accounts.tests.factories.people import UserFactory, open_session, sign_in

pytestmark = pytest.mark.django_db

ME = "/api/v1/auth/me/"


def with_token(token: str) -> Any:
    return APIClient().get(ME, HTTP_AUTHORIZATION=f"Bearer {token}")


def forged(token: str, *, key: str | None = "", algorithm: str = "HS256", **changes: Any) -> str:
    """A token that says something else, under whichever key."""
    header = changes.pop("header", {})
    claims = jwt.decode(token, options={"verify_signature": False}) | changes
    key = settings.JWT_SIGNING_KEY if key == "" else key
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return jwt.encode(claims, key, algorithm, headers=header)


@pytest.mark.capability("A13")
def test_a_token_speaks_for_its_person_and_says_who_they_are() -> None:
    person = UserFactory(contractor=True)

    tokens = open_session(person).tokens

    claims = jwt.decode(tokens.access_token, options={"verify_signature": False})
    assert {name: claims[name] for name in ("sub", "roles", "ver", "scope", "typ", "aud")} == {
        "sub": str(person.pk),
        "roles": ["contractor"],
        "ver": 0,
        "scope": "full",
        "typ": "access",
        "aud": "courtyard",
    }
    assert claims["exp"] - claims["iat"] == 600
    assert with_token(tokens.access_token).json()["id"] == str(person.pk)


@pytest.mark.capability("A13")
@pytest.mark.parametrize(
    "forge",
    [
        pytest.param(lambda t: forged(t, key="k" * 40), id="another key"),
        pytest.param(lambda t: forged(t, key=None, algorithm="none"), id="no signature"),
        pytest.param(lambda t: forged(t, algorithm="HS512"), id="another algorithm"),
        pytest.param(lambda t: forged(t, aud="elsewhere"), id="another audience"),
        pytest.param(lambda t: forged(t, iss="https://evil.example"), id="another issuer"),
        pytest.param(lambda t: forged(t, typ="refresh"), id="another kind"),
        pytest.param(lambda t: forged(t, exp=int(time.time()) - 1), id="expired"),
        pytest.param(lambda t: forged(t, sub="abc"), id="no identifier"),
        pytest.param(lambda t: forged(t, sub=17), id="a number for an identifier"),
        pytest.param(lambda t: forged(t, sub=str(uuid4())), id="nobody"),
        pytest.param(lambda t: forged(t, sid=None), id="no session"),
        pytest.param(lambda t: forged(t, roles=None), id="no roles"),
        pytest.param(lambda t: forged(t, ver="one"), id="a word for a version"),
        pytest.param(lambda t: forged(t, exp=10**30), id="never expires"),
        pytest.param(lambda t: forged(t, header={"crit": ["exp"]}), id="unknown critical header"),
        pytest.param(lambda t: t[:-2], id="cut off"),
        pytest.param(lambda t: "", id="empty"),
        pytest.param(lambda t: "a.b.c", id="not a token"),
    ],
)
def test_what_is_not_a_token_of_ours_is_refused(forge: Any) -> None:
    token = forge(open_session(UserFactory()).tokens.access_token)

    response = with_token(token)

    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert 'error="invalid_token"' in response["WWW-Authenticate"]


@pytest.mark.capability("A13")
def test_a_refresh_token_gives_no_access() -> None:
    assert with_token(open_session(UserFactory()).tokens.refresh_token).status_code == 401


def test_an_older_signing_key_verifies_while_a_rotation_lasts(settings: Any) -> None:
    token = open_session(UserFactory()).tokens.access_token
    old = settings.JWT_SIGNING_KEY

    settings.JWT_SIGNING_KEY = "the-new-key-that-signs-from-today-on-and-is-long"
    assert with_token(token).status_code == 401

    settings.JWT_VERIFYING_KEYS = [old]
    assert with_token(token).status_code == 200


@pytest.mark.capability("A13")
def test_a_token_lives_for_ten_minutes() -> None:
    token = open_session(UserFactory()).tokens.access_token

    with time_machine.travel(time.time() + 595, tick=False):
        assert with_token(token).status_code == 200
    with time_machine.travel(time.time() + 601, tick=False):
        assert with_token(token).status_code == 401


@pytest.mark.capability("A03")
def test_a_suspended_person_is_refused_at_the_next_request() -> None:
    person = UserFactory()
    token = open_session(person).tokens.access_token
    assert with_token(token).status_code == 200

    User.objects.filter(pk=person.pk).update(status=UserStatus.SUSPENDED, is_active=False)

    response = with_token(token)
    assert (response.status_code, response.json()["code"]) == (403, "account_suspended")


@pytest.mark.capability("A03", "A28")
@pytest.mark.parametrize(
    "change",
    [
        {"token_version": 1},
        {"status": UserStatus.INACTIVE, "is_active": False},
    ],
)
def test_what_voids_tokens_is_felt_at_the_next_request(change: dict) -> None:
    person = UserFactory()
    token = open_session(person).tokens.access_token

    User.objects.filter(pk=person.pk).update(**change)

    response = with_token(token)
    assert (response.status_code, response.json()["code"]) == (401, "session_ended")


@pytest.mark.capability("A28")
def test_an_ended_session_is_refused_and_its_neighbour_is_not() -> None:
    person = UserFactory()
    ended, other = open_session(person), open_session(person)

    sessions.end(
        user=person, session_ids=[ended.session.pk], reason=SessionEnd.LOGOUT, actor=person
    )

    assert with_token(ended.tokens.access_token).status_code == 401
    assert with_token(other.tokens.access_token).status_code == 200
    assert RevokedSession.objects.get().sid == ended.session.pk


def test_a_token_of_somebody_who_is_gone_is_refused() -> None:
    person = UserFactory()
    token = open_session(person).tokens.access_token
    RevokedSession.objects.all().delete()
    User.objects.filter(pk=person.pk).delete()

    assert with_token(token).status_code == 401


@pytest.mark.capability("A13")
def test_authentication_asks_the_main_database_once_and_the_credentials_never(
    api: APIClient, django_assert_num_queries: Any
) -> None:
    sign_in(api, UserFactory())
    with (
        django_assert_num_queries(0, using="credentials"),
        django_assert_num_queries(3, using="default"),
    ):
        # The person with the end of their session; the account again, with their memberships.
        assert api.get(ME).status_code == 200


@pytest.mark.parametrize(
    "header",
    ["Basic c2FtOnNlY3JldA==", "Token abc", "", "Bearer", "bearer  ", "eyJhbGciOiJub25lIn0"],
)
def test_other_ways_of_saying_who_one_is_are_nobody(header: str) -> None:
    response = APIClient().get(ME, HTTP_AUTHORIZATION=header)

    assert response.status_code == 401


@pytest.mark.capability("A13")
def test_an_unverified_person_reaches_codes_and_profile_only(api: APIClient) -> None:
    person = UserFactory(unverified=True)
    tokens = sign_in(api, person, amr=("pwd",)).tokens

    assert tokens.claims.scope == "unverified"
    assert api.get(ME).status_code == 200
    assert api.get("/api/v1/auth/sessions/").status_code == 200
    refused = api.post("/api/v1/auth/change-password/", {"new_password": "seven green parrots"})
    assert (refused.status_code, refused.json()["code"]) == (403, "verification_required")


def test_a_token_that_claims_more_than_its_signature_covers_is_refused() -> None:
    head, _, signature = open_session(UserFactory()).tokens.access_token.split(".")
    claims = {"sub": str(uuid4()), "scope": "full", "exp": int(time.time()) + 600}
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")

    assert with_token(f"{head}.{body}.{signature}").status_code == 401
