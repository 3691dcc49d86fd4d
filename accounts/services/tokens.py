"""Access and refresh tokens: how they are signed, and what they say.

simplejwt signs and verifies; which refresh token still counts is decided by the ``Session`` row
(``accounts.services.sessions``). A refresh token is a function of that row, so nothing secret is
stored and the current one can be issued again.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import (
    TokenBackendError,
    TokenBackendExpiredToken,
    TokenError,
)
from rest_framework_simplejwt.tokens import AccessToken as JWTAccessToken
from rest_framework_simplejwt.tokens import Token
from rest_framework_simplejwt.utils import datetime_to_epoch

from accounts.choices import UserStatus
from accounts.credentials.models import Session
from accounts.exceptions import AccountInactiveError, AccountSuspendedError, InvalidTokenError
from accounts.models import User

ALGORITHM = "HS256"
# What ``config.shared.permissions`` looks for in ``request.auth.scope``.
FULL = "full"
UNVERIFIED = "unverified"
# A refresh token carries the time of the database, which may be a little ahead of ours.
REFRESH_LEEWAY_SECONDS = 30


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What a valid access token says; ``request.auth`` of whoever is signed in."""

    user_id: UUID
    sid: UUID
    roles: tuple[str, ...]
    version: int
    scope: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class RefreshClaims:
    """What a well-signed refresh token says; whether it still counts, its session knows."""

    user_id: UUID
    sid: UUID
    generation: int
    version: int


@dataclass(frozen=True, slots=True)
class TokenPair:
    """The tokens of one sign-in or renewal; ``expires_in`` is of the access token, in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int
    claims: AccessClaims
    token_type: str = "Bearer"  # noqa: S105 (the kind of token, not a token)


class KeyRing:
    """Signs with the first key and verifies with all: the shape of simplejwt's backend."""

    def __init__(self, keys: tuple[str, ...], *, issuer: str, leeway: int) -> None:
        self._backends = [
            TokenBackend(
                ALGORITHM, signing_key=key, audience=settings.AUDIENCE, issuer=issuer, leeway=leeway
            )
            for key in keys
        ]

    def encode(self, payload: dict[str, Any]) -> str:
        return self._backends[0].encode(payload)

    def decode(self, token: Any, verify: bool = True) -> dict[str, Any]:
        """The payload, if one of the keys signed it; raises simplejwt's ``TokenBackendError``."""
        refusal = TokenBackendError("No key.")
        for backend in self._backends:
            try:
                return backend.decode(token, verify=verify)
            except TokenBackendExpiredToken:
                raise
            except TokenBackendError as error:
                refusal = error
        raise refusal

    def get_leeway(self) -> timedelta:
        return self._backends[0].get_leeway()


@lru_cache(maxsize=8)
def _ring(keys: tuple[str, ...], issuer: str, leeway: int) -> KeyRing:
    return KeyRing(keys, issuer=issuer, leeway=leeway)


def _current_ring(leeway: int) -> KeyRing:
    keys = (settings.JWT_SIGNING_KEY, *settings.JWT_VERIFYING_KEYS)
    return _ring(keys, settings.PUBLIC_BASE_URL, leeway)


class AccessToken(JWTAccessToken):
    """Ten minutes of access."""

    lifetime = timedelta(seconds=settings.ACCESS_TOKEN_SECONDS)

    def get_token_backend(self) -> Any:
        return _current_ring(0)


class RefreshToken(Token):
    """The right to new tokens, as long as the session agrees."""

    token_type = "refresh"  # noqa: S105 (the kind of token, not a token)
    lifetime = timedelta(days=settings.REFRESH_IDLE_DAYS)

    def get_token_backend(self) -> Any:
        return _current_ring(REFRESH_LEEWAY_SECONDS)


def issue_tokens(*, user: User, session: Session) -> TokenPair:
    """The tokens that ``session`` in its present generation entitles ``user`` to.

    Raises ``AccountSuspendedError`` or ``AccountInactiveError``: nobody but an active person ever
    gets a token. As long as neither phone nor e-mail is verified its scope is ``unverified``.
    """
    if user.status == UserStatus.SUSPENDED:
        raise AccountSuspendedError
    if not user.is_active:
        raise AccountInactiveError
    token = AccessToken()
    verified = user.phone_verified or user.email_verified
    token.payload |= {
        "sub": str(user.pk),
        "sid": str(session.pk),
        "roles": list(user.roles),
        "ver": session.token_version,
        "scope": FULL if verified else UNVERIFIED,
    }
    return TokenPair(
        access_token=str(token),
        refresh_token=refresh_token_of(session),
        expires_in=settings.ACCESS_TOKEN_SECONDS,
        claims=_access_claims(token),
    )


def refresh_token_of(session: Session) -> str:
    """The one refresh token of the session's present generation, the same at every call."""
    token = RefreshToken()
    token.payload = {
        "typ": RefreshToken.token_type,
        "sub": str(session.user_id),
        "sid": str(session.pk),
        "ctr": session.generation,
        "ver": session.token_version,
        "jti": f"{session.pk}:{session.generation}",
        "iat": datetime_to_epoch(session.rotated_at),
        "exp": datetime_to_epoch(session.expires_at),
    }
    return str(token)


def fingerprint(token: str) -> str:
    """What is stored of a refresh token: a hash of what it says, whichever key signed it."""
    return hashlib.sha256(token.rpartition(".")[0].encode()).hexdigest()


def read_access_token(text: str) -> AccessClaims:
    """The claims of an access token, or ``InvalidTokenError``."""
    try:
        return _access_claims(AccessToken(text))  # type: ignore[arg-type]
    except (TokenError, KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        raise InvalidTokenError from error


def read_refresh_token(text: str) -> RefreshClaims:
    """The claims of a refresh token, or ``InvalidTokenError``."""
    try:
        token = RefreshToken(text)  # type: ignore[arg-type]
        return RefreshClaims(
            user_id=UUID(token["sub"]),
            sid=UUID(token["sid"]),
            generation=int(token["ctr"]),
            version=int(token["ver"]),
        )
    except (TokenError, KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        raise InvalidTokenError from error


def _access_claims(token: Token) -> AccessClaims:
    return AccessClaims(
        user_id=UUID(token["sub"]),
        sid=UUID(token["sid"]),
        roles=tuple(str(role) for role in token["roles"]),
        version=int(token["ver"]),
        scope=str(token["scope"]),
        expires_at=datetime.fromtimestamp(token["exp"], tz=UTC),
    )
