"""What the app does in the background; each job calls one service."""

from bookings.services import appointment_reminders, sweeping
from config.shared.jobs import periodic


@periodic("* * * * *", name="bookings.sweep_claims")
def sweep_claims() -> None:
    """End what lapsed of holds and offers, and tell people, every minute."""
    sweeping.sweep_claims()


@periodic("*/5 * * * *", name="bookings.remind_of_appointments", retries=3)
def remind_of_appointments() -> None:
    """Remind both of each appointment that is near, once."""
    appointment_reminders.remind_of_appointments()
