"""What becomes of appointments: confirmed, declined, cancelled, and what came of them."""

from datetime import datetime

from accounts.models import User
from bookings.appointment_exceptions import AlreadyBegunError, NotBegunError
from bookings.choices import AppointmentStatus
from bookings.flows import APPOINTMENT_FLOW
from bookings.models import Appointment
from bookings.services import appointment_notices as notices
from bookings.services.appointment_rights import require_either_side, require_host_side
from bookings.services.slot_log import log_released
from config.shared.clock import database_now
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.retries import retry_transaction


@retry_transaction
def confirm_appointment(
    *, appointment: Appointment, actor: User, location: str = "", meeting_url: str = ""
) -> Appointment:
    """Agree to a requested appointment that has not begun; for the host's side.

    ``location`` and ``meeting_url`` say where, in the place of what the guest proposed.
    """
    found, now = _locked(appointment)
    require_host_side(appointment=found, actor=actor)
    APPOINTMENT_FLOW.check(found.status, AppointmentStatus.CONFIRMED)
    _refuse_begun(found, now)
    places = {"location": location, "meeting_url": meeting_url}
    move(
        found,
        AppointmentStatus.CONFIRMED,
        flow=APPOINTMENT_FLOW,
        actor=actor,
        **{name: value for name, value in places.items() if value},
    )
    notices.tell_confirmed(found, actor=actor)
    return found


@retry_transaction
def decline_appointment(*, appointment: Appointment, actor: User, reason: str = "") -> Appointment:
    """Turn a requested appointment down; for the host's side. The time is free again."""
    found, now = _locked(appointment)
    require_host_side(appointment=found, actor=actor)
    move(
        found,
        AppointmentStatus.DECLINED,
        flow=APPOINTMENT_FLOW,
        actor=actor,
        reason=reason,
        outcome_note=reason,
    )
    log_released(appointment=found, now=now, reason=AppointmentStatus.DECLINED)
    notices.tell_declined(found, actor=actor)
    return found


@retry_transaction
def cancel_appointment(*, appointment: Appointment, actor: User, reason: str = "") -> Appointment:
    """Call an appointment off; for either side, a confirmed one until it begins."""
    found, now = _locked(appointment)
    require_either_side(appointment=found, actor=actor)
    APPOINTMENT_FLOW.check(found.status, AppointmentStatus.CANCELLED)
    if found.status == AppointmentStatus.CONFIRMED:
        _refuse_begun(found, now)
    move(
        found,
        AppointmentStatus.CANCELLED,
        flow=APPOINTMENT_FLOW,
        actor=actor,
        # A guest's own words stand in the row alone, where they can be taken out again.
        reason="" if actor.pk == found.guest_id else reason,
        cancelled_by=actor,
        cancel_reason=reason,
        sequence=found.sequence + 1,
    )
    log_released(appointment=found, now=now, reason=AppointmentStatus.CANCELLED)
    notices.tell_cancelled(found, actor=actor)
    return found


def complete_appointment(*, appointment: Appointment, actor: User, note: str = "") -> Appointment:
    """Say that an appointment took place; for the host's side, once it has begun."""
    return _end(appointment=appointment, actor=actor, note=note, came=True)


def mark_no_show(*, appointment: Appointment, actor: User, note: str = "") -> Appointment:
    """Say that the guest did not come; for the host's side, once it has begun."""
    return _end(appointment=appointment, actor=actor, note=note, came=False)


@retry_transaction
def _end(*, appointment: Appointment, actor: User, note: str, came: bool) -> Appointment:
    found, now = _locked(appointment)
    require_host_side(appointment=found, actor=actor)
    status = AppointmentStatus.COMPLETED if came else AppointmentStatus.NO_SHOW
    APPOINTMENT_FLOW.check(found.status, status)
    if now < found.during.lower:
        raise NotBegunError(begins_at=f"{found.during.lower:%Y-%m-%dT%H:%M:%SZ}")
    move(found, status, flow=APPOINTMENT_FLOW, actor=actor, reason=note, outcome_note=note)
    return found


def _locked(appointment: Appointment) -> tuple[Appointment, datetime]:
    """The appointment as it is now, and the time; its two people are locked before it.

    A change of a row that the exclusion constraints cover looks at the others of its host: without
    their lock it and an insert could wait for each other.
    """
    _host, _guest, found = lock(appointment.host, appointment.guest, appointment)
    return found, database_now()


def _refuse_begun(appointment: Appointment, now: datetime) -> None:
    if appointment.during.lower <= now:
        raise AlreadyBegunError
