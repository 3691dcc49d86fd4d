"""Tickets for sockets: good once and for seconds, so that no address holds a token."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models.functions import Now

from accounts.models import RevokedSession, User
from messaging.models import RealtimeTicket

TICKET_SECONDS = 30
MAX_TICKET_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a client is given once."""

    ticket: str
    expires_in: int = TICKET_SECONDS


@dataclass(frozen=True, slots=True)
class Admission:
    """Whose socket it is, and by which session."""

    user_id: UUID
    session_id: UUID
    token_version: int


def issue_ticket(*, user: User, session_id: UUID) -> Ticket:
    """A ticket for one socket of ``user``; only its hash is kept."""
    ticket = secrets.token_urlsafe(32)
    RealtimeTicket.objects.create(
        ticket_hash=_hash(ticket),
        user=user,
        session_id=session_id,
        token_version=user.token_version,
        expires_at=Now() + timedelta(seconds=TICKET_SECONDS),
    )
    return Ticket(ticket)


def redeem_ticket(ticket: str) -> Admission | None:
    """Use a ticket up; None for one that is unknown, over or used, however many try at once.

    Whether the session still counts is asked apart (``still_signed_in``).
    """
    if not 0 < len(ticket) <= MAX_TICKET_LENGTH:
        return None
    key = _hash(ticket)
    good = RealtimeTicket.objects.filter(pk=key, used_at__isnull=True, expires_at__gt=Now())
    if not good.update(used_at=Now()):
        return None
    found = RealtimeTicket.objects.get(pk=key)
    return Admission(found.user_id, found.session_id, found.token_version)


def still_signed_in(admissions: Collection[Admission]) -> set[Admission]:
    """Those whose person may use Courtyard and whose session has not ended."""
    people = {admission.user_id for admission in admissions}
    rows = User.objects.filter(pk__in=people, is_active=True)
    versions = dict(rows.order_by().values_list("pk", "token_version"))
    sessions = {admission.session_id for admission in admissions}
    ended = set(
        RevokedSession.objects.filter(sid__in=sessions).order_by().values_list("sid", flat=True)
    )
    return {
        admission
        for admission in admissions
        if versions.get(admission.user_id) == admission.token_version
        and admission.session_id not in ended
    }


def delete_old_tickets() -> int:
    """Delete tickets that nobody can use any more."""
    return RealtimeTicket.objects.filter(expires_at__lt=Now() - timedelta(hours=1)).delete()[0]


def _hash(ticket: str) -> str:
    return hashlib.sha256(ticket.encode(errors="replace")).hexdigest()
