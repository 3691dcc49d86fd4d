"""Whether the two databases agree on who there is; no query can join them, so both are walked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from django.db import models

from accounts.credentials.models import Credential, Passkey, Session
from accounts.models import User
from accounts.services import upkeep

BATCH = 1000
LINKS: tuple[tuple[str, type[models.Model], str], ...] = (
    ("orphan_credentials", Credential, "user_id"),
    ("orphan_sessions", Session, "user_id"),
    ("orphan_passkeys", Passkey, "user_id"),
)
Progress = Callable[[int], None]


@dataclass(slots=True)
class Report:
    """What does not fit, in figures; ``people`` and ``credentials`` are how many were looked at."""

    people: int = 0
    credentials: int = 0
    orphan_credentials: int = 0
    orphan_sessions: int = 0
    orphan_passkeys: int = 0
    people_without_credential: int = 0
    stuck_registrations: int = 0

    @property
    def problems(self) -> int:
        """How many rows do not fit."""
        looked_at = {"people", "credentials"}
        return sum(getattr(self, f.name) for f in fields(self) if f.name not in looked_at)


def check(*, repair: bool = False, progress: Progress = lambda _count: None) -> Report:
    """Look for orphans on both sides and for registrations that are stuck.

    With ``repair``, secrets of nobody are deleted, missing credentials are made (without a
    password) and registrations are finished or forgotten; the report says what was found before.
    ``progress`` is called with the number of rows looked at since it was called last.
    """
    report = Report()
    for name, model, column in LINKS:
        for users in _batches(model._base_manager.values_list(column, flat=True), column):
            if model is Credential:
                report.credentials += len(users)
            orphans = _nobody_among(users)
            found = model._base_manager.filter(**{f"{column}__in": orphans})
            setattr(report, name, getattr(report, name) + found.count())
            if repair:
                found.delete()
            progress(len(users))
    _check_people(report, repair=repair, progress=progress)
    report.stuck_registrations = sum(map(upkeep.can_be_settled, upkeep.stuck()))
    if repair:
        upkeep.finish_registrations()
    return report


def _check_people(report: Report, *, repair: bool, progress: Progress) -> None:
    living = User.objects.filter(anonymised_at__isnull=True).exclude(status="pending")
    for users in _batches(living.values_list("pk", flat=True), "pk"):
        report.people += len(users)
        known = set(Credential.objects.filter(pk__in=users).values_list("pk", flat=True))
        missing = [Credential(user_id=user) for user in users if user not in known]
        report.people_without_credential += len(missing)
        if repair:
            Credential.objects.bulk_create(missing, ignore_conflicts=True)
        progress(len(users))


def _batches(keys: Any, column: str) -> Iterator[list[UUID]]:
    """The distinct keys in order, a thousand at a time."""
    distinct = keys.order_by(column).distinct()
    last = None
    while True:
        page = distinct if last is None else distinct.filter(**{f"{column}__gt": last})
        batch = list(page[:BATCH])
        if batch:
            yield batch
        if len(batch) < BATCH:
            return
        last = batch[-1]


def _nobody_among(users: list[UUID]) -> list[UUID]:
    known = set(
        User.objects.filter(pk__in=users, anonymised_at__isnull=True).values_list("pk", flat=True)
    )
    return [user for user in users if user not in known]
