"""What signing in leaves behind: registrations that were cut short, rows that no longer count."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.choices import CodePurpose, UserStatus
from accounts.credentials.models import (
    Challenge,
    Credential,
    FailureCounter,
    OneTimeCode,
    Session,
)
from accounts.models import RevokedSession, User
from accounts.services import registration
from accounts.services.identifiers import mac_of
from config.shared import limits

STUCK_AFTER = timedelta(minutes=15)
# Codes count towards the limits of a day, and show what was asked for in the day before.
KEEP_CODES = timedelta(days=2)
KEEP_CHALLENGES = timedelta(days=1)
# A network from which somebody signed in is known to be theirs for as long.
KEEP_SESSIONS = timedelta(days=90)
KEEP_FAILURES = timedelta(days=30)
BATCH = 1000
OPENS_ACCOUNTS = (CodePurpose.REGISTRATION, CodePurpose.LOGIN)


@dataclass(frozen=True, slots=True)
class Finished:
    """What became of registrations that were begun and not finished."""

    completed: int = 0
    removed: int = 0
    kept: int = 0
    forgotten: int = 0


@dataclass(frozen=True, slots=True)
class Swept:
    """How many rows whose time is over were deleted."""

    codes: int
    challenges: int
    sessions: int
    denials: int
    counters: int


def finish_registrations() -> Finished:
    """Finish registrations whose code was shown, and forget the others, after a quarter hour.

    A pending person that staff made, with a name or a credential, is kept. What was asked for
    with a code is forgotten half an hour after the code expired.
    """
    completed = removed = kept = 0
    for person in stuck():
        row = _shown_code_of(person)
        if row is not None:
            registration.complete(registration.proof_of(row))
            completed += 1
        elif _is_bare(person):
            removed += User.objects.filter(pk=person.pk, status=UserStatus.PENDING).delete()[0] > 0
        else:
            kept += 1
    forgotten = OneTimeCode.objects.filter(
        payload__isnull=False, expires_at__lt=Now() - 2 * STUCK_AFTER
    ).update(payload=None)
    return Finished(completed, removed, kept, forgotten)


def stuck() -> Iterator[User]:
    """People who have been pending for longer than any code counts."""
    waiting = User.objects.filter(
        status=UserStatus.PENDING, created_at__lt=Now() - STUCK_AFTER
    ).order_by("pk")
    last = None
    while True:
        page = waiting if last is None else waiting.filter(pk__gt=last)
        batch = list(page[:BATCH])
        yield from batch
        if len(batch) < BATCH:
            return
        last = batch[-1].pk


def can_be_settled(person: User) -> bool:
    """Whether a stuck registration can be finished or forgotten; staff decide on the others."""
    return _shown_code_of(person) is not None or _is_bare(person)


def sweep() -> Swept:
    """Delete what no longer counts; nothing is any less right before this has run."""
    counters = sum(limits.sweep(using=alias) for alias in ("default", "credentials"))
    counters += _delete(
        FailureCounter.objects.filter(
            last_failed_at__lt=Now() - KEEP_FAILURES,
            failures__lt=settings.CODE_FAILURES_UNTIL_STOP,
        )
    )
    ended = Q(revoked_at__lt=Now() - KEEP_SESSIONS) | Q(expires_at__lt=Now() - KEEP_SESSIONS)
    return Swept(
        codes=_delete(OneTimeCode.objects.filter(created_at__lt=Now() - KEEP_CODES)),
        challenges=_delete(Challenge.objects.filter(expires_at__lt=Now() - KEEP_CHALLENGES)),
        sessions=_delete(Session.objects.filter(ended)),
        denials=_delete(RevokedSession.objects.filter(expires_at__lt=Now())),
        counters=counters,
    )


def _shown_code_of(person: User) -> OneTimeCode | None:
    """The newest code by which the owner of a pending account has proved that it is theirs."""
    macs = [mac_of(value) for value in (person.phone_number, person.email) if value]
    shown = OneTimeCode.objects.filter(
        Q(user_id=person.pk) | Q(identifier_mac__in=macs),
        purpose__in=OPENS_ACCOUNTS,
        is_verified=True,
    )
    return shown.order_by("-created_at", "pk").first()


def _is_bare(person: User) -> bool:
    live = OneTimeCode.objects.live().filter(user_id=person.pk).exists()
    return not (person.full_name or live or Credential.objects.filter(pk=person.pk).exists())


def _delete(rows: models.QuerySet[Any]) -> int:
    """Delete rows a thousand at a time, so that no statement holds many of them."""
    deleted = 0
    while True:
        keys = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
        deleted += rows.model._base_manager.filter(pk__in=keys).delete()[0]
        if len(keys) < BATCH:
            return deleted
