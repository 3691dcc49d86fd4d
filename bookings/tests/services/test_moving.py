"""Whoever follows a booking hears of its state at once, and nobody else does."""

import pytest

from accounts.choices import MembershipRole
from accounts.models import User
from accounts.tests.factories.people import UserFactory
from bookings.services.checkout import check_out, release_booking
from bookings.services.holds import place_hold
from bookings.tests.factories.homes import BookingFactory, lapse, settled
from catalog.tests.factories.homes import UnitFactory, member_of
from config.tests.sources import ROOT
from messaging.models import LiveEvent

pytestmark = pytest.mark.django_db


def told(user: User) -> list[str]:
    """The states that ``user`` was told of, in order."""
    events = LiveEvent.objects.filter(user=user, type="booking.changed").order_by("pk")
    return [event.data["status"] for event in events]


@pytest.mark.capability("M06")
def test_the_customer_and_the_builders_people_hear_of_every_state() -> None:
    unit, customer, stranger = UnitFactory(), UserFactory(), UserFactory()
    sales = member_of(unit.development.builder, MembershipRole.SALES)
    mere_member = member_of(unit.development.builder, MembershipRole.MEMBER)

    booking = place_hold(actor=customer, unit=unit)
    booking = check_out(booking=booking, actor=customer)
    release_booking(booking=booking, actor=customer)

    states = ["held", "pending_payment", "cancelled"]
    assert told(customer) == told(sales) == states
    assert told(stranger) == told(mere_member) == []
    event = LiveEvent.objects.filter(user=customer).latest("pk")
    assert event.data == {
        "booking": str(booking.pk),
        "unit": str(unit.pk),
        "development": str(unit.development_id),
        "status": "cancelled",
    }


def test_what_lapses_is_told_as_well() -> None:
    booking = BookingFactory()
    lapse(booking)

    settled(booking.unit)

    assert told(booking.customer)[-1] == "expired"


def test_no_booking_moves_in_silence() -> None:
    services = ROOT / "bookings" / "services"

    moving = [
        path.name
        for path in services.glob("*.py")
        if "flow=BOOKING_FLOW" in path.read_text(encoding="utf-8")
    ]

    assert moving == ["moving.py"]
