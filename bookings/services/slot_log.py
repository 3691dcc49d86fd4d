"""What came of everybody's claim to a host's time: written once, never changed."""

from datetime import UTC, datetime
from uuid import UUID, uuid5

from accounts.models import User
from bookings.choices import ClaimOutcome, ClaimSubject
from bookings.models import Appointment, ClaimLog
from config.shared.retries import retry_transaction


def slot_id(*, host: User, starts_at: datetime) -> UUID:
    """What all claims to the same time of the same host are written down under."""
    return uuid5(host.pk, starts_at.astimezone(UTC).isoformat())


def log_won(*, appointment: Appointment, asked_at: datetime) -> ClaimLog:
    """Write down that ``appointment`` has its time."""
    return _log(appointment.host, appointment.guest, appointment.during.lower, asked_at)


def log_released(*, appointment: Appointment, now: datetime, reason: str) -> ClaimLog:
    """Write down that the time of ``appointment`` is free again."""
    return _log(
        appointment.host,
        appointment.guest,
        appointment.during.lower,
        appointment.created_at,
        outcome=ClaimOutcome.RELEASED,
        ended_at=now,
        reason=reason,
    )


@retry_transaction
def log_lost(
    *, host: User, who: User, starts_at: datetime, asked_at: datetime, now: datetime, reason: str
) -> ClaimLog:
    """Write down that ``who`` asked for the time in vain."""
    return _log(
        host, who, starts_at, asked_at, outcome=ClaimOutcome.LOST, ended_at=now, reason=reason
    )


def _log(
    host: User,
    who: User,
    starts_at: datetime,
    asked_at: datetime,
    *,
    outcome: str = ClaimOutcome.WON,
    ended_at: datetime | None = None,
    reason: str = "",
) -> ClaimLog:
    return ClaimLog.objects.create(
        subject=ClaimSubject.SLOT,
        object_id=slot_id(host=host, starts_at=starts_at),
        who=who,
        asked_at=asked_at,
        outcome=outcome,
        ended_at=ended_at,
        reason=reason[:200],
    )
