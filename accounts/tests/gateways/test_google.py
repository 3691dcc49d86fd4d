"""Identity tokens: which are believed, which are not, and what happens when nobody answers."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from django.core.cache import cache

from accounts.gateways import google
from accounts.proof_exceptions import GoogleOffError, GoogleRefusedError
from accounts.tests.gateways.fake_issuer import CLIENT, KID, FakeIssuer, private_key, published
from config.shared.errors import OutsideServiceError

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A31")]

NONCE = "n-0S6_WzA2Mj"
Forge = Callable[[FakeIssuer], str]


@pytest.fixture
def issuer(settings: Any) -> Iterator[FakeIssuer]:
    with FakeIssuer() as issuer:
        settings.GOOGLE_ISSUER = issuer.issuer
        settings.GOOGLE_CLIENT_ID = CLIENT
        settings.GOOGLE_CLIENT_SECRET = "a-secret"
        cache.clear()
        google._keys.cache_clear()
        yield issuer


def test_a_good_token_says_who_somebody_is(issuer: FakeIssuer) -> None:
    token = issuer.token(nonce=NONCE)

    identity = google.read_identity(token, nonce=NONCE)

    assert identity.subject == "110248495921238986420"
    assert (identity.email, identity.email_verified) == ("priya@example.com", True)
    assert (identity.name, identity.token) == ("Priya Nair", token.encode())
    assert token not in repr(identity)


def unsigned(issuer: FakeIssuer) -> str:
    return jwt.encode(issuer.claims(nonce=NONCE), None, algorithm="none")


def signed_by_the_public_key(issuer: FakeIssuer) -> str:
    """HS256 with what everybody knows (RFC 8725, 2.1)."""
    public = private_key().public_key()
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    head = jwt.utils.base64url_encode(json.dumps({"alg": "HS256", "kid": KID}).encode())
    body = jwt.utils.base64url_encode(json.dumps(issuer.claims(nonce=NONCE)).encode())
    tag = hmac.new(pem, head + b"." + body, hashlib.sha256).digest()
    return b".".join([head, body, jwt.utils.base64url_encode(tag)]).decode()


def altered(issuer: FakeIssuer) -> str:
    head, _, signature = issuer.token(nonce=NONCE).split(".")
    body = jwt.utils.base64url_encode(json.dumps(issuer.claims(nonce=NONCE, sub="1")).encode())
    return f"{head}.{body.decode()}.{signature}"


FORGERIES: dict[str, Forge] = {
    "another audience": lambda issuer: issuer.token(nonce=NONCE, aud="another-site"),
    "no audience": lambda issuer: issuer.token(nonce=NONCE, aud=None),
    "several audiences and no party": lambda issuer: issuer.token(
        nonce=NONCE, aud=[CLIENT, "another-site"], azp=None
    ),
    "another party": lambda issuer: issuer.token(nonce=NONCE, azp="another-site"),
    "another issuer": lambda issuer: issuer.token(nonce=NONCE, iss="https://evil.example"),
    "no issuer": lambda issuer: issuer.token(nonce=NONCE, iss=None),
    "another nonce": lambda issuer: issuer.token(nonce="of-another-sign-in"),
    "no nonce": lambda issuer: issuer.token(),
    "expired": lambda issuer: issuer.token(nonce=NONCE, exp=int(time.time()) - 120),
    "no end": lambda issuer: issuer.token(nonce=NONCE, exp=None),
    "from the future": lambda issuer: issuer.token(nonce=NONCE, iat=int(time.time()) + 300),
    "no subject": lambda issuer: issuer.token(nonce=NONCE, sub=None),
    "an empty subject": lambda issuer: issuer.token(nonce=NONCE, sub=""),
    "an endless subject": lambda issuer: issuer.token(nonce=NONCE, sub="1" * 256),
    "a key that nobody published": lambda issuer: issuer.token(nonce=NONCE, kid="x", key="x"),
    "another key under our name": lambda issuer: issuer.token(nonce=NONCE, key="x"),
    "altered": altered,
    "unsigned": unsigned,
    "signed with the public key": signed_by_the_public_key,
    "no token at all": lambda issuer: "nonsense",
    "empty": lambda issuer: "",
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_token_that_is_not_ours_is_refused(issuer: FakeIssuer, forge: Forge) -> None:
    with pytest.raises(GoogleRefusedError):
        google.read_identity(forge(issuer), nonce=NONCE)


def test_an_app_of_ours_may_ask_for_a_token_for_this_site(
    issuer: FakeIssuer, settings: Any
) -> None:
    settings.GOOGLE_APP_CLIENT_IDS = ["courtyard-android"]
    token = issuer.token(nonce=NONCE, azp="courtyard-android")

    assert google.read_identity(token, nonce=NONCE).subject == "110248495921238986420"


@pytest.mark.parametrize("verified", [None, False, "true", 1])
def test_only_yes_means_that_an_address_is_verified(issuer: FakeIssuer, verified: Any) -> None:
    token = issuer.token(nonce=NONCE, email_verified=verified)

    assert google.read_identity(token, nonce=NONCE).email_verified is False


def test_names_lose_what_cannot_be_stored_or_seen(issuer: FakeIssuer) -> None:
    token = issuer.token(nonce=NONCE, name="Pri\x00ya\u202e Nair" + "x" * 200)

    assert google.read_identity(token, nonce=NONCE).name == "Priya Nair" + "x" * 150


def test_a_token_without_a_key_name_needs_there_to_be_one_key(issuer: FakeIssuer) -> None:
    token = issuer.token(nonce=NONCE, kid=None)
    assert google.read_identity(token, nonce=NONCE).subject

    issuer.keys = [published(), published("other")]
    google._keys.cache_clear()

    with pytest.raises(GoogleRefusedError):
        google.read_identity(token, nonce=NONCE)


def test_keys_are_fetched_once_for_many_tokens(issuer: FakeIssuer) -> None:
    for _ in range(10):
        google.read_identity(issuer.token(nonce=NONCE), nonce=NONCE)
        with pytest.raises(GoogleRefusedError):
            google.read_identity(issuer.token(nonce=NONCE, kid="x", key="x"), nonce=NONCE)

    assert issuer.asked == ["/.well-known/openid-configuration", "/keys"]


def test_a_code_is_exchanged_with_its_verifier(issuer: FakeIssuer) -> None:
    issuer.id_token = issuer.token(nonce=NONCE)

    token = google.exchange(code="abc", verifier="v" * 43, redirect_uri="https://x.example/")

    assert token == issuer.id_token
    assert issuer.exchanged == [
        {
            "grant_type": "authorization_code",
            "code": "abc",
            "code_verifier": "v" * 43,
            "redirect_uri": "https://x.example/",
            "client_id": CLIENT,
            "client_secret": "a-secret",
        }
    ]


def exchange_and_read() -> None:
    """All that is asked of the issuer in one sign-in."""
    token = google.exchange(code="abc", verifier="v", redirect_uri="https://x.example/")
    google.read_identity(token, nonce=NONCE)


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
def test_an_issuer_in_trouble_is_an_outside_fault(issuer: FakeIssuer, path: str) -> None:
    issuer.failing = {path}
    issuer.id_token = issuer.token(nonce=NONCE)

    with pytest.raises(OutsideServiceError) as refused:
        exchange_and_read()

    assert (refused.value.status, refused.value.retry_after) == (502, 30)


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
@pytest.mark.parametrize("content", [b"<html>", b"[]", b'"text"', b"{}"])
def test_an_issuer_that_talks_nonsense_is_never_a_fault_of_ours(
    issuer: FakeIssuer, path: str, content: bytes
) -> None:
    issuer.raw = {path: content}
    issuer.id_token = issuer.token(nonce=NONCE)

    with pytest.raises((OutsideServiceError, GoogleRefusedError)):
        exchange_and_read()


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://evil.example"},
        {"jwks_uri": "http://evil.example/keys"},
        {"jwks_uri": "file:///etc/passwd"},
        {"token_endpoint": "ftp://evil.example/"},
        {"authorization_endpoint": None},
    ],
)
def test_a_configuration_of_another_issuer_or_in_the_clear_is_not_used(
    issuer: FakeIssuer, changes: dict[str, Any]
) -> None:
    issuer.changes = changes

    with pytest.raises(OutsideServiceError):
        google.read_identity(issuer.token(nonce=NONCE), nonce=NONCE)

    assert issuer.asked == ["/.well-known/openid-configuration"]


def test_an_issuer_that_is_gone_is_an_outside_fault(issuer: FakeIssuer, settings: Any) -> None:
    settings.GOOGLE_ISSUER = "http://127.0.0.1:9"

    with pytest.raises(OutsideServiceError):
        google.authorization_address(nonce="n", state="s", challenge="c", redirect_uri="r")


def test_google_is_off_where_nobody_set_it_up(settings: Any) -> None:
    settings.GOOGLE_CLIENT_ID = ""

    with pytest.raises(GoogleOffError):
        google.read_identity("token", nonce=NONCE)
