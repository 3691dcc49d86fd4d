"""What the two of an appointment are told, in the transaction of what happened."""

from datetime import datetime
from typing import Any

from accounts.models import User
from bookings.choices import AppointmentStatus
from bookings.models import Appointment
from bookings.services.calendar_files import attachment
from messaging.services.notifications import notify


def tell_made(appointment: Appointment, *, actor: User) -> None:
    """Tell the host that somebody asks for a time of theirs, or both of one that is agreed on."""
    if appointment.status == AppointmentStatus.CONFIRMED:
        tell_confirmed(appointment, actor=actor)
    else:
        _tell(appointment, "appointment_requested", to=(appointment.host,), calendar=False)


def tell_confirmed(appointment: Appointment, *, actor: User) -> None:
    """Tell whoever did not confirm it that the appointment takes place."""
    _tell(appointment, "appointment_confirmed", to=_others(appointment, actor))


def tell_declined(appointment: Appointment, *, actor: User) -> None:
    """Tell the guest that the host does not have the time."""
    _tell(
        appointment,
        "appointment_declined",
        to=_others(appointment, actor),
        calendar=False,
        reason=appointment.outcome_note,
    )


def tell_cancelled(appointment: Appointment, *, actor: User) -> None:
    """Tell whoever did not cancel it that the appointment does not take place."""
    _tell(
        appointment,
        "appointment_cancelled",
        to=_others(appointment, actor),
        urgent=True,
        reason=appointment.cancel_reason,
    )


def tell_rescheduled(appointment: Appointment, *, before: Appointment, actor: User) -> None:
    """Tell whoever did not move it that the appointment is at another time, or should be."""
    _tell(
        appointment,
        "appointment_rescheduled",
        to=_others(appointment, actor),
        before=before.during.lower,
        status=appointment.status,
    )


def tell_reminder(appointment: Appointment) -> None:
    """Remind both of what is ahead."""
    everybody = (appointment.host, appointment.guest)
    _tell(appointment, "appointment_reminder", to=everybody, calendar=False)


def _others(appointment: Appointment, actor: User) -> tuple[User, ...]:
    return tuple(
        person for person in (appointment.host, appointment.guest) if person.pk != actor.pk
    )


def _tell(
    appointment: Appointment,
    template: str,
    *,
    to: tuple[User, ...],
    calendar: bool = True,
    urgent: bool = False,
    **more: Any,
) -> None:
    begins: datetime = appointment.during.lower
    for reader in to:
        other = appointment.guest if reader.pk == appointment.host_id else appointment.host
        about = appointment.development
        notify(
            user=reader,
            template=template,
            context={
                "person": other.full_name,
                "development": about.name if about else "",
                "place": appointment.location,
                "when": begins,
                **more,
            },
            dedupe_key=f"{appointment.pk.hex}:{reader.pk.hex}",
            link=f"/api/v1/appointments/{appointment.pk}/",
            urgent=urgent,
            attachments=(
                (attachment(appointment=appointment, reader=reader),)
                if calendar and reader.email_verified
                else ()
            ),
        )
