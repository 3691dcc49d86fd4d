"""Signed-in devices: opened, moved to their next generation, and ended.

A session is a family of refresh tokens of which only the newest counts. Ending one is written
first where every request looks (``RevokedSession``, or the person's ``token_version``) and then in
the credentials database: a crash in between leaves less access, never more.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from accounts.choices import SessionEnd, SessionState
from accounts.credentials.models import Session
from accounts.flows import SESSION_FLOW
from accounts.models import RevokedSession, User
from accounts.services import notices
from accounts.services.facts import RequestFacts
from accounts.services.tokens import fingerprint, read_refresh_token, refresh_token_of
from config.shared import audit, realtime
from config.shared.clock import database_now
from config.shared.errors import ConflictError, MissingError, NotAuthenticatedError
from config.shared.locks import lock

CREDENTIALS = "credentials"
# An ended session is refused this much longer than its last access token lives.
DENY_MARGIN_SECONDS = 300


def open_session(*, user: User, amr: Iterable[str], facts: RequestFacts) -> Session:
    """Begin a session for ``user``, who has just proved themselves by ``amr`` (RFC 8176)."""
    now = database_now(CREDENTIALS)
    session = Session(
        user_id=user.pk,
        token_version=user.token_version,
        amr=sorted(set(amr)),
        device_label=facts.device_label,
        ip_prefix=facts.ip_prefix,
        authenticated_at=now,
        rotated_at=now,
        last_used_at=now,
        absolute_expires_at=now + timedelta(days=settings.REFRESH_ABSOLUTE_DAYS),
    )
    session.expires_at = _idle_end(session, now)
    session.refresh_hash = fingerprint(refresh_token_of(session))
    session.save(force_insert=True)
    return session


def rotate(session: Session, **changes: Any) -> None:
    """Move a locked session to its next generation, along with ``changes`` of its columns."""
    now = database_now(CREDENTIALS)
    SESSION_FLOW.check(_state(session), SessionState.ROTATED)
    session.generation += 1
    session.previous_hash = session.refresh_hash
    session.rotated_at = session.last_used_at = now
    for name, value in changes.items():
        setattr(session, name, value)
    session.expires_at = _idle_end(session, now)
    session.refresh_hash = fingerprint(refresh_token_of(session))
    session.save(
        update_fields=[
            "generation",
            "previous_hash",
            "refresh_hash",
            "rotated_at",
            "last_used_at",
            "expires_at",
            *changes,
        ]
    )


def end(
    *,
    user: User,
    session_ids: Iterable[UUID],
    reason: SessionEnd,
    actor: User | None,
    note: str = "",
    notice: str = "",
) -> int:
    """End sessions of ``user``; running access tokens are refused from the next request on.

    Returns how many were live. Ending what has ended changes nothing. With ``notice`` the person
    is told by the message of that name.
    """
    rows = Session.objects.of(user.pk).filter(pk__in=list(session_ids), revoked_at__isnull=True)
    live = {session.pk: session for session in rows}
    if not live:
        return 0
    with transaction.atomic():
        _deny(user, live)
        for session in live.values():
            audit.record(
                "credentials.session.revoked",
                target=session,
                actor=actor,
                after={"user": user.pk, "why": reason},
                reason=note,
            )
            if notice:
                notices.tell(user, notice, device=session.device_label)
    return revoke_rows(user_id=user.pk, reason=reason, only=live)


def end_one(*, user: User, session_id: UUID) -> None:
    """End one session of one's own. Raises ``MissingError`` when there is no such live session."""
    if not end(user=user, session_ids=[session_id], reason=SessionEnd.LOGOUT, actor=user):
        raise MissingError


def end_others(*, user: User, current: UUID) -> int:
    """End every session of ``user`` but the one they are using."""
    ids = list(live_sessions(user).exclude(pk=current).values_list("pk", flat=True))
    return end(user=user, session_ids=ids, reason=SessionEnd.LOGOUT, actor=user)


def end_all(*, user: User, reason: SessionEnd, actor: User | None, note: str = "") -> int:
    """Sign ``user`` out everywhere; returns how many sessions were live."""
    with transaction.atomic():
        void_tokens(user)
        audit.record(
            "accounts.user.signed_out_everywhere",
            target=user,
            actor=actor,
            after={"why": reason},
            reason=note,
        )
    return revoke_rows(user_id=user.pk, reason=reason)


def sign_out(*, user: Any, session_id: UUID | None, refresh_token: str | None) -> None:
    """End the session of an access token, of a refresh token, or of both.

    ``user`` may be an anonymous one. Raises ``NotAuthenticatedError`` where there is neither, and
    ``InvalidTokenError``.
    """
    if session_id is None and not refresh_token:
        raise NotAuthenticatedError
    if session_id is not None:
        end(user=user, session_ids=[session_id], reason=SessionEnd.LOGOUT, actor=user)
    if refresh_token:
        end_by_refresh_token(refresh_token=refresh_token)


def sign_out_everywhere(*, user: User) -> int:
    """End every session of ``user``, at their own wish."""
    return end_all(user=user, reason=SessionEnd.LOGOUT, actor=user)


def end_by_refresh_token(*, refresh_token: str) -> None:
    """Sign out whoever holds this refresh token, also an old one. Raises ``InvalidTokenError``."""
    claims = read_refresh_token(refresh_token)
    user = User.objects.filter(pk=claims.user_id).first()
    if user is not None:
        end(user=user, session_ids=[claims.sid], reason=SessionEnd.LOGOUT, actor=user)


def end_by_staff(*, session: Session, actor: User, reason: str) -> None:
    """End somebody's session, with a reason. Raises ``ConflictError`` when it has ended."""
    user = User.objects.get(pk=session.user_id)
    ended = end(
        user=user, session_ids=[session.pk], reason=SessionEnd.ADMIN, actor=actor, note=reason
    )
    if not ended:
        raise ConflictError("This session has ended already.")


def end_all_by_staff(*, user: User, actor: User, reason: str) -> int:
    """Sign somebody out everywhere, with a reason."""
    return end_all(user=user, reason=SessionEnd.ADMIN, actor=actor, note=reason)


def void_tokens(user: User) -> int:
    """Make every access and refresh token of ``user`` void; returns the new token version.

    The caller is in a transaction of the main database and ends the rows afterwards with
    ``revoke_rows``: until then the old tokens are refused already.
    """
    (user,) = lock(user)
    user.token_version += 1
    user.save(update_fields=["token_version", "updated_at"])
    realtime.recheck(user.pk)
    return user.token_version


def revoke_rows(
    *,
    user_id: UUID,
    reason: SessionEnd,
    only: Iterable[UUID] | None = None,
    keep: UUID | None = None,
) -> int:
    """End rows in the credentials database: the second half of what began in the main one."""
    rows = Session.objects.of(user_id).filter(revoked_at__isnull=True)
    if only is not None:
        rows = rows.filter(pk__in=list(only))
    if keep is not None:
        rows = rows.exclude(pk=keep)
    return rows.update(revoked_at=Now(), revoked_reason=reason)


def live_sessions(user: User) -> Any:
    """The signed-in devices of ``user``, the last used first."""
    return Session.objects.of(user.pk).live().order_by("-last_used_at", "pk")


def _deny(user: User, session_ids: Iterable[UUID]) -> None:
    seconds = settings.ACCESS_TOKEN_SECONDS + DENY_MARGIN_SECONDS
    expires_at = database_now() + timedelta(seconds=seconds)
    rows = [RevokedSession(sid=sid, user=user, expires_at=expires_at) for sid in session_ids]
    RevokedSession.objects.bulk_create(rows, ignore_conflicts=True)
    realtime.recheck(user.pk)


def _idle_end(session: Session, now: datetime) -> datetime:
    idle_end = now + timedelta(days=settings.REFRESH_IDLE_DAYS)
    return min(idle_end, session.absolute_expires_at)


def _state(session: Session) -> SessionState:
    if session.revoked_at is not None:
        return SessionState.REVOKED
    return SessionState.LIVE if session.generation == 1 else SessionState.ROTATED
