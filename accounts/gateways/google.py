"""Google's OpenID Connect, or that of any issuer that makes the same claims.

Rules of the identity token: OpenID Connect Core 1.0, section 3.1.3.7.
"""

import logging
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import jwt
from django.conf import settings
from django.core.cache import cache

from accounts.proof_exceptions import GoogleOffError, GoogleRefusedError
from config.shared.errors import OutsideServiceError
from config.shared.origins import is_confidential

TIMEOUT_SECONDS = 5
RETRY_AFTER_SECONDS = 30
DISCOVERY_SECONDS = 3600
ALGORITHMS = ["RS256", "ES256"]
LEEWAY_SECONDS = 60
LONGEST_SUBJECT = 255
LONGEST_NAME = 160
GOOGLE = "https://accounts.google.com"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
REQUIRED_CLAIMS = ["exp", "iat", "sub", "aud", "iss"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GoogleIdentity:
    """Who Google says it is; ``token`` is what Google gave, to be kept sealed."""

    subject: str
    email: str
    email_verified: bool
    name: str
    token: bytes = field(repr=False)


def authorization_address(*, nonce: str, state: str, challenge: str, redirect_uri: str) -> str:
    """Where the browser goes to sign in at Google (PKCE with S256, RFC 7636).

    Raises ``GoogleOffError``, ``OutsideServiceError``.
    """
    query = {
        "client_id": _client_id(),
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "scope": "openid email profile",
        "nonce": nonce,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{_discovery()['authorization_endpoint']}?{urlencode(query)}"


def exchange(*, code: str, verifier: str, redirect_uri: str) -> str:
    """The identity token that an authorization code stands for.

    Raises ``GoogleRefusedError`` when Google does not take the code, ``OutsideServiceError`` when
    it cannot be reached.
    """
    body = {
        "grant_type": "authorization_code",
        "code": code,
        "code_verifier": verifier,
        "redirect_uri": redirect_uri,
        "client_id": _client_id(),
        "client_secret": settings.GOOGLE_CLIENT_SECRET,
    }
    answer = _call("POST", _discovery()["token_endpoint"], data=body)
    if answer.status_code != 200:
        # The error is one of a closed list (RFC 6749, 5.2); "invalid_client" is for operators.
        error = str(_json(answer).get("error"))[:40]
        logger.warning("Google did not take an authorization code: %s", error)
        raise GoogleRefusedError
    token = _json(answer).get("id_token")
    if not isinstance(token, str):
        raise GoogleRefusedError
    return token


def read_identity(token: str, *, nonce: str) -> GoogleIdentity:
    """Verify an identity token: signature, issuer, audience, authorised party, time and nonce.

    Raises ``GoogleOffError``, ``GoogleRefusedError``, ``OutsideServiceError``.
    """
    claims = _verified_claims(token)
    if claims.get("nonce") != nonce or not _is_for_us(claims):
        raise GoogleRefusedError
    subject, email = claims["sub"], claims.get("email")
    if not 0 < len(subject) <= LONGEST_SUBJECT:
        raise GoogleRefusedError
    name = "".join(sign for sign in str(claims.get("name") or "") if sign.isprintable())
    return GoogleIdentity(
        subject=subject,
        email=email if isinstance(email, str) else "",
        email_verified=claims.get("email_verified") is True,
        name=name[:LONGEST_NAME],
        token=token.encode(),
    )


def _verified_claims(token: str) -> dict[str, Any]:
    client_id, key_address = _client_id(), _discovery()["jwks_uri"]
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            _key_of(token, key_address),
            algorithms=ALGORITHMS,
            audience=client_id,
            issuer=_issuers(),
            leeway=LEEWAY_SECONDS,
            options={"require": REQUIRED_CLAIMS},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise GoogleRefusedError from error
    return claims


def _is_for_us(claims: dict[str, Any]) -> bool:
    """Whether the party that the token was issued to is this site or one of its apps."""
    audience, party = claims["aud"], claims.get("azp")
    if party is None:
        return isinstance(audience, str) or len(audience) == 1
    return party in {settings.GOOGLE_CLIENT_ID, *settings.GOOGLE_APP_CLIENT_IDS}


def _key_of(token: str, address: str) -> Any:
    """The issuer's key that signed ``token``; a token that names none needs there to be but one."""
    kid = jwt.get_unverified_header(token).get("kid")
    keys = _keys(address)
    try:
        known = keys.get_jwk_set().keys
        if kid is not None:
            return keys.get_signing_key(kid).key
    except (jwt.PyJWKClientConnectionError, jwt.PyJWKSetError, OSError) as error:
        raise _unreachable("Google's keys cannot be fetched.") from error
    except ValueError as error:
        raise _unreachable("Google's keys cannot be read.") from error
    if len(known) != 1:
        raise GoogleRefusedError
    return known[0].key


@lru_cache(maxsize=4)
def _keys(address: str) -> jwt.PyJWKClient:
    # The set of keys is kept for five minutes; keys by themselves would be kept for ever.
    return jwt.PyJWKClient(address, timeout=TIMEOUT_SECONDS)


def _discovery() -> dict[str, str]:
    """Where the issuer's endpoints are, by its own word (OpenID Connect Discovery 1.0)."""
    _client_id()
    address = f"{settings.GOOGLE_ISSUER}/.well-known/openid-configuration"
    known: dict[str, str] | None = cache.get(address)
    if known is None:
        answer = _call("GET", address)
        if answer.status_code != 200:
            raise _unreachable("Google did not answer.")
        known = _checked(_json(answer))
        cache.set(address, known, DISCOVERY_SECONDS)
    return known


def _checked(document: dict[str, Any]) -> dict[str, str]:
    """What we use of the issuer's document, if it speaks of this issuer and of safe addresses."""
    found = {name: str(document.get(name, "")) for name in ENDPOINTS}
    issuer = str(document.get("issuer", "")).rstrip("/")
    if issuer != settings.GOOGLE_ISSUER or not all(map(is_confidential, found.values())):
        logger.error("The OpenID configuration of %s cannot be used.", settings.GOOGLE_ISSUER)
        raise _unreachable("Google's answer cannot be used.")
    return found


def _call(method: str, address: str, **arguments: Any) -> Any:
    import httpx2

    try:
        answer = httpx2.request(method, address, timeout=TIMEOUT_SECONDS, **arguments)
    except httpx2.HTTPError as error:
        raise _unreachable("Google cannot be reached.") from error
    if answer.status_code >= 500 or answer.status_code == 429:
        raise _unreachable("Google did not answer.")
    return answer


def _json(answer: Any) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError as error:
        raise _unreachable("Google's answer cannot be read.") from error
    return found if isinstance(found, dict) else {}


def _unreachable(sentence: str) -> OutsideServiceError:
    return OutsideServiceError(sentence, retry_after=RETRY_AFTER_SECONDS)


def _issuers() -> list[str]:
    """Google's tokens name their issuer with or without its scheme."""
    issuer = settings.GOOGLE_ISSUER
    return [issuer, issuer.removeprefix("https://")] if issuer == GOOGLE else [issuer, f"{issuer}/"]


def _client_id() -> str:
    if not settings.GOOGLE_CLIENT_ID:
        raise GoogleOffError
    return str(settings.GOOGLE_CLIENT_ID)
