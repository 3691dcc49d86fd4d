"""Appointments of the demo in every state: some are over, some are coming."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Model

from accounts.models import User
from bookings.choices import (
    AppointmentKind,
    AppointmentStatus,
    ClaimOutcome,
    ClaimSubject,
)
from bookings.models import Appointment, ClaimLog
from bookings.services.slot_log import slot_id
from catalog.models import Development
from config.shared.seeding import Seed

_A, _K = AppointmentStatus, AppointmentKind
TIME_ZONES = {"marina-crest-one": "Asia/Dubai", "quayside": "Asia/Dubai"}
INDIA = "Asia/Kolkata"
FREED = (_A.DECLINED, _A.CANCELLED, _A.RESCHEDULED)


@dataclass(frozen=True, slots=True)
class Visit:
    """What the table below says: who meets whom, where, and when.

    Args:
        day: the working day counted from today; negative ones are over.
        hour: by the clock on the host's wall.
        note: what the guest wrote, or what became of it.
        replaces: the visit, by its place in the table, that was put off to this one.
    """

    host: str
    guest: str
    development: str
    status: AppointmentStatus
    day: int
    hour: float
    minutes: int = 60
    kind: AppointmentKind = _K.SITE_VISIT
    note: str = ""
    replaces: int | None = None


VISITS = (
    Visit("sara", "omar", "quayside", _A.COMPLETED, -9, 10, note="Liked the winter garden"),
    Visit("sara", "nisha", "marina-crest-one", _A.COMPLETED, -7, 11.25, kind=_K.MEETING),
    Visit("sara", "tariq", "quayside", _A.NO_SHOW, -5, 15.25, note="Did not come, did not call"),
    Visit("sara", "grace", "quayside", _A.CANCELLED, -4, 10, note="Chose another floor"),
    Visit("sara", "imran", "quayside", _A.DECLINED, -3, 16.5, note="The site is closed that day"),
    Visit("sara", "mei", "quayside", _A.RESCHEDULED, 2, 10, note="In the afternoon, please"),
    Visit("sara", "mei", "quayside", _A.CONFIRMED, 2, 15.25, replaces=5),
    Visit("sara", "omar", "marina-crest-one", _A.CONFIRMED, 1, 11.25, note="With my mother"),
    Visit("sara", "salma", "marina-crest-one", _A.REQUESTED, 3, 10),
    Visit("sara", "tariq", "marina-crest-one", _A.REQUESTED, 3, 16.5, kind=_K.MEETING),
    Visit("ravi", "mei", "quayside", _A.CONFIRMED, 5, 8, 90, _K.INSPECTION, "Tiles of the bath"),
    Visit("ravi", "lucas", "quayside", _A.COMPLETED, -10, 8, 90, _K.INSPECTION),
    Visit("naveen", "ananya", "palm-terraces", _A.COMPLETED, -20, 10, 45),
    Visit("naveen", "kavya", "palm-terraces", _A.CONFIRMED, 4, 11, 45, _K.MEETING, "The keys"),
    Visit("naveen", "farhan", "palm-terraces", _A.REQUESTED, 6, 12, 45),
)


def visits(seed: Seed, people: Mapping[str, User]) -> Iterator[Model]:
    """The rows of ``VISITS``, each with what came of the claim to its host's time."""
    rows: list[Appointment] = []
    for number, words in enumerate(VISITS):
        row = _visit(seed, number, words, people)
        if words.replaces is not None:
            row.rescheduled_from = rows[words.replaces]
            row.sequence = rows[words.replaces].sequence + 1
        rows.append(row)
    for row in rows:
        yield row
        yield from _claims(seed, row)


def _visit(seed: Seed, number: int, words: Visit, people: Mapping[str, User]) -> Appointment:
    key = seed.key("development", words.development)
    development = Development.objects.select_related("builder").get(pk=key)
    host, guest = people[words.host], people[words.guest]
    starts, zone = starts_at(seed, words), TIME_ZONES.get(words.development, INDIA)
    is_freed = words.status in {_A.CANCELLED, _A.RESCHEDULED}
    told = words.status in {_A.COMPLETED, _A.NO_SHOW, _A.DECLINED}
    asked = min(starts - timedelta(days=4), seed.present - timedelta(hours=30 + number))
    return Appointment(
        id=seed.key("appointment", number),
        kind=words.kind,
        host=host,
        organization=development.builder,
        guest=guest,
        development=development,
        during=DateTimeTZRange(starts, starts + timedelta(minutes=words.minutes)),
        time_zone=zone,
        status=words.status,
        location=development.address,
        notes="" if told or is_freed else words.note,
        outcome_note=words.note if told else "",
        cancelled_by=guest if is_freed else None,
        cancel_reason=words.note if is_freed else "",
        reminder_sent_at=starts - timedelta(days=1) if _was_reminded(words) else None,
        created_at=asked,
    )


def starts_at(seed: Seed, words: Visit) -> datetime:
    """So many days from today, but on the next day (or the last) on which people work there."""
    step = 1 if words.day > 0 else -1
    day = seed.today + timedelta(days=words.day)
    wanted = WORKING[words.host]
    while day.weekday() not in wanted:
        day += timedelta(days=step)
    hour, minute = divmod(round(words.hour * 60), 60)
    zone = ZoneInfo(TIME_ZONES.get(words.development, INDIA))
    return datetime.combine(day, time(hour, minute), zone)


# The days of ``catalog/demo_data`` on which each host receives, Monday being 0.
WORKING: Mapping[str, frozenset[int]] = {
    "sara": frozenset({0, 1, 2, 3}),
    "ravi": frozenset({1, 3}),
    "naveen": frozenset({0, 2, 4}),
}


def _was_reminded(words: Visit) -> bool:
    return words.status in {_A.COMPLETED, _A.NO_SHOW}


def _claims(seed: Seed, row: Appointment) -> Iterator[ClaimLog]:
    starts: datetime = row.during.lower
    common: dict[str, Any] = {
        "subject": ClaimSubject.SLOT,
        "object_id": slot_id(host=row.host, starts_at=starts),
        "who": row.guest,
        "asked_at": row.created_at,
    }
    yield ClaimLog(id=seed.key("slot", row.pk), outcome=ClaimOutcome.WON, **common)
    if row.status in FREED:
        yield ClaimLog(
            id=seed.key("slot freed", row.pk),
            outcome=ClaimOutcome.RELEASED,
            ended_at=min(row.created_at + timedelta(hours=20), seed.present),
            reason=row.cancel_reason or row.outcome_note,
            **common,
        )
