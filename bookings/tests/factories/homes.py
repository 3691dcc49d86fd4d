"""Bookings for tests, made by the services that make the real ones."""

from typing import Any

import factory

from accounts.choices import MediaKind, MediaPurpose
from accounts.models import User
from accounts.tests.factories.papers import CheckedFileFactory
from accounts.tests.factories.people import UserFactory
from bookings.choices import BookingStatus, WaitlistStatus
from bookings.models import Booking, WaitlistEntry
from bookings.services.checkout import check_out
from bookings.services.confirming import confirm_booking
from bookings.services.contracts import sign_contract
from bookings.services.holds import place_hold
from bookings.services.settling import settle_unit
from bookings.services.waitlist import join_waitlist
from catalog.models import Unit
from catalog.tests.factories.homes import UnitFactory, member_of
from config.shared.clock import database_now
from config.shared.locks import lock
from config.shared.retries import retry_transaction


class BookingFactory(factory.Factory):
    """A hold of a unit by a customer of its own; ``actor`` holds it for them otherwise.

    Traits: ``held`` (also what it is without any), ``pending_payment``, ``confirmed`` as the
    deposit confirms it (without a payment: see ``bookings.tests.paying``), and ``contracted``.
    """

    class Meta:
        model = Booking

    unit = factory.SubFactory(UnitFactory)
    customer = factory.SubFactory(UserFactory)
    actor = factory.LazyAttribute(lambda booking: booking.customer)
    notes = ""
    client_key = ""
    status = BookingStatus.HELD

    class Params:
        held = factory.Trait(status=BookingStatus.HELD)
        pending_payment = factory.Trait(status=BookingStatus.PENDING_PAYMENT)
        confirmed = factory.Trait(status=BookingStatus.CONFIRMED)
        contracted = factory.Trait(status=BookingStatus.CONTRACTED)

    @classmethod
    def _create(cls, model_class: type[Booking], *args: Any, **kwargs: Any) -> Booking:
        status = kwargs.pop("status")
        booking = place_hold(**kwargs)
        if status == BookingStatus.HELD:
            return booking
        booking = check_out(booking=booking, actor=booking.customer)
        if status == BookingStatus.PENDING_PAYMENT:
            return booking
        booking = confirmed(booking)
        if status == BookingStatus.CONFIRMED:
            return booking
        return contracted(booking)


class WaitlistEntryFactory(factory.Factory):
    """A place on the waiting list of a unit that somebody else holds."""

    class Meta:
        model = WaitlistEntry

    unit = factory.LazyFunction(lambda: BookingFactory().unit)
    customer = factory.SubFactory(UserFactory)

    @classmethod
    def _create(cls, model_class: type[WaitlistEntry], *args: Any, **kwargs: Any) -> WaitlistEntry:
        return join_waitlist(actor=kwargs["customer"], unit=kwargs["unit"])


@retry_transaction
def confirmed(booking: Booking) -> Booking:
    """``booking`` as it is once its deposit has arrived."""
    _, fresh = lock(booking.unit, booking)
    return confirm_booking(booking=fresh, now=database_now())


def contracted(booking: Booking) -> Booking:
    """``booking`` as it is once its contract is signed."""
    agent = member_of(booking.builder, "sales")
    paper = CheckedFileFactory(owner=agent, kind=MediaKind.DOCUMENT, purpose=MediaPurpose.CONTRACT)
    return sign_contract(booking=booking, actor=agent, document=paper)


def lapse(*bookings: Booking) -> None:
    """Let the time of ``bookings`` be over, as if it had passed; no job notices."""
    now = database_now()
    for booking in bookings:
        column = "held_until" if booking.status == BookingStatus.HELD else "pay_until"
        Booking.objects.filter(pk=booking.pk).update(**{column: now})
        Unit.objects.filter(pk=booking.unit_id).update(claimed_until=now)


def lapse_offer(unit: Unit) -> None:
    """Let the time of the offer of ``unit`` be over, as if it had passed; no job notices."""
    now = database_now()
    unit.waitlist.filter(status=WaitlistStatus.OFFERED).update(offer_until=now)
    Unit.objects.filter(pk=unit.pk).update(claimed_until=now)


@retry_transaction
def settled(unit: Unit) -> Unit:
    """``unit`` as it is now, with what follows from that."""
    (fresh,) = lock(unit)
    settle_unit(unit=fresh, now=database_now())
    return fresh


def holders(unit: Unit) -> list[User]:
    """Who claims ``unit`` now: one person or none."""
    return [booking.customer for booking in Booking.objects.claiming().filter(unit=unit)]
