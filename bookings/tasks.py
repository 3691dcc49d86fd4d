"""What the app does in the background; each job calls one service."""

from uuid import UUID

from bookings.services import (
    appointment_reminders,
    due,
    late_fees,
    sweeping,
    update_notices,
)
from config.shared.jobs import job, periodic


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


@job(name="bookings.tell_of_update", retries=8)
def tell_of_update(update_id: str) -> None:
    """Tell followers and buyers of news from a site."""
    update_notices.tell_of_update(update_id=UUID(update_id))
