"""Google's OpenID Connect, or that of any issuer that makes the same claims.

Rules of the identity token: OpenID Connect Core 1.0, section 3.1.3.7.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jwt
from django.conf import settings
from django.core.cache import cache

from accounts.exceptions import GoogleOffError, GoogleRefusedError
from config.shared.errors import OutsideServiceError

TIMEOUT_SECONDS = 5
DISCOVERY_SECONDS = 3600
ALGORITHMS = ["RS256", "ES256"]
LEEWAY_SECONDS = 60


@dataclass(frozen=True, slots=True)
class GoogleIdentity:
    """Who Google says it is; ``token`` is what Google gave, to be kept sealed."""

    subject: str
    email: str
    email_verified: bool
    name: str
    token: bytes


def authorization_address(*, nonce: str, state: str, challenge: str, redirect_uri: str) -> str:
    """Where the browser goes to sign in at Google (PKCE with S256, RFC 7636)."""
    from urllib.parse import urlencode

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
    if answer.status_code >= 500:
        raise OutsideServiceError("Google did not answer.", retry_after=30)
    token = _json(answer).get("id_token") if answer.status_code == 200 else None
    if not isinstance(token, str):
        raise GoogleRefusedError
    return token


def read_identity(token: str, *, nonce: str) -> GoogleIdentity:
    """Verify an identity token: signature, issuer, audience, authorised party, time and nonce."""
    try:
        claims = jwt.decode(
            token,
            _key_of(token),
            algorithms=ALGORITHMS,
            audience=_client_id(),
            issuer=_issuers(),
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "sub", "aud", "iss"]},
        )
    except jwt.PyJWKClientConnectionError as error:
        raise OutsideServiceError("Google's keys cannot be fetched.", retry_after=30) from error
    except jwt.PyJWTError as error:
        raise GoogleRefusedError from error
    if claims.get("nonce") != nonce or claims.get("azp", _client_id()) != _client_id():
        raise GoogleRefusedError
    email = claims.get("email")
    return GoogleIdentity(
        subject=str(claims["sub"]),
        email=email if isinstance(email, str) else "",
        email_verified=claims.get("email_verified") is True,
        name=str(claims.get("name") or "")[:160],
        token=token.encode(),
    )


def _key_of(token: str) -> Any:
    """The issuer's key that signed ``token``; a token that names none needs there to be but one."""
    keys = _keys(_discovery()["jwks_uri"])
    if "kid" in jwt.get_unverified_header(token):
        return keys.get_signing_key_from_jwt(token).key
    known = keys.get_signing_keys()
    if len(known) != 1:
        raise GoogleRefusedError
    return known[0].key


@lru_cache(maxsize=4)
def _keys(address: str) -> jwt.PyJWKClient:
    return jwt.PyJWKClient(address, cache_keys=True, timeout=TIMEOUT_SECONDS)


def _discovery() -> dict[str, Any]:
    _client_id()
    address = f"{settings.GOOGLE_ISSUER.rstrip('/')}/.well-known/openid-configuration"
    known = cache.get(address)
    if known is None:
        answer = _call("GET", address)
        if answer.status_code != 200:
            raise OutsideServiceError("Google did not answer.", retry_after=30)
        known = _json(answer)
        cache.set(address, known, DISCOVERY_SECONDS)
    return dict(known)


def _call(method: str, address: str, **arguments: Any) -> Any:
    import httpx2

    try:
        return httpx2.request(method, address, timeout=TIMEOUT_SECONDS, **arguments)
    except httpx2.HTTPError as error:
        raise OutsideServiceError("Google cannot be reached.", retry_after=30) from error


def _json(answer: Any) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError as error:
        raise OutsideServiceError("Google's answer cannot be read.", retry_after=30) from error
    return found if isinstance(found, dict) else {}


def _issuers() -> list[str]:
    """Google's tokens name their issuer with or without its scheme."""
    issuer = settings.GOOGLE_ISSUER.rstrip("/")
    return [issuer, f"{issuer}/", issuer.removeprefix("https://")]


def _client_id() -> str:
    if not settings.GOOGLE_CLIENT_ID:
        raise GoogleOffError
    return str(settings.GOOGLE_CLIENT_ID)
