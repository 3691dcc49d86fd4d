"""Wrong passwords: how many are looked at, and for whom the door closes.

Failures are counted for the account and the network they come from. After five in a row that
network waits, 30 seconds at first and at most 15 minutes; everybody else goes on. Guesses from
many networks meet a second counter, of the account as a whole, which a network that the owner has
signed in from does not have to pass. After 100 in a row on that counter the password is stopped
until it is reset (NIST SP 800-63B-4, 3.2.2). A code to the owner's phone or e-mail passes all.

An attempt is counted before the password is looked at, and nothing is counted while a lock lasts.
"""

import math
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.credentials.models import Credential, FailureCounter, Session
from accounts.exceptions import PasswordLockedError, PasswordStoppedError
from accounts.models import User
from accounts.services import failures
from accounts.services.identifiers import mac_of, normalised
from config.shared import metrics

CREDENTIALS = "credentials"

_COUNT_ACCOUNT = f"""
UPDATE credentials_credential SET
    failed_login_attempts = failed_login_attempts + 1,
    locked_until = {failures.LOCK.format(count="failed_login_attempts")},
    last_password_attempt = clock_timestamp()
WHERE user_id = %(user)s AND failed_login_attempts < %(stop)s
    AND (locked_until IS NULL OR locked_until <= clock_timestamp())
RETURNING failed_login_attempts
"""  # noqa: S608 (composed of constants)
_ACCOUNT_STATE = """
SELECT failed_login_attempts, extract(epoch FROM locked_until - clock_timestamp())::float
FROM credentials_credential WHERE user_id = %s
"""


@dataclass(frozen=True, slots=True)
class Account:
    """Whose failures are counted: a person's, or those of an identifier that nobody has."""

    subject: str
    user_id: UUID | None

    def key(self, part: str) -> str:
        return f"password:{self.subject}:{part}"


def account_of(user: User | None, identifier: str) -> Account:
    """The account that ``identifier`` stands for, whether or not it exists."""
    if user is not None:
        return Account(user.pk.hex, user.pk)
    return Account(mac_of(normalised(identifier))[:32], None)


def reserve(account: Account, *, ip_prefix: str) -> None:
    """Count one attempt, to be taken back by ``release`` when it turns out right.

    Raises ``PasswordLockedError`` with the seconds to wait, or ``PasswordStoppedError``; then
    nothing is counted.
    """
    network = account.key(ip_prefix)
    with transaction.atomic(using=CREDENTIALS, durable=True):
        if not failures.count(network, threshold=settings.LOCKOUT_FAILURES):
            _refuse(failures.state(network), stop=failures.NEVER)
        if not _account_counted(account) and not _is_familiar(account, ip_prefix):
            _refuse(_account_state(account), stop=settings.LOCKOUT_FAILURES_UNTIL_STOP)


def release(account: Account, *, ip_prefix: str) -> None:
    """Forget the failures before a right password; a stopped password stays stopped."""
    with transaction.atomic(using=CREDENTIALS, durable=True):
        failures.forget(account.key(ip_prefix))
        if account.user_id is not None:
            Credential.objects.filter(
                pk=account.user_id,
                failed_login_attempts__lt=settings.LOCKOUT_FAILURES_UNTIL_STOP,
            ).update(failed_login_attempts=0, locked_until=None)


def clear(user_id: UUID) -> None:
    """Forget every failure of an account, whose password has just been replaced."""
    FailureCounter.objects.filter(key__startswith=f"password:{user_id.hex}:").delete()
    Credential.objects.filter(pk=user_id).update(failed_login_attempts=0, locked_until=None)


def _account_counted(account: Account) -> bool:
    limits = {
        "threshold": settings.LOCKOUT_ACCOUNT_FAILURES,
        "stop": settings.LOCKOUT_FAILURES_UNTIL_STOP,
    }
    if account.user_id is None:
        return failures.count(account.key("account"), **limits)
    if failures.execute(_COUNT_ACCOUNT, user=account.user_id, **limits):
        return True
    # A person without a password may have no row to count on yet.
    row = Credential(user_id=account.user_id)
    Credential.objects.bulk_create([row], ignore_conflicts=True)
    return failures.execute(_COUNT_ACCOUNT, user=account.user_id, **limits) is not None


def _is_familiar(account: Account, ip_prefix: str) -> bool:
    """Whether the owner has signed in from this network before."""
    if account.user_id is None or not ip_prefix:
        return False
    return Session.objects.of(account.user_id).filter(ip_prefix=ip_prefix).exists()


def _account_state(account: Account) -> failures.State:
    if account.user_id is None:
        return failures.state(account.key("account"))
    return failures.execute(_ACCOUNT_STATE, account.user_id) or (0, None)


def _refuse(state: failures.State, *, stop: int) -> None:
    count, wait = state
    if count >= stop:
        metrics.count("sign_in", "stopped")
        raise PasswordStoppedError
    metrics.count("sign_in", "locked")
    raise PasswordLockedError(retry_after=max(1, math.ceil(wait or 1)))
