"""Bookings with money in them, for tests of contracts, cancellations, transfers and handovers."""

from decimal import Decimal
from typing import Any

from accounts.choices import MediaKind, MediaPurpose
from accounts.models import Building, MediaFile, User
from accounts.tests.factories.buildings import BuildingFactory
from accounts.tests.factories.papers import CheckedFileFactory
from accounts.tests.factories.people import UserFactory
from bookings.models import Booking
from bookings.services.contracts import sign_contract
from bookings.tests.factories.homes import BookingFactory
from bookings.tests.paying import pay
from catalog.models import Unit
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory, member_of

# Of the price: 50,000 of the million, and 300,000 once there is a contract.
KEEPING = {
    "keep": [{"stage": "confirmed", "percent": "5"}, {"stage": "contracted", "percent": "30"}],
    "of": "price",
}
DEPOSIT = Decimal("100000.00")
PRICE = Decimal("1000000.00")


def paper_of(owner: User, **changes: Any) -> MediaFile:
    """A contract that ``owner`` has uploaded."""
    values = {"kind": MediaKind.DOCUMENT, "purpose": MediaPurpose.CONTRACT, **changes}
    made: MediaFile = CheckedFileFactory(owner=owner, **values)
    return made


def confirmed_booking(
    unit: Unit | None = None, customer: User | None = None, **development: Any
) -> Booking:
    """A booking for a million whose deposit of a tenth was paid."""
    if unit is None:
        development.setdefault("cancellation_policy", KEEPING)
        unit = UnitFactory(development=DevelopmentFactory(**development))
    booking: Booking = BookingFactory(
        unit=unit, customer=customer or UserFactory(), pending_payment=True
    )
    pay(booking.instalments.get(order=1))
    return Booking.objects.get(pk=booking.pk)


def contracted_booking(
    unit: Unit | None = None, customer: User | None = None, **development: Any
) -> Booking:
    """A booking for a million with a signed contract, of which the deposit was paid."""
    booking = confirmed_booking(unit, customer, **development)
    seller = seller_of(booking)
    return sign_contract(booking=booking, actor=seller, document=paper_of(seller))


def home_to_hand_over(
    building: Building | None = None, customer: User | None = None, **unit: Any
) -> Booking:
    """A contracted booking, paid in full, of a home in a development that is ready."""
    building = building or BuildingFactory()
    development = DevelopmentFactory(ready=True, buildings=[building])
    home = UnitFactory(development=development, **{"building": building, **unit})
    booking = contracted_booking(home, customer)
    for instalment in booking.instalments.order_by("order")[1:]:
        pay(instalment)
    return Booking.objects.get(pk=booking.pk)


def seller_of(booking: Booking) -> User:
    """Somebody who sells for the builder."""
    return member_of(booking.builder, "sales")


def leader_of(booking: Booking) -> User:
    """Somebody who leads the builder."""
    return member_of(booking.builder, "owner")


def second_leader_of(booking: Booking) -> User:
    """Somebody else who leads the builder."""
    return member_of(booking.builder, "admin")


def site_worker_of(booking: Booking) -> User:
    """Somebody who works on the builder's sites."""
    return member_of(booking.builder, "site")


def fresh(row: Any) -> Any:
    """``row`` as it stands in the database now."""
    return type(row).objects.get(pk=row.pk)
