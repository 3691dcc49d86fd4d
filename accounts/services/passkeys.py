"""Passkeys (W3C Web Authentication, level 2): register, sign in, name and remove.

A passkey counts as two factors: the device, and whatever opens it (user verification is
required). It belongs to ``PASSKEY_HOST``, and answers on our own origins only.
"""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from accounts.credentials.models import Credential, Passkey
from accounts.models import User
from accounts.proof_exceptions import (
    PasskeyClonedError,
    PasskeyExistsError,
    PasskeyNotVerifiedError,
    PasskeyRefusedError,
    TooManyPasskeysError,
)
from accounts.services import notices, sign_in, step_up
from accounts.services.challenges import limit_anonymous, open_challenge, take_challenge
from accounts.services.facts import RequestFacts
from accounts.services.outage import needs_credentials
from accounts.services.passkey_answers import (
    key_named_by,
    names_owner,
    transports_of,
    verified_assertion,
    verified_registration,
)
from accounts.services.step_up import Caller
from config.shared import audit
from config.shared.errors import MissingError
from config.shared.locks import lock_one

CREDENTIALS = "credentials"
REGISTER = "passkey_register"
SIGN_IN = "passkey_sign_in"
CHALLENGE_SECONDS = 300
MOST = 20
# Bounds of WebAuthn (§4, credential identifier) and of the columns.
LONGEST_ID = 1023
LONGEST_KEY = 2048


@dataclass(frozen=True, slots=True)
class Options:
    """What the browser is asked, and the challenge that its answer must name."""

    challenge_id: UUID
    public_key: dict[str, Any]
    expires_in: int = CHALLENGE_SECONDS


def passkeys_of(user: User) -> QuerySet[Passkey]:
    """The passkeys of ``user``, the newest first."""
    return Passkey.objects.of(user.pk).order_by("-created_at", "pk")


@needs_credentials
def registration_options(caller: Caller) -> Options:
    """Ask the caller's browser to make a passkey; their present ones are left out.

    Raises ``FreshSignInRequiredError``, and ``TooManyPasskeysError`` at twenty.
    """
    import webauthn
    from webauthn.helpers import structs

    step_up.require_fresh(caller)
    user = caller.user
    present = list(passkeys_of(user))
    _refuse_too_many(len(present))
    options = webauthn.generate_registration_options(
        rp_id=settings.PASSKEY_HOST,
        rp_name="Courtyard",
        user_id=user.pk.bytes,
        user_name=user.phone_number or user.email or user.username or str(user.pk),
        user_display_name=str(user),
        exclude_credentials=[
            structs.PublicKeyCredentialDescriptor(id=bytes(key.credential_id)) for key in present
        ],
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
    )
    return _asked(REGISTER, options, user.pk)


@needs_credentials
def register(
    caller: Caller, *, challenge_id: UUID, credential: dict[str, Any], name: str = ""
) -> Passkey:
    """Keep the passkey that the caller's browser made.

    Raises ``FreshSignInRequiredError``, ``ChallengeClosedError``, ``PasskeyNotVerifiedError`` when
    the answer does not verify, ``PasskeyExistsError`` and ``TooManyPasskeysError``.
    """
    step_up.require_fresh(caller)
    asked = take_challenge(challenge_id, REGISTER, user_id=caller.user.pk)
    verified = verified_registration(credential, challenge=bytes.fromhex(asked["challenge"]))
    key = Passkey(
        user_id=caller.user.pk,
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        name=name.strip() or "Passkey",
        transports=transports_of(credential),
    )
    return _keep(caller.user, key)


@needs_credentials
def sign_in_options(*, ip_prefix: str) -> Options:
    """Ask any browser for any passkey of ours; nothing tells which accounts have one.

    Raises ``TooManyRequestsError``.
    """
    import webauthn
    from webauthn.helpers import structs

    limit_anonymous("passkey_options", ip_prefix)
    options = webauthn.generate_authentication_options(
        rp_id=settings.PASSKEY_HOST,
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return _asked(SIGN_IN, options, None)


@needs_credentials
def sign_in_with(
    *, challenge_id: UUID, credential: dict[str, Any], request_facts: RequestFacts
) -> sign_in.SignedIn | sign_in.SecondFactorNeeded:
    """Sign in the owner of the passkey that answered.

    Raises ``ChallengeClosedError``, ``PasskeyRefusedError``, ``PasskeyClonedError`` when the
    passkey's counter went back, and what ``sign_in.begin`` raises.
    """
    asked = take_challenge(challenge_id, SIGN_IN)
    key = key_named_by(credential)
    verified = verified_assertion(credential, challenge=bytes.fromhex(asked["challenge"]), key=key)
    user = User.objects.filter(pk=key.user_id).first()
    if user is None or not names_owner(credential, user):
        raise PasskeyRefusedError
    _count_up(key, verified.new_sign_count, user)
    return sign_in.begin(user, amr={"passkey"}, request_facts=request_facts)


@needs_credentials
def rename(*, user: User, passkey_id: UUID, name: str) -> Passkey:
    """Give a passkey of one's own another name. Raises ``MissingError``."""
    if not Passkey.objects.of(user.pk).filter(pk=passkey_id).update(name=name):
        raise MissingError
    return Passkey.objects.get(pk=passkey_id)


@needs_credentials
def remove(caller: Caller, *, passkey_id: UUID) -> None:
    """Forget a passkey of the caller's own.

    Raises ``FreshSignInRequiredError`` and ``MissingError``.
    """
    step_up.require_fresh(caller)
    deleted, _ = Passkey.objects.of(caller.user.pk).filter(pk=passkey_id).delete()
    if not deleted:
        raise MissingError
    _tell(caller.user, "passkey_removed")


def _keep(user: User, key: Passkey) -> Passkey:
    """Store a passkey; its owner is told first, so that no door opens in silence."""
    too_long = len(key.credential_id) > LONGEST_ID or len(key.public_key) > LONGEST_KEY
    if too_long:
        raise PasskeyNotVerifiedError
    if Passkey.objects.filter(credential_id=key.credential_id).exists():
        raise PasskeyExistsError
    _refuse_too_many(Passkey.objects.of(user.pk).count())
    _tell(user, "passkey_added", name=key.name)
    Credential.objects.bulk_create([Credential(user_id=user.pk)], ignore_conflicts=True)
    with transaction.atomic(using=CREDENTIALS, durable=True):
        lock_one(Credential.objects.all(), pk=user.pk)
        _refuse_too_many(Passkey.objects.of(user.pk).count())
        Passkey.objects.bulk_create([key], ignore_conflicts=True)
        kept = Passkey.objects.filter(pk=key.pk).first()
    if kept is None:
        raise PasskeyExistsError
    return kept


def _refuse_too_many(present: int) -> None:
    if present >= MOST:
        raise TooManyPasskeysError


def _tell(user: User, what: str, **facts: str) -> None:
    """Write down and tell the owner what happened to their passkeys."""
    with transaction.atomic(durable=True):
        audit.record(f"accounts.user.{what}", target=user, actor=user, after=facts)
        notices.tell(user, "security_changed", what=what)


def _asked(purpose: str, options: Any, user_id: UUID | None) -> Options:
    import webauthn

    challenge_id = open_challenge(
        purpose, {"challenge": options.challenge.hex()}, seconds=CHALLENGE_SECONDS, user_id=user_id
    )
    return Options(challenge_id, json.loads(webauthn.options_to_json(options)))


def _count_up(key: Passkey, count: int, user: User) -> None:
    """Move the counter forward; a counter that does not rise means that the key was copied.

    Authenticators without a counter always answer 0 (WebAuthn §6.1.1).
    """
    rows = Passkey.objects.filter(pk=key.pk)
    ahead = rows.filter(sign_count__lt=count) if count else rows.filter(sign_count=0)
    if not ahead.update(sign_count=count, last_used_at=Now()):
        with transaction.atomic(durable=True):
            audit.record("accounts.user.passkey_cloned", target=user, after={"name": key.name})
        raise PasskeyClonedError
