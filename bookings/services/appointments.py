"""Appointments: asking for one of a host's times, and asking for another instead."""

from datetime import datetime
from typing import Any

from accounts.choices import UserStatus
from accounts.models import Organization, User
from accounts.services.calendars import zone_of
from bookings.appointment_exceptions import AlreadyBegunError, HostBusyError
from bookings.choices import AppointmentStatus
from bookings.flows import APPOINTMENT_FLOW
from bookings.models import Appointment
from bookings.services import appointment_notices as notices
from bookings.services.appointment_rights import acts_for, is_host_side, require_either_side
from bookings.services.appointment_times import (
    USUAL_MINUTES,
    check_ahead,
    insert,
    minutes_of,
    offered_time,
    range_of,
)
from bookings.services.slot_log import log_lost, log_released, log_won
from catalog.models import Development, Unit
from catalog.services.availability import weekly_hours
from catalog.services.hosts import is_host_for
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError, NotAllowedError
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.retries import retry_transaction


def request_appointment(
    *, actor: User, host: User, starts_at: datetime, guest: User | None = None, **details: Any
) -> Appointment:
    """Ask ``host`` for a time, or as the host's team give ``guest`` one.

    ``details`` are ``kind``; ``minutes`` (as long as the host's hours say); ``development`` or
    ``unit`` of it; ``location``, ``meeting_url`` and ``notes``. What a guest asks for is one of
    the host's offered times and waits for the host's answer; what the team makes is confirmed,
    at any time that both have. Host and guest are locked first, so of several at once for the
    same time exactly one succeeds; the others get ``HostBusyError`` or ``GuestBusyError``, and
    their claim is written down as lost.
    """
    asked_at = database_now()
    try:
        return _make(
            actor=actor,
            host=host,
            guest=guest or actor,
            starts_at=starts_at,
            asked_at=asked_at,
            details=details,
        )
    except HostBusyError as error:
        _note_lost(host, guest or actor, starts_at, asked_at, error)
        raise


def reschedule_appointment(
    *,
    appointment: Appointment,
    actor: User,
    starts_at: datetime,
    minutes: int | None = None,
    reason: str = "",
) -> Appointment:
    """Put another appointment in the place of a confirmed one, and return the new one.

    Either side may. The host's side confirms by it, at any time that both have; what the guest
    asks for is one of the offered times and waits for an answer. The old appointment gives its
    time back first, in the same transaction: if the new time is taken, it stays as it was.
    """
    asked_at = database_now()
    try:
        return _replace(
            appointment=appointment,
            actor=actor,
            starts_at=starts_at,
            minutes=minutes,
            reason=reason,
            asked_at=asked_at,
        )
    except HostBusyError as error:
        _note_lost(appointment.host, appointment.guest, starts_at, asked_at, error)
        raise


@retry_transaction
def _make(
    *,
    actor: User,
    host: User,
    guest: User,
    starts_at: datetime,
    asked_at: datetime,
    details: dict[str, Any],
) -> Appointment:
    if host.pk == guest.pk:
        raise InvalidInputError.at("/guest", "same_person", "Say whom the host will meet.")
    # A copy: after a deadlock all of this happens again.
    details = dict(details)
    host, guest = lock(host, guest)
    now = database_now()
    development = _development_of(details)
    organization = _organization_of(host, development)
    by_team = guest.pk != actor.pk
    if by_team and not _may_invite(actor, organization):
        raise NotAllowedError("Only the host's team makes appointments for others.")
    _check_people(host, guest)
    check_ahead(starts_at=starts_at, now=now)
    minutes = details.pop("minutes", None)
    if not by_team:
        found = offered_time(host=host, guest=guest, starts_at=starts_at, minutes=minutes, now=now)
        minutes = minutes_of(found.starts_at, found.ends_at)
    made = Appointment(
        **details,
        host=host,
        guest=guest,
        organization=organization,
        development=development,
        during=range_of(starts_at, minutes or USUAL_MINUTES),
        time_zone=zone_of(weekly_hours(host=host).time_zone).key,
        status=AppointmentStatus.CONFIRMED if by_team else AppointmentStatus.REQUESTED,
    )
    _insert(made, actor, asked_at)
    notices.tell_made(made, actor=actor)
    return made


@retry_transaction
def _replace(
    *,
    appointment: Appointment,
    actor: User,
    starts_at: datetime,
    minutes: int | None,
    reason: str,
    asked_at: datetime,
) -> Appointment:
    host, guest, old = lock(appointment.host, appointment.guest, appointment)
    require_either_side(appointment=old, actor=actor)
    now = database_now()
    APPOINTMENT_FLOW.check(old.status, AppointmentStatus.RESCHEDULED)
    if old.during.lower <= now:
        raise AlreadyBegunError
    check_ahead(starts_at=starts_at, now=now)
    minutes = minutes or minutes_of(old.during.lower, old.during.upper)
    # Only then its time is free for the new one, which may overlap with it.
    move(old, AppointmentStatus.RESCHEDULED, flow=APPOINTMENT_FLOW, actor=actor, reason=reason)
    by_host = is_host_side(appointment=old, actor=actor)
    if not by_host:
        offered_time(host=host, guest=guest, starts_at=starts_at, minutes=minutes, now=now)
    made = Appointment(
        **{name: getattr(old, name) for name in _KEPT},
        during=range_of(starts_at, minutes),
        status=AppointmentStatus.CONFIRMED if by_host else AppointmentStatus.REQUESTED,
        rescheduled_from=old,
        sequence=old.sequence + 1,
    )
    log_released(appointment=old, now=now, reason=AppointmentStatus.RESCHEDULED)
    _insert(made, actor, asked_at)
    notices.tell_rescheduled(made, before=old, actor=actor)
    return made


_KEPT = (
    "kind",
    "host",
    "organization",
    "guest",
    "development",
    "unit",
    "time_zone",
    "location",
    "meeting_url",
    "notes",
)


def _insert(made: Appointment, actor: User, asked_at: datetime) -> None:
    insert(appointment=made)
    log_won(appointment=made, asked_at=asked_at)
    audit.record(
        f"bookings.appointment.{made.status}",
        target=made,
        actor=actor,
        after={
            "status": made.status,
            "host": made.host_id,
            "guest": made.guest_id,
            "starts_at": made.during.lower,
            "ends_at": made.during.upper,
        },
    )


def _note_lost(
    host: User, guest: User, starts_at: datetime, asked_at: datetime, error: HostBusyError
) -> None:
    log_lost(
        host=host,
        who=guest,
        starts_at=starts_at,
        asked_at=asked_at,
        now=database_now(),
        reason=error.code,
    )


def _development_of(details: dict[str, Any]) -> Development | None:
    development: Development | None = details.pop("development", None)
    unit: Unit | None = details.get("unit")
    if unit is None:
        return development
    if development is not None and development.pk != unit.development_id:
        raise InvalidInputError.at("/unit", "other_development", "The unit is in another one.")
    return unit.development


def _organization_of(host: User, development: Development | None) -> Organization | None:
    """For whom the host receives: the builder, where it is about a development of theirs."""
    if development is None:
        return None
    if not is_host_for(development=development, person=host):
        raise InvalidInputError.at(
            "/host", "not_a_host", "This person receives nobody for the development."
        )
    return development.builder


def _may_invite(actor: User, organization: Organization | None) -> bool:
    return organization is not None and acts_for(actor=actor, organization=organization)


def _check_people(host: User, guest: User) -> None:
    for pointer, person in (("/host", host), ("/guest", guest)):
        if person.status != UserStatus.ACTIVE:
            raise InvalidInputError.at(pointer, "person_inactive", "This person is not active.")
