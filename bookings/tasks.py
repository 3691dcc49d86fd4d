"""What the app does in the background; each job calls one service."""

from uuid import UUID

from bookings.services import (
    appointment_reminders,
    carrying_out,
    due,
    intents,
    late_fees,
    market_sweeping,
    payouts,
    polling,
    ratings,
    releasing,
    review_notices,
    sweeping,
    update_notices,
)
from bookings.services.open_payments import CANCEL_JOB
from bookings.services.payouts import JOB as PAYOUT_JOB
from bookings.services.refunds import JOB as REFUND_JOB
from config.shared.jobs import job, periodic


@periodic("* * * * *", name="bookings.sweep_claims")
def sweep_claims() -> None:
    """End what lapsed of holds, reservations and offers, and tell people, every minute."""
    sweeping.sweep_claims()
    market_sweeping.sweep_market()


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


@job(name=REFUND_JOB, retries=12, backoff=10, priority=20)
def carry_out_refund(refund_id: str) -> None:
    """Give one refund back through the gateway."""
    carrying_out.carry_out_refund(refund_id=UUID(refund_id))


@job(name=CANCEL_JOB, retries=12, backoff=10)
def cancel_intent(payment_id: str) -> None:
    """Have the gateway take no money for a payment of a booking that has ended."""
    intents.cancel_intent(payment_id=UUID(payment_id))


@periodic("*/5 * * * *", name="bookings.poll_payments")
def poll_payments() -> None:
    """Ask the gateway, every five minutes, about payments and refunds that hang in the air."""
    polling.poll_payments()


@periodic("47 * * * *", name="bookings.tell_of_reviews")
def tell_of_reviews() -> None:
    """Tell people of reviews that are shown by now, and count them for organizations."""
    review_notices.tell_of_shown_reviews()
    ratings.refresh_organization_ratings()


@job(name=PAYOUT_JOB, retries=12, backoff=10, priority=10)
def pay_out_sale(payment_id: str) -> None:
    """Pass the money of one sale on to its seller's account."""
    payouts.pay_out(payment_id=UUID(payment_id))


@periodic("*/2 * * * *", name="bookings.release_sales")
def release_sales() -> None:
    """Release held money that nobody objected to in time."""
    releasing.release_lapsed()


@periodic("37 * * * *", name="bookings.retry_payouts")
def retry_payouts() -> None:
    """Try payouts again that wait, every hour."""
    payouts.retry_payouts()
