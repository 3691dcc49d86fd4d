"""Signing in to the back office: the password by the rules of the API, then the second factor.

Whoever belongs to one of the groups of ``staff_totp_required_groups`` does not come in without a
second factor, and sets one up on the way; superusers belong to all groups.
"""

from collections.abc import Collection
from enum import Enum, auto
from typing import Final

from django.db import transaction
from django.db.models.functions import Now

from accounts.exceptions import InvalidCredentialsError, WrongCodeError
from accounts.models import User
from accounts.services import second_factor, sign_in, totp
from accounts.services.outage import needs_credentials
from accounts.services.settings import get_setting
from config.shared import audit, limits, metrics

CREDENTIALS: Final = "credentials"
# One network, any number of accounts: few people share the network of an office and mistype.
NETWORK_LIMIT = 60
NETWORK_SECONDS = 900
SECOND_FACTORS = frozenset({totp.OTP, totp.BACKUP})


class Step(Enum):
    """What comes next on the way into the back office."""

    ENTER = auto()
    SECOND_FACTOR = auto()
    SET_UP = auto()


@needs_credentials
def check_password(*, identifier: str, password: str, ip_prefix: str) -> User:
    """The member of staff whose password this is.

    Raises ``InvalidCredentialsError``, also for people who are no staff; what
    ``sign_in.check_identity`` raises; and ``TooManyRequestsError`` for a network that tries many.
    """
    limits.enforce(
        f"staff_sign_in:{ip_prefix or 'unknown'}",
        limit=NETWORK_LIMIT,
        window_seconds=NETWORK_SECONDS,
        using=CREDENTIALS,
    )
    user = sign_in.check_identity(identifier=identifier, password=password, ip_prefix=ip_prefix)
    if not (user.is_active and user.is_staff):
        raise InvalidCredentialsError
    return user


@needs_credentials
def next_step(user: User) -> Step:
    """What ``user``, whose password was right, has to do before they are in."""
    if totp.is_enrolled(user.pk):
        return Step.SECOND_FACTOR
    return Step.SET_UP if requires_second_factor(user) else Step.ENTER


def check_second_factor(*, user: User, code: str) -> str:
    """Use up a code of ``user``; returns which kind it was. A wrong one is written down.

    Raises what ``second_factor.verify`` raises.
    """
    try:
        return second_factor.verify(user=user, code=code)
    except WrongCodeError:
        with transaction.atomic(durable=True):
            audit.record("accounts.user.back_office_refused", target=user, actor=user)
        raise


def requires_second_factor(user: User) -> bool:
    """Whether ``user`` may be in the back office with a second factor only."""
    groups = get_setting("staff_totp_required_groups")
    if not groups:
        return False
    return user.is_superuser or user.groups.filter(name__in=groups).exists()


def lacks_second_factor(user: User, methods: Collection[str]) -> bool:
    """Whether ``user``, signed in by ``methods``, may no longer stay without a second factor."""
    return not SECOND_FACTORS.intersection(methods) and requires_second_factor(user)


def note_signed_in(*, user: User, methods: Collection[str]) -> None:
    """Write down that ``user`` came in, and by what."""
    with transaction.atomic(durable=True):
        User.objects.filter(pk=user.pk).update(last_login_at=Now())
        audit.record(
            "accounts.user.back_office_entered",
            target=user,
            actor=user,
            after={"methods": sorted(methods)},
        )
    metrics.count("sign_in", "back_office")
