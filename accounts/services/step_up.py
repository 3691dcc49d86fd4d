"""Fresh proof that it is still the owner who asks, before something that would hurt (A14)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from accounts.choices import CodePurpose
from accounts.credentials.models import Credential, Session
from accounts.exceptions import (
    ContactMissingError,
    FreshSignInRequiredError,
    SessionEndedError,
    WrongPasswordError,
)
from accounts.hashers import check_password
from accounts.models import User
from accounts.services import codes, identifiers, lockout
from accounts.services.code_requests import ask_for
from accounts.services.codes import Issued
from accounts.services.outage import needs_credentials
from config.shared import audit
from config.shared.clock import database_now

FRESH_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, from which session and network."""

    user: User
    session_id: UUID
    ip_prefix: str = ""


@needs_credentials
def require_fresh(caller: Caller) -> Session:
    """The caller's session, if they proved themselves within the last ten minutes.

    Raises ``FreshSignInRequiredError``, or ``SessionEndedError``.
    """
    session = Session.objects.of(caller.user.pk).live().filter(pk=caller.session_id).first()
    if session is None:
        raise SessionEndedError
    age = database_now("credentials") - session.authenticated_at
    if age > timedelta(seconds=FRESH_SECONDS):
        raise FreshSignInRequiredError(
            "Sign in again, or confirm with your password or a code.", fresh_for=FRESH_SECONDS
        )
    return session


def confirm(
    caller: Caller, *, password: str = "", challenge_id: UUID | None = None, code: str = ""
) -> Issued | None:
    """Take the password or a code as fresh proof; with neither, send a code and return it."""
    if password:
        by_password(caller, password=password)
    elif challenge_id is not None:
        by_code(caller, challenge_id=challenge_id, code=code)
    else:
        return send_code(caller)
    return None


@needs_credentials
def send_code(caller: Caller) -> Issued:
    """Send a code to the caller's own verified phone, or else e-mail.

    Raises ``ContactMissingError``, and what ``codes.issue`` raises.
    """
    contacts = identifiers.contacts_of(caller.user)
    if not contacts:
        raise ContactMissingError
    return ask_for(
        CodePurpose.STEP_UP, contact=contacts[0], owner=caller.user, ip_prefix=caller.ip_prefix
    )


@needs_credentials
def by_code(caller: Caller, *, challenge_id: UUID, code: str) -> None:
    """Freshen the session with the code that was sent. Raises what ``codes.verify`` raises."""
    proof = codes.verify(
        code=code,
        purposes={CodePurpose.STEP_UP},
        challenge_id=challenge_id,
        user_id=caller.user.pk,
    )
    freshen(caller, amr={"otp", str(proof.contact.channel)})


@needs_credentials
def by_password(caller: Caller, *, password: str) -> None:
    """Freshen the session with the password. Raises what ``check_own_password`` raises."""
    check_own_password(caller, password=password, pointer="/password")
    freshen(caller, amr={"pwd"})


def freshen(caller: Caller, *, amr: Iterable[str]) -> None:
    """Note that the caller proved themselves just now, by ``amr`` (RFC 8176)."""
    with transaction.atomic(durable=True):
        audit.record(
            "accounts.user.confirmed",
            target=caller.user,
            actor=caller.user,
            after={"session": caller.session_id, "methods": sorted(set(amr))},
        )
    rows = Session.objects.of(caller.user.pk).live().filter(pk=caller.session_id)
    if not rows.update(authenticated_at=database_now("credentials")):
        raise SessionEndedError


@needs_credentials
def check_own_password(
    caller: Caller, *, password: str, pointer: str = "/current_password"
) -> None:
    """Check a signed-in person's own password, by the same counting as on signing in.

    Raises ``WrongPasswordError``, ``PasswordLockedError``, ``PasswordStoppedError`` or
    ``HashingBusyError``.
    """
    account = lockout.account_of(caller.user, "")
    lockout.reserve(account, ip_prefix=caller.ip_prefix)
    right, _ = check_password(password, Credential.objects.hash_of(caller.user.pk))
    if not right:
        raise WrongPasswordError(pointer=pointer)
    lockout.release(account, ip_prefix=caller.ip_prefix)


def has_password(user: User) -> bool:
    """Whether the person has a password at all."""
    encoded = Credential.objects.hash_of(user.pk)
    return bool(encoded) and not encoded.startswith("!")
