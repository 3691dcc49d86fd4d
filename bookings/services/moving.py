"""Bookings change their state here, so that whoever follows one hears of it at once."""

from typing import Any

from accounts.models import Membership, User
from bookings.choices import BookingStatus
from bookings.flows import BOOKING_FLOW
from bookings.models import Booking
from bookings.querysets.homes import TEAM_ROLES
from config.shared import realtime
from config.shared.flows import move


def move_booking(
    booking: Booking, status: BookingStatus, *, actor: User | None, reason: str = "", **changes: Any
) -> None:
    """Move a locked booking on and announce it; raises what ``move`` raises."""
    move(booking, status, flow=BOOKING_FLOW, actor=actor, reason=reason, **changes)
    announce_booking(booking)


def announce_booking(booking: Booking) -> None:
    """Let the clients of the customer and of the builder's people know of a booking's state."""
    seats = Membership.objects.live().filter(organization=booking.builder_id, role__in=TEAM_ROLES)
    team = seats.order_by().values_list("user_id", flat=True)
    realtime.publish(
        users={booking.customer_id, *team},
        event="booking.changed",
        data={
            "booking": booking.pk,
            "unit": booking.unit_id,
            "development": booking.development_id,
            "status": booking.status,
        },
    )
