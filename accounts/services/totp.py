"""Codes of an authenticator app (RFC 6238) and backup codes, as they are kept and used up.

The secret is sealed, each time step counts once, and of backup codes only Argon2id hashes are
kept. What follows from a code is decided in ``accounts.services.second_factor``.
"""

import secrets
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import pyotp
from django.db import transaction
from django.db.models.functions import Now

from accounts.credentials.models import Credential
from accounts.exceptions import WrongCodeError
from accounts.hashers import check_password, hash_password
from accounts.models import User
from accounts.proof_exceptions import SecondFactorActiveError, SecondFactorMissingError
from config.shared import limits
from config.shared.clock import database_now
from config.shared.errors import MissingError
from config.shared.locks import lock_one

CREDENTIALS: Final = "credentials"
ISSUER = "Courtyard"
STEP_SECONDS = 30
# Clocks of phones are a little off: the step before and the step after count as well.
DRIFT_STEPS = 1
DIGITS = 6
OTP = "otp"
BACKUP = "backup"
BACKUP_CODES = 10
BACKUP_CODE_LENGTH = 10
# The beginning of a backup code stands in the open, so that one hash is compared and not ten.
BACKUP_PREFIX = 2
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
# Failures in a row, as (how many, in how many seconds), whatever they are tried for.
ATTEMPTS = ((10, 900), (50, 86_400))


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app needs; the secret is shown until it is confirmed."""

    secret: str
    otpauth_url: str
    qr_svg: str

    def __repr__(self) -> str:
        return "Enrolment()"


def is_enrolled(user_id: UUID) -> bool:
    """Whether a confirmed second factor guards this account."""
    return Credential.objects.filter(pk=user_id, totp_confirmed_at__isnull=False).exists()


def prepare(*, user: User) -> Enrolment:
    """Make a secret that waits for its confirmation; a secret that still waits is replaced.

    Raises ``SecondFactorActiveError`` when one is confirmed already.
    """
    secret = pyotp.random_base32()
    Credential.objects.bulk_create([Credential(user_id=user.pk)], ignore_conflicts=True)
    waiting = Credential.objects.filter(pk=user.pk, totp_confirmed_at__isnull=True)
    if not waiting.update(totp_secret=secret, totp_last_step=0, updated_at=Now()):
        raise SecondFactorActiveError
    return _enrolment(user, secret)


def waiting(*, user: User) -> Enrolment | None:
    """The enrolment that waits for its confirmation, if there is one."""
    credential = Credential.objects.filter(pk=user.pk, totp_confirmed_at__isnull=True).first()
    if credential is None or not credential.totp_secret:
        return None
    return _enrolment(user, credential.totp_secret)


def confirm(*, user_id: UUID, code: str) -> list[str]:
    """Turn the waiting secret on with a code from the app, and return ten backup codes.

    Of any number of parallel callers one gets through. Raises ``WrongCodeError``,
    ``TooManyRequestsError``, ``SecondFactorActiveError``, or ``SecondFactorMissingError`` when
    nothing waits.
    """
    _count_attempt(user_id)
    with transaction.atomic(using=CREDENTIALS, durable=True):
        credential = _locked_while_waiting(user_id)
        _use_step(credential, code)
        codes, hashes = _new_backup_codes()
        Credential.objects.filter(pk=user_id).update(
            totp_confirmed_at=Now(), backup_codes=hashes, updated_at=Now()
        )
    _forget_attempts(user_id)
    return codes


def use(*, user_id: UUID, code: str) -> str:
    """Take a code of the app, or a backup code, and use it up; return ``OTP`` or ``BACKUP``.

    An attempt is counted before anything is compared, and a right code wipes the count. Raises
    ``WrongCodeError`` for a wrong or used code, ``TooManyRequestsError`` after ten failures in a
    quarter of an hour or fifty in a day, ``SecondFactorMissingError`` when none is confirmed.
    """
    _count_attempt(user_id)
    credential = Credential.objects.filter(pk=user_id, totp_confirmed_at__isnull=False).first()
    if credential is None:
        raise SecondFactorMissingError
    if _digits(code):
        _use_step(credential, code)
    else:
        _use_backup_code(user_id, code)
    _forget_attempts(user_id)
    return OTP if _digits(code) else BACKUP


def replace_backup_codes(*, user_id: UUID) -> list[str]:
    """Ten new backup codes in place of the old ones."""
    codes, hashes = _new_backup_codes()
    enrolled = Credential.objects.filter(pk=user_id, totp_confirmed_at__isnull=False)
    if not enrolled.update(backup_codes=hashes, updated_at=Now()):
        raise SecondFactorMissingError
    return codes


def clear(*, user_id: UUID) -> None:
    """Forget the second factor, its backup codes and the failures, if there are any."""
    Credential.objects.filter(pk=user_id).update(
        totp_secret=None,
        totp_confirmed_at=None,
        totp_last_step=0,
        backup_codes=[],
        updated_at=Now(),
    )
    _forget_attempts(user_id)


def _locked_while_waiting(user_id: UUID) -> Credential:
    try:
        credential = lock_one(Credential.objects.all(), pk=user_id)
    except MissingError as error:
        raise SecondFactorMissingError from error
    if credential.totp_confirmed_at:
        raise SecondFactorActiveError
    if not credential.totp_secret:
        raise SecondFactorMissingError
    return credential


def _use_step(credential: Credential, code: str) -> None:
    """Find the time step of ``code`` and take it; a step that was taken before counts as wrong."""
    digits = _digits(code)
    totp = pyotp.TOTP(credential.totp_secret or "")
    now = int(database_now(CREDENTIALS).timestamp()) // STEP_SECONDS
    for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        if secrets.compare_digest(totp.generate_otp(step), digits):
            untaken = Credential.objects.filter(pk=credential.pk, totp_last_step__lt=step)
            if untaken.update(totp_last_step=step):
                return
    raise WrongCodeError


def _use_backup_code(user_id: UUID, code: str) -> None:
    wanted = code.replace("-", "").replace(" ", "").lower()
    with transaction.atomic(using=CREDENTIALS, durable=True):
        credential = lock_one(Credential.objects.all(), pk=user_id)
        for stored in credential.backup_codes:
            prefix, _, encoded = stored.partition(":")
            if prefix == wanted[:BACKUP_PREFIX] and check_password(wanted, encoded)[0]:
                left = [other for other in credential.backup_codes if other != stored]
                Credential.objects.filter(pk=user_id).update(backup_codes=left, updated_at=Now())
                return
    raise WrongCodeError


def _new_backup_codes() -> tuple[list[str], list[str]]:
    """Ten codes as people read them, and what is kept of them."""
    codes: dict[str, str] = {}
    while len(codes) < BACKUP_CODES:
        code = "".join(secrets.choice(ALPHABET) for _ in range(BACKUP_CODE_LENGTH))
        codes.setdefault(code[:BACKUP_PREFIX], code)
    middle = BACKUP_CODE_LENGTH // 2
    hashes = [f"{prefix}:{hash_password(code)}" for prefix, code in codes.items()]
    return [f"{code[:middle]}-{code[middle:]}" for code in codes.values()], hashes


def _digits(code: str) -> str:
    """The six digits that ``code`` spells, or nothing where it spells something else."""
    text = code.replace(" ", "")
    return text if len(text) == DIGITS and text.isascii() and text.isdigit() else ""


def _count_attempt(user_id: UUID) -> None:
    for limit, seconds in ATTEMPTS:
        limits.enforce(
            _attempts_key(user_id), limit=limit, window_seconds=seconds, using=CREDENTIALS
        )


def _forget_attempts(user_id: UUID) -> None:
    limits.forget(_attempts_key(user_id), using=CREDENTIALS)


def _attempts_key(user_id: UUID) -> str:
    return f"second_factor:{user_id}"


def _enrolment(user: User, secret: str) -> Enrolment:
    import segno

    name = user.phone_number or user.email or user.username or str(user.pk)
    url = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)
    picture = segno.make(url, error="m").svg_inline(scale=4, border=2)
    return Enrolment(secret=secret, otpauth_url=url, qr_svg=str(picture))
