"""Answers of passkeys, verified: whatever does not hold is a refusal, never a fault."""

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings

from accounts.credentials.models import Passkey
from accounts.models import User
from accounts.proof_exceptions import PasskeyNotVerifiedError, PasskeyRefusedError
from config.shared.origins import origin_of

KNOWN_TRANSPORTS = frozenset({"usb", "nfc", "ble", "smart-card", "internal", "cable", "hybrid"})


def verified_registration(credential: dict[str, Any], *, challenge: bytes) -> Any:
    """What a browser made, as the library verified it. Raises ``PasskeyNotVerifiedError``."""
    import webauthn

    try:
        return _verified(
            credential,
            lambda: webauthn.verify_registration_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=settings.PASSKEY_HOST,
                expected_origin=_origins(),
                require_user_verification=True,
            ),
        )
    except PasskeyRefusedError as error:
        raise PasskeyNotVerifiedError from error


def verified_assertion(credential: dict[str, Any], *, challenge: bytes, key: Passkey) -> Any:
    """What ``key`` signed, as the library verified it. Raises ``PasskeyRefusedError``.

    The counter is not looked at: that takes one statement together with moving it.
    """
    import webauthn

    return _verified(
        credential,
        lambda: webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=settings.PASSKEY_HOST,
            expected_origin=_origins(),
            credential_public_key=bytes(key.public_key),
            credential_current_sign_count=0,
            require_user_verification=True,
        ),
    )


def key_named_by(credential: dict[str, Any]) -> Passkey:
    """The passkey that an answer says it is from. Raises ``PasskeyRefusedError``."""
    from webauthn.helpers import base64url_to_bytes

    try:
        raw = base64url_to_bytes(str(credential.get("rawId", "")))
    except ValueError as error:
        raise PasskeyRefusedError from error
    key = Passkey.objects.filter(credential_id=raw).first() if raw else None
    if key is None:
        raise PasskeyRefusedError
    return key


def names_owner(credential: dict[str, Any], user: User) -> bool:
    """Whether the passkey says whose it is, and is right (§7.2 step 6: nobody was named before)."""
    from webauthn.helpers import base64url_to_bytes

    handle = credential["response"].get("userHandle")
    return isinstance(handle, str) and base64url_to_bytes(handle) == user.pk.bytes


def transports_of(credential: dict[str, Any]) -> list[str]:
    """The ways to reach the device, as far as they are known ones."""
    response = credential.get("response")
    found = response.get("transports") if isinstance(response, dict) else None
    named = {item for item in found if isinstance(item, str)} if isinstance(found, list) else set()
    return sorted(named & KNOWN_TRANSPORTS)


def _verified(credential: dict[str, Any], verify: Callable[[], Any]) -> Any:
    """What the library makes of a browser's answer; whatever it stumbles over is a refusal."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from webauthn.helpers.exceptions import WebAuthnException

    mistakes = (WebAuthnException, UnsupportedAlgorithm, ValueError, LookupError, TypeError)
    try:
        _refuse_framed(credential)
        return verify()
    except (*mistakes, AttributeError, ArithmeticError, EOFError) as error:
        raise PasskeyRefusedError from error


def _refuse_framed(credential: dict[str, Any]) -> None:
    """Our pages are in no other site's frames (level 3, §7.1 step 10)."""
    from webauthn.helpers import base64url_to_bytes

    client_data = json.loads(base64url_to_bytes(credential["response"]["clientDataJSON"]))
    if client_data.get("crossOrigin"):
        raise ValueError("asked for in a frame of another site")


def _origins() -> list[str]:
    return [origin_of(settings.PUBLIC_BASE_URL), *settings.PASSKEY_ORIGINS]
