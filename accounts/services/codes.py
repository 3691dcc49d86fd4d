"""One-time codes and links: made, sent, and opened once.

A code is kept as an HMAC under a key that is not in the database, over the row's own identifier,
the purpose, the contact and the code. Every attempt is counted and committed before anything is
compared; of parallel right ones a compare-and-set lets exactly one through. A newer code of the
same purpose replaces an older one. Limits are in ``accounts.services.code_limits``.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connections, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from accounts.choices import CodeKind, CodePurpose, CodeState, MessageChannel
from accounts.credentials.models import OneTimeCode
from accounts.exceptions import WrongCodeError
from accounts.flows import CODE_FLOW
from accounts.services import code_limits, outbox
from accounts.services.identifiers import Contact
from accounts.services.settings import get_setting
from config.shared import metrics
from config.shared.models import uuid7

CREDENTIALS = "credentials"
DIGITS = 6
SECRET_BYTES = 32
# What is found under this name in a payload is given only to whoever names the challenge: a
# password, say, that may have been chosen by somebody else than the owner of the contact.
BOUND = "bound"
ANYBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Issued:
    """A code that is about to be sent; ``secret`` is in no other place.

    ``delayed`` tells that nothing sent on this channel gets through at present, to whomever.
    """

    challenge_id: UUID
    secret: str
    expires_in: int
    resend_after: int
    delayed: bool = False

    def __repr__(self) -> str:
        return f"Issued({self.challenge_id})"


@dataclass(frozen=True, slots=True)
class Proof:
    """Somebody had the code that was sent to ``contact``."""

    challenge_id: UUID
    purpose: CodePurpose
    contact: Contact
    user_id: UUID | None
    payload: Mapping[str, Any] = field(default_factory=dict, repr=False)


def issue(
    *,
    contact: Contact,
    purpose: CodePurpose,
    user_id: UUID | None,
    ip_prefix: str,
    kind: CodeKind = CodeKind.CODE,
    payload: Mapping[str, Any] | None = None,
    withheld: bool = False,
) -> Issued:
    """Make a code within all limits, and replace the one before it.

    ``user_id`` is None where nobody has this contact: such a row counts and costs like any other,
    and its secret is one that nobody can type. ``withheld`` makes a row that was never live, for
    a code that will not be sent. The caller sends the secret afterwards.

    Raises ``TooManyRequestsError``, ``CodesStoppedError`` or ``CountryNotServedError``.
    """
    code_limits.refuse_unserved(contact)
    code_limits.refuse_stopped(contact)
    code_limits.refuse_hurried(contact)
    code_limits.take_budgets(contact, ip_prefix=ip_prefix)
    guessable = user_id is not None and kind == CodeKind.CODE
    secret = _digits() if guessable else secrets.token_urlsafe(SECRET_BYTES)
    row = _row(contact, purpose, user_id=user_id, kind=kind)
    row.payload = json.dumps(payload) if payload else None
    row.requested_ip_prefix = ip_prefix
    row.code_hash = _hash(row, secret)
    expires_in = lifetime(kind)
    with transaction.atomic(using=CREDENTIALS, durable=True):
        _one_at_a_time(contact)
        now = code_limits.refuse_hurried(contact)
        _supersede(OneTimeCode.objects.filter(identifier_mac=contact.mac, purpose=purpose))
        row.created_at, row.expires_at = now, now + timedelta(seconds=expires_in)
        row.superseded_at = now if withheld else None
        row.save(force_insert=True)
        resend_after = code_limits.resend_after(contact, now)
    metrics.count("codes", "withheld" if withheld else "sent")
    delayed = contact.channel in outbox.troubled_channels()
    return Issued(row.pk, secret, expires_in, resend_after, delayed)


def verify(
    *,
    code: str,
    purposes: Collection[CodePurpose],
    challenge_id: UUID | None = None,
    contact: Contact | None = None,
    ip_prefix: str = "",
    user_id: UUID = ANYBODY,
) -> Proof:
    """Open the code that was sent, once.

    The code is named by ``challenge_id`` or, by callers that only know the ``contact``, found
    there; the latter has to come from the network that asked for it, so that nobody else can use
    up its attempts. With ``user_id`` only a code that was made for this person opens.

    Raises ``WrongCodeError``, whatever is wrong, or ``TooManyRequestsError`` and
    ``CodesStoppedError`` after too many wrong codes.
    """
    row = _find(challenge_id=challenge_id, contact=contact, purposes=purposes, ip_prefix=ip_prefix)
    if row is None or user_id not in (ANYBODY, row.user_id):
        raise WrongCodeError
    _reserve_attempt(row)
    code_limits.count_failure(row.identifier_mac)
    if not _matches(row, code) or row.user_id is None:
        metrics.count("codes", "wrong")
        raise WrongCodeError
    payload = _payload_for(row, named=challenge_id is not None)
    _use(row, payload)
    code_limits.forget_failures(row.identifier_mac)
    metrics.count("codes", "verified")
    return Proof(row.pk, CodePurpose(row.purpose), contact_of(row), row.user_id, payload)


def supersede_all(*, user_id: UUID, purposes: Collection[CodePurpose] | None = None) -> int:
    """Make the live codes of a person void, because what they were sent to or for has changed."""
    rows = OneTimeCode.objects.filter(user_id=user_id)
    if purposes is not None:
        rows = rows.filter(purpose__in=purposes)
    return _supersede(rows)


def forget_payload(challenge_id: UUID) -> None:
    """Forget what was asked for with a code, once it is done."""
    OneTimeCode.objects.filter(pk=challenge_id).update(payload=None)


def addressee(challenge_id: UUID) -> str | None:
    """The phone number or e-mail address that a code was sent to."""
    row = OneTimeCode.objects.only("identifier").filter(pk=challenge_id).first()
    return row.identifier if row else None


def contact_of(row: OneTimeCode) -> Contact:
    """Where a code was sent."""
    return Contact(MessageChannel(row.channel), row.identifier)


def payload_of(row: OneTimeCode) -> dict[str, Any]:
    """What was asked for with a code."""
    return json.loads(row.payload) if row.payload else {}


def lifetime(kind: CodeKind) -> int:
    """How long a code or a link counts, in seconds."""
    if kind == CodeKind.LINK:
        return settings.RESET_LINK_SECONDS
    return int(get_setting("code_seconds"))


def _row(
    contact: Contact, purpose: CodePurpose, *, user_id: UUID | None, kind: CodeKind
) -> OneTimeCode:
    return OneTimeCode(
        id=uuid7(),
        user_id=user_id,
        identifier_mac=contact.mac,
        identifier=contact.value,
        identifier_hint=contact.hint,
        channel=contact.channel,
        kind=kind,
        purpose=purpose,
        max_attempts=settings.CODE_MAX_ATTEMPTS,
    )


def _digits() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def _hash(row: OneTimeCode, secret: str, key_id: str = "") -> str:
    key_id = key_id or next(iter(settings.CODE_PEPPERS))
    parts = (str(row.pk), row.purpose, row.identifier, secret)
    message = b"".join(len(part.encode()).to_bytes(4) + part.encode() for part in parts)
    digest = hmac.new(settings.CODE_PEPPERS[key_id].encode(), message, hashlib.sha256)
    return f"{key_id}${digest.hexdigest()}"


def _matches(row: OneTimeCode, secret: str) -> bool:
    key_id = row.code_hash.partition("$")[0]
    if key_id not in settings.CODE_PEPPERS:
        return False
    return hmac.compare_digest(_hash(row, secret, key_id), row.code_hash)


def _one_at_a_time(contact: Contact) -> None:
    """Let nobody else make a code for this contact until the transaction ends."""
    number = int.from_bytes(bytes.fromhex(contact.mac)[:8], signed=True)
    with connections[CREDENTIALS].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _supersede(rows: QuerySet[OneTimeCode]) -> int:
    CODE_FLOW.check(CodeState.ISSUED, CodeState.SUPERSEDED)
    live = rows.filter(is_used=False, superseded_at__isnull=True)
    return live.update(superseded_at=Now())


def _find(
    *,
    challenge_id: UUID | None,
    contact: Contact | None,
    purposes: Collection[CodePurpose],
    ip_prefix: str,
) -> OneTimeCode | None:
    rows = OneTimeCode.objects.filter(purpose__in=purposes)
    if challenge_id is not None:
        return rows.filter(pk=challenge_id).first()
    if contact is None:
        return None
    rows = rows.live().filter(identifier_mac=contact.mac, requested_ip_prefix=ip_prefix)
    return rows.order_by("-created_at", "pk").first()


def _reserve_attempt(row: OneTimeCode) -> None:
    """Count an attempt, and commit that, before the code is compared."""
    with transaction.atomic(using=CREDENTIALS, durable=True):
        live = OneTimeCode.objects.live().filter(pk=row.pk)
        if not live.update(attempts=F("attempts") + 1):
            metrics.count("codes", "late")
            raise WrongCodeError


def _payload_for(row: OneTimeCode, *, named: bool) -> dict[str, Any]:
    payload = payload_of(row)
    if not named:
        payload.pop(BOUND, None)
    return payload


def _use(row: OneTimeCode, payload: Mapping[str, Any]) -> None:
    CODE_FLOW.check(CodeState.ISSUED, CodeState.USED)
    unused = OneTimeCode.objects.filter(pk=row.pk, is_used=False, superseded_at__isnull=True)
    used = unused.update(
        is_used=True,
        is_verified=True,
        verified_at=Now(),
        payload=json.dumps(payload) if payload else None,
    )
    if not used:
        metrics.count("codes", "late")
        raise WrongCodeError
