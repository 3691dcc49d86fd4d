"""Signing in: a proof becomes a session, by way of the second factor where there is one."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from accounts.choices import UserStatus
from accounts.credentials.models import Challenge, Credential, Session
from accounts.exceptions import (
    AccountInactiveError,
    AccountSuspendedError,
    InvalidCredentialsError,
    InvalidTokenError,
)
from accounts.flows import USER_FLOW
from accounts.hashers import check_password, hash_password
from accounts.models import User
from accounts.services import code_limits, identifiers, lockout, sessions
from accounts.services.erasure import take_back
from accounts.services.facts import RequestFacts
from accounts.services.outage import needs_credentials
from accounts.services.tokens import TokenPair, issue_tokens
from config.shared import audit, metrics
from config.shared.clock import database_now
from config.shared.errors import MissingError
from config.shared.flows import move
from config.shared.locks import lock

CREDENTIALS = "credentials"
NOBODY = UUID(int=0)
MFA = "mfa"
MFA_SECONDS = 300
MFA_ATTEMPTS = 5
# Authentication methods (RFC 8176) that are two factors in one: something the person has,
# opened by something they know or are.
TWO_IN_ONE = frozenset({"hwk", "swk", "passkey"})
# Methods by which a person who deactivated the account may bring it back.
BY_CODE = frozenset({"sms", "email"})


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody is signed in."""

    user: User
    session: Session
    tokens: TokenPair


@dataclass(frozen=True, slots=True)
class SecondFactorNeeded:
    """The first proof was right; ``challenge_id`` waits for the second for some minutes."""

    user_id: UUID
    challenge_id: UUID
    expires_in: int = MFA_SECONDS


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sign-in that waits for its second factor."""

    user_id: UUID
    amr: tuple[str, ...]


@needs_credentials
def begin(
    user: User, *, amr: Iterable[str], request_facts: RequestFacts
) -> SignedIn | SecondFactorNeeded:
    """Sign in ``user``, whose first proof was ``amr``, or ask for the second factor.

    Raises ``AccountSuspendedError``, and ``AccountInactiveError`` for a deactivated account
    unless the proof was a code.
    """
    methods = frozenset(amr)
    _refuse_unwelcome(user, methods)
    if not methods & TWO_IN_ONE and _has_second_factor(user):
        return _ask_for_second_factor(user, methods, request_facts)
    return _open(user, methods, request_facts)


@needs_credentials
def take_attempt(challenge_id: UUID) -> Waiting:
    """Count one attempt at the second factor, before anything is compared.

    Of any number of parallel callers at most five get through in the life of a challenge. Raises
    ``InvalidTokenError`` when it is unknown, expired, answered, or tried too often.
    """
    waiting = Challenge.objects.filter(
        pk=challenge_id,
        purpose=MFA,
        used_at__isnull=True,
        attempts__lt=MFA_ATTEMPTS,
        expires_at__gt=Now(),
    )
    if not waiting.update(attempts=F("attempts") + 1):
        raise InvalidTokenError("Please start signing in again.")
    challenge = Challenge.objects.get(pk=challenge_id)
    return Waiting(_known(challenge), tuple(json.loads(challenge.data)["amr"]))


@needs_credentials
def finish(
    challenge_id: UUID, amr: Iterable[str], *, request_facts: RequestFacts | None = None
) -> SignedIn:
    """Sign in whoever the challenge waits for, after ``amr`` proved the second factor.

    Of parallel callers exactly one gets through. Raises ``InvalidTokenError`` when the challenge
    is answered or expired, or the account has changed since, and what ``begin`` raises.
    """
    open_challenges = Challenge.objects.filter(
        pk=challenge_id, purpose=MFA, used_at__isnull=True, expires_at__gt=Now()
    )
    if not open_challenges.update(used_at=Now()):
        raise InvalidTokenError("Please start signing in again.")
    challenge = Challenge.objects.get(pk=challenge_id)
    data = json.loads(challenge.data)
    user = User.objects.filter(pk=_known(challenge), token_version=data["version"]).first()
    if user is None:
        raise InvalidTokenError("Please start signing in again.")
    facts = request_facts or RequestFacts(data["ip_prefix"], data["user_agent"])
    methods = frozenset(data["amr"]) | frozenset(amr)
    _refuse_unwelcome(user, methods)
    return _open(user, methods, facts)


@needs_credentials
def by_password(
    *, identifier: str, password: str, request_facts: RequestFacts
) -> SignedIn | SecondFactorNeeded:
    """Sign in with e-mail, username or phone, and password.

    Raises ``InvalidCredentialsError``, ``PasswordLockedError``, ``PasswordStoppedError``,
    ``HashingBusyError`` and what ``begin`` raises.
    """
    user = check_identity(
        identifier=identifier, password=password, ip_prefix=request_facts.ip_prefix
    )
    return begin(user, amr={"pwd"}, request_facts=request_facts)


@needs_credentials
def check_identity(*, identifier: str, password: str, ip_prefix: str) -> User:
    """The person whom ``identifier`` names and whose password this is, in whatever status.

    An attempt is counted before the password is looked at; an unknown identifier costs the same
    work and the same counting. Raises as ``by_password`` does.
    """
    user = identifiers.find_person(identifier)
    account = lockout.account_of(user, identifier)
    lockout.reserve(account, ip_prefix=ip_prefix)
    encoded = Credential.objects.hash_of(user.pk if user else NOBODY)
    right, outdated = check_password(password, encoded)
    if user is None or not right:
        metrics.count("sign_in", "wrong_password")
        raise InvalidCredentialsError
    lockout.release(account, ip_prefix=ip_prefix)
    if outdated:
        _upgrade_hash(user, password, encoded)
    return user


def _refuse_unwelcome(user: User, methods: frozenset[str]) -> None:
    if user.status == UserStatus.SUSPENDED:
        metrics.count("sign_in", "suspended")
        raise AccountSuspendedError
    if not user.is_active and not methods & BY_CODE:
        metrics.count("sign_in", "inactive")
        raise AccountInactiveError


def _has_second_factor(user: User) -> bool:
    return Credential.objects.filter(pk=user.pk, totp_confirmed_at__isnull=False).exists()


def _ask_for_second_factor(
    user: User, methods: frozenset[str], facts: RequestFacts
) -> SecondFactorNeeded:
    data = {
        "amr": sorted(methods),
        "version": user.token_version,
        "ip_prefix": facts.ip_prefix,
        "user_agent": facts.user_agent[:400],
    }
    challenge = Challenge.objects.create(
        user_id=user.pk,
        purpose=MFA,
        data=json.dumps(data),
        expires_at=database_now(CREDENTIALS) + timedelta(seconds=MFA_SECONDS),
    )
    metrics.count("sign_in", "second_factor_asked")
    return SecondFactorNeeded(user_id=user.pk, challenge_id=challenge.pk)


def _open(user: User, methods: frozenset[str], facts: RequestFacts) -> SignedIn:
    if user.status == UserStatus.INACTIVE:
        user = _bring_back(user)
    session = sessions.open_session(user=user, amr=methods, facts=facts)
    _free_codes(user)
    with transaction.atomic(durable=True):
        User.objects.filter(pk=user.pk).update(last_login_at=Now())
        audit.record(
            "accounts.user.signed_in",
            target=user,
            actor=user,
            after={"session": session.pk, "methods": sorted(methods)},
        )
    metrics.count("sign_in", "signed_in")
    return SignedIn(user, session, issue_tokens(user=user, session=session))


def _free_codes(user: User) -> None:
    """Let codes be tried again that guesses had stopped: the owner came in by another way.

    Only for contacts they have proved, or a claim would free the codes of somebody else.
    """
    code_limits.forget_failures(*(found.mac for found in identifiers.contacts_of(user)))


def _bring_back(user: User) -> User:
    with transaction.atomic(durable=True):
        (user,) = lock(user)
        if user.anonymised_at is not None:
            raise AccountInactiveError
        take_back(user)
        if user.status == UserStatus.INACTIVE:
            move(user, UserStatus.ACTIVE, flow=USER_FLOW, actor=user, is_active=True)
    return user


def _upgrade_hash(user: User, password: str, encoded: str) -> None:
    """Replace an old hash, unless the password was changed meanwhile."""
    fresh = hash_password(password)
    Credential.objects.filter(pk=user.pk, password_hash=encoded).update(
        password_hash=fresh, updated_at=Now()
    )


def _known(challenge: Challenge) -> UUID:
    if challenge.user_id is None:
        raise MissingError
    return challenge.user_id
