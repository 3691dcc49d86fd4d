"""Reminding people of their appointments, once each."""

from datetime import timedelta

from accounts.services.settings import get_setting
from bookings.choices import AppointmentStatus
from bookings.models import Appointment
from bookings.services.appointment_notices import tell_reminder
from config.shared.clock import database_now
from config.shared.locks import lock
from config.shared.retries import retry_transaction

AT_ONCE = 500


def remind_of_appointments() -> int:
    """Remind both of each confirmed appointment that is near; returns of how many.

    Each is a transaction of its own and is noted on its row, so that no run, and no second one at
    the same time, reminds anybody twice.
    """
    now = database_now()
    ahead = timedelta(hours=get_setting("appointment_reminder_hours"))
    near = Appointment.objects.to_remind_of(since=now, until=now + ahead).with_people()
    return sum(_remind(appointment=appointment) for appointment in near[:AT_ONCE])


@retry_transaction
def _remind(*, appointment: Appointment) -> bool:
    (found,) = lock(appointment)
    now = database_now()
    waits = found.status == AppointmentStatus.CONFIRMED and found.reminder_sent_at is None
    if not waits or found.during.lower <= now:
        return False
    found.reminder_sent_at = now
    found.save(update_fields=["reminder_sent_at", "updated_at"])
    tell_reminder(found)
    return True
