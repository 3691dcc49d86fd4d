"""Passkeys (W3C Web Authentication, level 2): register, sign in, name and remove.

A passkey counts as two factors: the device, and whatever opens it (user verification is
required). The relying party is the host of ``PUBLIC_BASE_URL``.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from accounts.credentials.models import Challenge, Passkey
from accounts.exceptions import (
    InvalidTokenError,
    PasskeyClonedError,
    PasskeyExistsError,
    PasskeyRefusedError,
    TooManyPasskeysError,
)
from accounts.models import User
from accounts.services import notices, sign_in
from accounts.services.facts import RequestFacts
from accounts.services.outage import needs_credentials
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import MissingError

REGISTER = "passkey_register"
SIGN_IN = "passkey_sign_in"
CHALLENGE_SECONDS = 300
MOST = 20


@dataclass(frozen=True, slots=True)
class Options:
    """What the browser is asked, and the challenge that its answer must name."""

    challenge_id: UUID
    public_key: dict[str, Any]


@needs_credentials
def registration_options(*, user: User) -> Options:
    """Ask the browser of ``user`` to make a passkey; their present ones are left out.

    Raises ``TooManyPasskeysError`` at twenty.
    """
    import webauthn
    from webauthn.helpers import structs

    present = list(Passkey.objects.of(user.pk))
    if len(present) >= MOST:
        raise TooManyPasskeysError
    options = webauthn.generate_registration_options(
        rp_id=_host(),
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
    *, user: User, challenge_id: UUID, credential: dict[str, Any], name: str = ""
) -> Passkey:
    """Keep the passkey that the browser made.

    Raises ``InvalidTokenError`` for a challenge that is unknown, used or expired,
    ``PasskeyRefusedError`` when the answer does not verify, ``PasskeyExistsError``.
    """
    import webauthn

    challenge = _take(challenge_id, REGISTER, user.pk)
    verified = _verified(
        lambda: webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=bytes.fromhex(challenge),
            expected_rp_id=_host(),
            expected_origin=settings.PUBLIC_BASE_URL,
            require_user_verification=True,
        )
    )
    key = Passkey(
        user_id=user.pk,
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        name=name.strip() or "Passkey",
        transports=_transports(credential),
    )
    if not Passkey.objects.bulk_create([key], ignore_conflicts=True) or not _kept(key):
        raise PasskeyExistsError
    _tell(user, "passkey_added", name=key.name)
    return key


@needs_credentials
def sign_in_options() -> Options:
    """Ask any browser for any passkey of ours; nothing tells which accounts have one."""
    import webauthn
    from webauthn.helpers import structs

    options = webauthn.generate_authentication_options(
        rp_id=_host(), user_verification=structs.UserVerificationRequirement.REQUIRED
    )
    return _asked(SIGN_IN, options, None)


@needs_credentials
def sign_in_with(
    *, challenge_id: UUID, credential: dict[str, Any], request_facts: RequestFacts
) -> sign_in.SignedIn | sign_in.SecondFactorNeeded:
    """Sign in the owner of the passkey that answered.

    Raises ``InvalidTokenError``, ``PasskeyRefusedError``, ``PasskeyClonedError`` when the
    passkey's counter went back, and what ``sign_in.begin`` raises.
    """
    import webauthn

    challenge = _take(challenge_id, SIGN_IN, None)
    key = _key_of(credential)
    verified = _verified(
        lambda: webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=bytes.fromhex(challenge),
            expected_rp_id=_host(),
            expected_origin=settings.PUBLIC_BASE_URL,
            credential_public_key=bytes(key.public_key),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    )
    user = User.objects.filter(pk=key.user_id).first()
    if user is None:
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
def remove(*, user: User, passkey_id: UUID) -> None:
    """Forget a passkey of one's own. Raises ``MissingError``."""
    deleted, _ = Passkey.objects.of(user.pk).filter(pk=passkey_id).delete()
    if not deleted:
        raise MissingError
    _tell(user, "passkey_removed")


def _tell(user: User, what: str, **facts: str) -> None:
    """Write down and tell the owner what happened to their passkeys."""
    with transaction.atomic():
        audit.record(f"accounts.{what}", target=user, actor=user, after=facts)
        notices.tell(user, "security_changed", what=what)


def _asked(purpose: str, options: Any, user_id: UUID | None) -> Options:
    import webauthn

    challenge = Challenge.objects.create(
        user_id=user_id,
        purpose=purpose,
        data=options.challenge.hex(),
        expires_at=database_now("credentials") + timedelta(seconds=CHALLENGE_SECONDS),
    )
    return Options(challenge.pk, json.loads(webauthn.options_to_json(options)))


def _take(challenge_id: UUID, purpose: str, user_id: UUID | None) -> str:
    """The bytes that were asked, in hexadecimal; of any number of answers one gets through."""
    waiting = Challenge.objects.filter(
        pk=challenge_id,
        purpose=purpose,
        user_id=user_id,
        used_at__isnull=True,
        expires_at__gt=Now(),
    )
    if not waiting.update(used_at=Now()):
        raise InvalidTokenError("This challenge is no longer open: ask for a new one.")
    return Challenge.objects.get(pk=challenge_id).data


def _verified(verify: Any) -> Any:
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        return verify()
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise PasskeyRefusedError from error


def _key_of(credential: dict[str, Any]) -> Passkey:
    from webauthn.helpers import base64url_to_bytes

    try:
        raw = base64url_to_bytes(str(credential.get("rawId", "")))
    except ValueError as error:
        raise PasskeyRefusedError from error
    key = Passkey.objects.filter(credential_id=raw).first() if raw else None
    if key is None:
        raise PasskeyRefusedError
    return key


def _count_up(key: Passkey, count: int, user: User) -> None:
    """Move the counter forward; a counter that does not rise means that the key was copied.

    Authenticators without a counter always answer 0 (WebAuthn §6.1.1).
    """
    rows = Passkey.objects.filter(pk=key.pk)
    ahead = rows.filter(sign_count__lt=count) if count else rows.filter(sign_count=0)
    if not ahead.update(sign_count=count, last_used_at=Now()):
        audit.record("accounts.passkey.cloned", target=user, actor=None)
        raise PasskeyClonedError


def _kept(key: Passkey) -> bool:
    return Passkey.objects.filter(pk=key.pk).exists()


def _transports(credential: dict[str, Any]) -> list[str]:
    response = credential.get("response")
    found = response.get("transports") if isinstance(response, dict) else None
    known = {"usb", "nfc", "ble", "smart-card", "internal", "cable", "hybrid"}
    return sorted({str(item) for item in found} & known) if isinstance(found, list) else []


def _host() -> str:
    return urlsplit(settings.PUBLIC_BASE_URL).hostname or "localhost"
