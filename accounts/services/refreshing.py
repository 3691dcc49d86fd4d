"""Refresh tokens: each exchanged once for the next, and a session ended when an old one returns.

The row of the session decides, under its lock. What is shown is the present generation, the one
that was replaced a moment ago, or an older one.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.crypto import constant_time_compare

from accounts.choices import SessionEnd, UserStatus
from accounts.credentials.models import Session
from accounts.exceptions import (
    AccountSuspendedError,
    InvalidTokenError,
    SessionEndedError,
    TokenReusedError,
)
from accounts.models import RevokedSession, User
from accounts.services import sessions
from accounts.services.outage import needs_credentials
from accounts.services.tokens import (
    RefreshClaims,
    TokenPair,
    fingerprint,
    issue_tokens,
    read_refresh_token,
)
from config.shared import metrics
from config.shared.clock import database_now
from config.shared.errors import MissingError
from config.shared.locks import lock_one

CREDENTIALS = "credentials"


class Shown(Enum):
    """What a refresh token turned out to be, under the lock of its session."""

    CURRENT = auto()
    JUST_REPLACED = auto()
    REPLACED = auto()


@dataclass(frozen=True, slots=True)
class Renewed:
    """A session and its tokens after a refresh."""

    session: Session
    tokens: TokenPair


@needs_credentials
def refresh(*, refresh_token: str) -> Renewed:
    """Exchange a refresh token for the next one.

    The token that was replaced less than 30 seconds ago gets the present one again: two tabs, or
    an answer that was lost. An older one ends the session and tells its owner.

    Raises ``InvalidTokenError``, ``SessionEndedError``, ``TokenReusedError`` or
    ``AccountSuspendedError``.
    """
    claims = read_refresh_token(refresh_token)
    user = _person_of(claims)
    with transaction.atomic(using=CREDENTIALS, durable=True):
        session, shown = _shown(claims, fingerprint(refresh_token))
        if shown is Shown.CURRENT:
            sessions.rotate(session)
    if shown is Shown.REPLACED:
        metrics.count("sign_in", "token_reused")
        sessions.end(
            user=user,
            session_ids=[session.pk],
            reason=SessionEnd.REUSE,
            actor=None,
            notice="session_reused",
        )
        raise TokenReusedError
    return Renewed(session=session, tokens=issue_tokens(user=user, session=session))


def _person_of(claims: RefreshClaims) -> User:
    ended = RevokedSession.objects.filter(sid=claims.sid, user_id=OuterRef("pk"))
    user = User.objects.filter(pk=claims.user_id).annotate(session_ended=Exists(ended)).first()
    if user is None:
        raise InvalidTokenError
    if user.status == UserStatus.SUSPENDED:
        raise AccountSuspendedError
    if not user.is_active or user.session_ended or user.token_version != claims.version:
        raise SessionEndedError
    return user


def _shown(claims: RefreshClaims, shown_hash: str) -> tuple[Session, Shown]:
    try:
        session = lock_one(Session.objects.of(claims.user_id), pk=claims.sid)
    except MissingError as error:
        raise SessionEndedError from error
    now = database_now(CREDENTIALS)
    if session.revoked_at or now >= min(session.expires_at, session.absolute_expires_at):
        raise SessionEndedError
    if claims.generation == session.generation:
        return session, _matching(shown_hash, session.refresh_hash, Shown.CURRENT)
    if claims.generation > session.generation:
        raise InvalidTokenError
    grace = timedelta(seconds=settings.REFRESH_GRACE_SECONDS)
    if claims.generation == session.generation - 1 and now - session.rotated_at <= grace:
        return session, _matching(shown_hash, session.previous_hash, Shown.JUST_REPLACED)
    return session, Shown.REPLACED


def _matching(shown_hash: str, stored_hash: str, outcome: Shown) -> Shown:
    if not constant_time_compare(shown_hash, stored_hash):
        raise InvalidTokenError
    return outcome
