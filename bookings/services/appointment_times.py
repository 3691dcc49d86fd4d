"""Whether an appointment can be at a time, and what is answered when it cannot."""

from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from accounts.models import User
from bookings.appointment_exceptions import GuestBusyError, HostBusyError
from bookings.models import Appointment
from bookings.services.slots import FURTHEST, diaries_of, next_free
from catalog.services.hours import OfferedTime, calendar_of, times_on
from config.shared.errors import InvalidInputError

Busy = HostBusyError | GuestBusyError

BUSY: dict[str, type[Busy]] = {
    "bookings_appointment_host_free": HostBusyError,
    "bookings_appointment_guest_free": GuestBusyError,
}
USUAL_MINUTES = 60


def check_ahead(*, starts_at: datetime, now: datetime) -> None:
    """Raise ``InvalidInputError`` for a time that is past, or more than a year ahead."""
    if not now < starts_at <= now + FURTHEST:
        raise InvalidInputError.at(
            "/starts_at", "time_out_of_range", "Within the next year, and not in the past."
        )


def offered_time(
    *, host: User, guest: User, starts_at: datetime, minutes: int | None, now: datetime
) -> OfferedTime:
    """The time at ``starts_at`` that the host offers and that both have free.

    Both are locked. Raises ``InvalidInputError`` for a time that the host does not offer at all,
    or for which it is too late to ask, ``HostBusyError`` and ``GuestBusyError``.
    """
    calendar = calendar_of(host=host, first=starts_at.date() - timedelta(days=1), days=3, now=now)
    day = starts_at.astimezone(calendar.zone).date()
    times = times_on(calendar=calendar, day=day, minutes=minutes)
    found = next((offered for offered in times if offered.starts_at == starts_at), None)
    if found is None or starts_at < now + found.lead:
        raise InvalidInputError.at(
            "/starts_at", "slot_not_offered", "Choose one of the times that the host offers."
        )
    diaries = diaries_of(host=host, guest=guest, first=day, last=day)
    length = minutes_of(found.starts_at, found.ends_at)
    if diaries.host_busy(found):
        raise _busy(HostBusyError, host, guest, starts_at, length)
    if diaries.guest_busy(found):
        raise _busy(GuestBusyError, host, guest, starts_at, length)
    return found


def insert(*, appointment: Appointment) -> None:
    """Insert ``appointment``; the database decides whether both have the time.

    Host and guest are locked. Raises ``HostBusyError`` or ``GuestBusyError``.
    """
    try:
        with transaction.atomic():
            appointment.save(force_insert=True)
    except IntegrityError as error:
        refusal = BUSY.get(getattr(getattr(error.__cause__, "diag", None), "constraint_name", ""))
        if refusal is None:
            raise
        during = appointment.during
        length = minutes_of(during.lower, during.upper)
        people = appointment.host, appointment.guest
        raise _busy(refusal, *people, during.lower, length) from error


def range_of(starts_at: datetime, minutes: int) -> DateTimeTZRange:
    """From ``starts_at`` until ``minutes`` minutes later, in UTC."""
    start = starts_at.astimezone(UTC)
    return DateTimeTZRange(start, start + timedelta(minutes=minutes))


def minutes_of(starts_at: datetime, ends_at: datetime) -> int:
    """How many minutes there are between two moments."""
    return int((ends_at - starts_at).total_seconds()) // 60


def _busy(
    refusal: type[Busy],
    host: User,
    guest: User,
    starts_at: datetime,
    minutes: int,
) -> Busy:
    others = next_free(host=host, guest=guest, minutes=minutes, after=starts_at)
    return refusal(next_free=[f"{time:%Y-%m-%dT%H:%M:%SZ}" for time in others])
