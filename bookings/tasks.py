"""What the app does in the background; each job calls one service."""

from bookings.services import sweeping
from config.shared.jobs import periodic


@periodic("* * * * *", name="bookings.sweep_claims")
def sweep_claims() -> None:
    """End what lapsed of holds and offers, and tell people, every minute."""
    sweeping.sweep_claims()
