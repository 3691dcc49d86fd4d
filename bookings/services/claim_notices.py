"""Who is told what about holds and waiting lists, in the open transaction."""

from bookings.models import Booking, WaitlistEntry
from messaging.services.notifications import notify


def tell_of_hold(*, booking: Booking) -> None:
    """Tell the customer that the builder's sales hold a unit for them."""
    notify(
        user=booking.customer,
        template="hold_placed",
        context={
            "unit": str(booking.unit),
            "development": booking.development.name,
            "reference": booking.reference,
            "until": booking.held_until,
        },
        dedupe_key=f"{booking.pk}",
        link=_page_of(booking),
        urgent=True,
    )


def tell_of_expiry(*, booking: Booking) -> None:
    """Tell the customer that their hold, or the time for the deposit, is over."""
    notify(
        user=booking.customer,
        template="hold_expired",
        context={
            "unit": str(booking.unit),
            "development": booking.development.name,
            "reference": booking.reference,
        },
        dedupe_key=f"{booking.pk}",
        link=_page_of(booking),
    )


def tell_of_offer(*, entry: WaitlistEntry) -> None:
    """Tell whoever waited that the unit is theirs to hold for some hours."""
    notify(
        user=entry.customer,
        template="waitlist_offer",
        context={
            "unit": str(entry.unit),
            "development": entry.unit.development.name,
            "until": entry.offer_until,
        },
        dedupe_key=f"{entry.pk}",
        link=f"/api/v1/units/{entry.unit_id}/",
        urgent=True,
    )


def tell_of_lapse(*, entry: WaitlistEntry) -> None:
    """Tell whoever did not take the offer up that it has passed on."""
    notify(
        user=entry.customer,
        template="waitlist_offer_lapsed",
        context={"unit": str(entry.unit), "development": entry.unit.development.name},
        dedupe_key=f"{entry.pk}",
        link=f"/api/v1/units/{entry.unit_id}/",
    )


def _page_of(booking: Booking) -> str:
    return f"/api/v1/bookings/{booking.pk}/"
