"""What the app does in the background; each job calls one service."""

from bookings.services import appointment_reminders, due, late_fees, sweeping
from config.shared.jobs import periodic


@periodic("* * * * *", name="bookings.sweep_claims")
def sweep_claims() -> None:
    """End what lapsed of holds and offers, and tell people, every minute."""
    sweeping.sweep_claims()


@periodic("7 * * * *", name="bookings.make_instalments_due")
def make_instalments_due() -> None:
    """Demand what a date or a completed phase has made due."""
    due.catch_up()


@periodic("17 * * * *", name="bookings.judge_owed_instalments")
def judge_owed_instalments() -> None:
    """Call late what is late, and charge and announce late fees."""
    late_fees.judge_all()


@periodic("27 */3 * * *", name="bookings.remind_of_instalments")
def remind_of_instalments() -> None:
    """Remind of what becomes due within days."""
    late_fees.remind_all()


@periodic("*/5 * * * *", name="bookings.remind_of_appointments", retries=3)
def remind_of_appointments() -> None:
    """Remind both of each appointment that is near, once."""
    appointment_reminders.remind_of_appointments()
