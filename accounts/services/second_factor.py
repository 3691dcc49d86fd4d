"""A second factor: time-based one-time passwords (RFC 6238) and single-use backup codes.

The secret is sealed, each time step counts once, and backup codes are kept as Argon2id hashes.
Everything here is written to the credentials database first; the audit event follows.
"""

import secrets
import time
from dataclasses import dataclass

import pyotp
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models.functions import Now

from accounts.credentials.models import Credential
from accounts.exceptions import (
    SecondFactorActiveError,
    SecondFactorMissingError,
    WrongCodeError,
)
from accounts.models import User
from config.shared import audit, limits
from config.shared.errors import MissingError
from config.shared.locks import lock_one

STEP_SECONDS = 30
DRIFT_STEPS = 1
BACKUP_CODES = 10
BACKUP_CODE_LENGTH = 10
BACKUP_PREFIX = 2
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
ATTEMPTS = 10
ATTEMPTS_WINDOW_SECONDS = 900
ISSUER = "Courtyard"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app needs; the secret is shown this once."""

    secret: str
    otpauth_url: str
    qr_svg: str


def is_enrolled(user_id: object) -> bool:
    """Whether a confirmed second factor guards this account."""
    return Credential.objects.filter(pk=user_id, totp_confirmed_at__isnull=False).exists()


def start(*, user: User) -> Enrolment:
    """Make a secret that waits for its confirmation; a secret that still waits is replaced.

    Raises ``SecondFactorActiveError`` when one is confirmed already.
    """
    secret = pyotp.random_base32()
    Credential.objects.bulk_create([Credential(user_id=user.pk)], ignore_conflicts=True)
    waiting = Credential.objects.filter(pk=user.pk, totp_confirmed_at__isnull=True)
    if not waiting.update(totp_secret=secret, totp_last_step=0, updated_at=Now()):
        raise SecondFactorActiveError
    url = pyotp.TOTP(secret).provisioning_uri(
        name=user.phone_number or user.email or user.username or str(user.pk), issuer_name=ISSUER
    )
    return Enrolment(secret=secret, otpauth_url=url, qr_svg=_qr(url))


def confirm(*, user: User, code: str) -> list[str]:
    """Turn the waiting secret on with a code from the app, and return ten backup codes.

    They are shown this once. Raises ``WrongCodeError``, ``SecondFactorActiveError``, or
    ``SecondFactorMissingError`` when ``start`` was not called.
    """
    _count_attempt(user.pk)
    codes, hashes = _new_backup_codes()
    with transaction.atomic(using="credentials"):
        credential = _waiting(user)
        _use_step(credential, code)
        Credential.objects.filter(pk=user.pk).update(
            totp_confirmed_at=Now(), backup_codes=hashes, updated_at=Now()
        )
    audit.record("accounts.second_factor.enrolled", target=user, actor=user)
    return codes


def verify(*, user: User, code: str) -> str:
    """Check a code of the app or a backup code, using it up; return ``"otp"`` or ``"backup"``.

    Raises ``WrongCodeError`` for a wrong or used code, ``TooManyRequestsError`` after ten
    failures in a quarter of an hour, ``SecondFactorMissingError`` when none is confirmed.
    """
    _count_attempt(user.pk)
    credential = Credential.objects.filter(pk=user.pk, totp_confirmed_at__isnull=False).first()
    if credential is None:
        raise SecondFactorMissingError
    if _looks_like_totp(code):
        _use_step(credential, code)
        method = "otp"
    else:
        _use_backup_code(user.pk, code)
        method = "backup"
        audit.record("accounts.second_factor.backup_used", target=user, actor=user)
    limits.forget(_attempts_key(user.pk), using="credentials")
    return method


def disable(*, user: User, code: str) -> None:
    """Take the second factor away, on showing it once more."""
    verify(user=user, code=code)
    _clear(user)
    audit.record("accounts.second_factor.disabled", target=user, actor=user)


def reset_by_staff(*, user: User, actor: User, reason: str) -> None:
    """Take the second factor away for a person who lost it, after staff made sure who they are."""
    _clear(user)
    audit.record("accounts.second_factor.reset", target=user, actor=actor, reason=reason)


def renew_backup_codes(*, user: User, code: str) -> list[str]:
    """Ten new backup codes in place of the old ones, on showing the second factor once more."""
    verify(user=user, code=code)
    codes, hashes = _new_backup_codes()
    Credential.objects.filter(pk=user.pk).update(backup_codes=hashes, updated_at=Now())
    audit.record("accounts.second_factor.backup_renewed", target=user, actor=user)
    return codes


def backup_codes_left(user_id: object) -> int:
    """How many backup codes are still unused."""
    hashes = Credential.objects.filter(pk=user_id).values_list("backup_codes", flat=True).first()
    return len(hashes or [])


def _waiting(user: User) -> Credential:
    """The locked credential whose secret waits for its confirmation."""
    try:
        credential = lock_one(Credential.objects.all(), pk=user.pk)
    except MissingError as error:
        raise SecondFactorMissingError from error
    if not credential.totp_secret:
        raise SecondFactorMissingError
    if credential.totp_confirmed_at:
        raise SecondFactorActiveError
    return credential


def _clear(user: User) -> None:
    cleared = Credential.objects.filter(pk=user.pk, totp_secret__isnull=False).update(
        totp_secret=None,
        totp_confirmed_at=None,
        totp_last_step=0,
        backup_codes=[],
        updated_at=Now(),
    )
    if not cleared:
        raise SecondFactorMissingError


def _use_step(credential: Credential, code: str) -> None:
    """Find the time step of ``code`` and take it; a step that was taken before counts as wrong."""
    totp = pyotp.TOTP(credential.totp_secret)
    now = int(time.time()) // STEP_SECONDS
    for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        if secrets.compare_digest(totp.generate_otp(step), code.strip()):
            taken = Credential.objects.filter(pk=credential.pk, totp_last_step__lt=step)
            if taken.update(totp_last_step=step):
                return
    raise WrongCodeError


def _use_backup_code(user_id: object, code: str) -> None:
    wanted = code.replace("-", "").replace(" ", "").lower()
    with transaction.atomic(using="credentials"):
        credential = lock_one(Credential.objects.all(), pk=user_id)
        for stored in credential.backup_codes:
            prefix, _, encoded = stored.partition(":")
            if prefix == wanted[:BACKUP_PREFIX] and check_password(wanted, encoded):
                left = [other for other in credential.backup_codes if other != stored]
                Credential.objects.filter(pk=user_id).update(backup_codes=left, updated_at=Now())
                return
    raise WrongCodeError


def _new_backup_codes() -> tuple[list[str], list[str]]:
    codes: list[str] = []
    while len(codes) < BACKUP_CODES:
        code = "".join(secrets.choice(ALPHABET) for _ in range(BACKUP_CODE_LENGTH))
        if all(code[:BACKUP_PREFIX] != other[:BACKUP_PREFIX] for other in codes):
            codes.append(code)
    hashes = [f"{code[:BACKUP_PREFIX]}:{make_password(code)}" for code in codes]
    middle = BACKUP_CODE_LENGTH // 2
    return [f"{code[:middle]}-{code[middle:]}" for code in codes], hashes


def _looks_like_totp(code: str) -> bool:
    text = code.strip()
    return len(text) == 6 and text.isascii() and text.isdigit()


def _count_attempt(user_id: object) -> None:
    limits.enforce(
        _attempts_key(user_id),
        limit=ATTEMPTS,
        window_seconds=ATTEMPTS_WINDOW_SECONDS,
        using="credentials",
    )


def _attempts_key(user_id: object) -> str:
    return f"second_factor:{user_id}"


def _qr(url: str) -> str:
    import segno

    return str(segno.make(url, error="m").svg_inline(scale=4, border=2))
