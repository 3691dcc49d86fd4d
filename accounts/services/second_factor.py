"""A second factor: what turning it on, using it and taking it away has for consequences.

Turning it on narrows access, so the credentials are written first; whatever widens access is
written down and told to the owner before it happens: a crash in between leaves less access, and
nobody is robbed in silence.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.choices import SessionEnd
from accounts.credentials.models import Credential, Passkey
from accounts.exceptions import InvalidTokenError, OwnRequestError, WrongCodeError
from accounts.models import User
from accounts.proof_exceptions import SecondFactorMissingError
from accounts.services import notices, sessions, sign_in, step_up, totp
from accounts.services.facts import RequestFacts
from accounts.services.outage import needs_credentials
from accounts.services.step_up import Caller
from accounts.services.totp import Enrolment
from config.shared import audit, metrics
from config.shared.errors import NotAllowedError


@dataclass(frozen=True, slots=True)
class Protection:
    """How an account is guarded, for its owner."""

    totp_enabled: bool
    totp_confirmed_at: datetime | None
    backup_codes_left: int
    passkeys: int
    google_linked: bool
    has_password: bool


@needs_credentials
def protection_of(*, user: User) -> Protection:
    """How the account of ``user`` is guarded: two queries, nothing secret."""
    row = Credential.objects.filter(pk=user.pk).first() or Credential(user_id=user.pk)
    return Protection(
        totp_enabled=row.totp_confirmed_at is not None,
        totp_confirmed_at=row.totp_confirmed_at,
        backup_codes_left=len(row.backup_codes),
        passkeys=Passkey.objects.of(user.pk).count(),
        google_linked=row.google_sub is not None,
        has_password=bool(row.password_hash) and not row.password_hash.startswith("!"),
    )


@needs_credentials
def start(caller: Caller) -> Enrolment:
    """Make a secret for the caller's authenticator app, which then has to be confirmed.

    Raises ``FreshSignInRequiredError``, ``SecondFactorActiveError``.
    """
    step_up.require_fresh(caller)
    return totp.prepare(user=caller.user)


@needs_credentials
def confirm(*, user: User, code: str) -> list[str]:
    """Turn the waiting secret on with a code from the app; returns the backup codes, this once.

    Running sessions go on. Raises what ``totp.confirm`` raises.
    """
    codes = totp.confirm(user_id=user.pk, code=code)
    _tell(user, "totp_enabled")
    return codes


@needs_credentials
def finish_sign_in(
    *, challenge_id: UUID, code: str, request_facts: RequestFacts
) -> sign_in.SignedIn:
    """Sign in whoever the challenge waits for, with a code of their app or a backup code.

    Raises ``InvalidTokenError`` when the sign-in has to be started again, and what ``verify`` and
    ``sign_in.finish`` raise.
    """
    waiting = sign_in.take_attempt(challenge_id)
    user = User.objects.filter(pk=waiting.user_id).first()
    if user is None:
        raise InvalidTokenError("Please start signing in again.")
    try:
        method = verify(user=user, code=code)
    except SecondFactorMissingError as error:
        raise InvalidTokenError("Please start signing in again.") from error
    return sign_in.finish(challenge_id, {method}, request_facts=request_facts)


@needs_credentials
def verify(*, user: User, code: str) -> str:
    """Use up a code of the app or a backup code; returns which it was, for the session's ``amr``.

    The owner learns of every backup code that is used. Raises what ``totp.use`` raises.
    """
    try:
        method = totp.use(user_id=user.pk, code=code)
    except WrongCodeError:
        metrics.count("sign_in", "wrong_second_factor")
        raise
    if method == totp.BACKUP:
        _tell(user, "backup_code_used")
    return method


@needs_credentials
def disable(caller: Caller, *, code: str) -> None:
    """Take the second factor away, on a fresh sign-in and on showing it once more.

    Raises ``FreshSignInRequiredError`` and what ``totp.use`` raises.
    """
    step_up.require_fresh(caller)
    totp.use(user_id=caller.user.pk, code=code)
    _tell(caller.user, "totp_disabled")
    totp.clear(user_id=caller.user.pk)


@needs_credentials
def renew_backup_codes(caller: Caller, *, code: str) -> list[str]:
    """Ten new backup codes in place of the old ones, shown this once.

    Takes a fresh sign-in and a code, as ``disable`` does.
    """
    step_up.require_fresh(caller)
    totp.use(user_id=caller.user.pk, code=code)
    _tell(caller.user, "backup_codes")
    return totp.replace_backup_codes(user_id=caller.user.pk)


@needs_credentials
def reset_by_staff(*, user: User, actor: User, reason: str) -> None:
    """Take the second factor away for a person who lost it, after staff made sure who they are.

    Every session ends. Nobody resets their own; that of a member of staff is reset by superusers
    only. Raises ``OwnRequestError``, ``NotAllowedError``, ``SecondFactorMissingError``.
    """
    if actor.pk == user.pk:
        raise OwnRequestError
    if user.is_staff and not actor.is_superuser:
        raise NotAllowedError("The second factor of staff is reset by superusers.")
    if not totp.is_enrolled(user.pk):
        raise SecondFactorMissingError
    with transaction.atomic(durable=True):
        sessions.void_tokens(user)
        audit.record("accounts.user.totp_reset", target=user, actor=actor, reason=reason)
        notices.tell(user, "security_changed", what="totp_disabled")
    totp.clear(user_id=user.pk)
    sessions.revoke_rows(user_id=user.pk, reason=SessionEnd.ADMIN)


def _tell(user: User, what: str) -> None:
    """Write down and tell the owner what happened to their second factor."""
    with transaction.atomic(durable=True):
        audit.record(f"accounts.user.{what}", target=user, actor=user)
        notices.tell(user, "security_changed", what=what)
