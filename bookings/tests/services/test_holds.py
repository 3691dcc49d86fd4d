"""Holding units: who may, what is frozen, what ends by itself, and who is refused."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from accounts.models import AuditEvent
from accounts.services.organizations import suspend_organization
from accounts.tests.factories.organizations import reviewer
from accounts.tests.factories.people import UserFactory
from accounts.tests.outbox import sent_sms
from bookings.claim_exceptions import (
    ClientKeyUsedError,
    HoldLimitError,
    NotOnSaleError,
    UnitBlockedError,
)
from bookings.models import Booking, ClaimLog
from bookings.services.holds import place_hold
from bookings.tests.factories.homes import BookingFactory, lapse, settled
from catalog.models import Development
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory, member_of
from config.shared.errors import AlreadyClaimedError, InvalidInputError, NotAllowedError
from config.tests.support import drain

pytestmark = pytest.mark.django_db


@pytest.mark.capability("R06", "R07", "R12")
def test_a_hold_lasts_as_long_as_the_development_says():
    unit = UnitFactory(development=DevelopmentFactory(hold_minutes=20))
    customer = UserFactory()

    booking = place_hold(actor=customer, unit=unit, notes=" High floor, please ")

    booking.refresh_from_db()
    unit.refresh_from_db()
    assert (booking.status, booking.notes) == ("held", "High floor, please")
    assert abs((booking.held_until - booking.created_at).total_seconds() - 1200) < 5
    assert (unit.status, unit.claimed_until) == ("held", booking.held_until)
    assert (booking.customer, booking.sales_agent) == (customer, None)
    assert booking.builder == unit.development.builder
    assert [event.action for event in AuditEvent.objects.about(booking)] == [
        "bookings.booking.held"
    ]


@pytest.mark.capability("R06")
def test_a_held_unit_cannot_be_held_again():
    hold = BookingFactory()
    late = UserFactory()

    with pytest.raises(AlreadyClaimedError) as refused:
        place_hold(actor=late, unit=hold.unit)

    said = refused.value.extra
    assert said["unit"] == str(hold.unit_id)
    assert (said["current"], said["free_at"]) == ("held", hold.held_until)
    assert (said["waiting_count"], said["your_place"], said["booking"]) == (0, 2, None)
    assert str(hold.customer_id) not in str(said)
    assert Booking.objects.count() == 1


@pytest.mark.capability("R06")
def test_whoever_asks_later_has_a_later_place_and_keeps_it():
    hold = BookingFactory()
    first, second = UserFactory(), UserFactory()
    places = []

    for person in (first, second, first, second):
        with pytest.raises(AlreadyClaimedError) as refused:
            place_hold(actor=person, unit=hold.unit)
        places.append(refused.value.extra["your_place"])

    assert places == [2, 3, 2, 3]


@pytest.mark.capability("R06")
def test_the_database_alone_refuses_a_second_live_claim():
    hold = BookingFactory()
    hold.pk, hold._state.adding = None, True
    second = Booking(
        **{
            field.attname: getattr(hold, field.attname)
            for field in Booking._meta.concrete_fields
            if field.attname not in {"id", "reference", "customer_id", "created_at"}
        },
        reference="BK-2026-999999",
        customer=UserFactory(),
    )

    with pytest.raises(IntegrityError, match="bookings_booking_one_live"), transaction.atomic():
        second.save(force_insert=True)

    assert Booking.objects.count() == 1


@pytest.mark.capability("R06", "R07")
def test_a_lapsed_hold_is_taken_over_without_any_job():
    hold = BookingFactory()
    lapse(hold)
    successor = UserFactory()

    booking = place_hold(actor=successor, unit=hold.unit)

    hold.refresh_from_db()
    assert (hold.status, booking.status) == ("expired", "held")
    log = ClaimLog.objects.filter(object_id=hold.unit_id)
    assert {(row.who, row.outcome) for row in log} == {
        (hold.customer, "won"),
        (hold.customer, "expired"),
        (successor, "won"),
    }


@pytest.mark.capability("R07")
def test_whoever_lost_a_hold_to_time_is_told_once():
    hold = BookingFactory()
    lapse(hold)

    for _ in range(2):
        unit = settled(hold.unit)

    assert unit.status == "available"
    drain()
    assert len(sent_sms(hold.customer.phone_number)) == 1


@pytest.mark.capability("R09")
def test_price_plan_and_terms_are_those_of_the_hold():
    development = DevelopmentFactory(terms="Keys at the end.")
    unit = UnitFactory(development=development, price=Decimal("900000.00"))
    booking = BookingFactory(unit=unit)

    unit.price = Decimal("1200000.00")
    unit.save()
    development.terms = "Keys never."
    development.save()

    booking.refresh_from_db()
    assert (booking.price, booking.currency) == (Decimal("900000.000"), "AED")
    assert booking.terms["terms"] == "Keys at the end."
    assert booking.deposit_amount == Decimal("90000.000")


@pytest.mark.capability("R10")
def test_one_person_holds_two_units_of_a_development_and_no_more():
    development = DevelopmentFactory()
    customer = UserFactory()
    units = [UnitFactory(development=development) for _ in range(3)]
    holds = [BookingFactory(unit=unit, customer=customer) for unit in units[:2]]

    with pytest.raises(HoldLimitError) as refused:
        place_hold(actor=customer, unit=units[2])

    assert refused.value.extra["limit"] == 2
    assert refused.value.extra["next_ends_at"] == holds[0].held_until
    assert 0 < refused.value.retry_after <= 900
    assert Booking.objects.count() == 2
    assert BookingFactory(customer=customer)
    lapse(holds[0])
    assert place_hold(actor=customer, unit=units[2])


@pytest.mark.capability("R10")
def test_a_development_has_a_limit_of_its_own():
    development = DevelopmentFactory(max_holds_per_user=1)
    customer = UserFactory()
    BookingFactory(unit=UnitFactory(development=development), customer=customer)

    with pytest.raises(HoldLimitError):
        place_hold(actor=customer, unit=UnitFactory(development=development))

    assert Booking.objects.count() == 1


@pytest.mark.capability("R06")
@pytest.mark.parametrize(
    "trait", [{"paused": True}, {"pre_launch": True}, {"handed_over": True}, {"planning": True}]
)
def test_what_is_not_on_sale_is_not_held(trait):
    unit = UnitFactory()
    development = unit.development
    other = DevelopmentFactory(builder=development.builder, **trait)
    development.status, development.is_selling = other.status, other.is_selling
    development.save()

    with pytest.raises(NotOnSaleError):
        place_hold(actor=UserFactory(), unit=unit)

    unit.refresh_from_db()
    assert (unit.status, Booking.objects.count()) == ("available", 0)


@pytest.mark.capability("R06")
def test_nothing_is_held_with_a_builder_who_is_suspended_or_of_what_is_deleted():
    suspended, deleted = UnitFactory(), UnitFactory()
    builder = suspended.development.builder
    suspend_organization(organization=builder, staff=reviewer(), reason="Complaints")
    Development.objects.filter(pk=deleted.development_id).update(deleted_at=Now())

    for unit in (suspended, deleted):
        with pytest.raises(NotOnSaleError):
            place_hold(actor=UserFactory(), unit=unit)

    assert Booking.objects.count() == 0


@pytest.mark.capability("R06")
def test_whoever_has_the_unit_already_is_told_by_which_booking():
    hold = BookingFactory()

    with pytest.raises(AlreadyClaimedError) as refused:
        place_hold(actor=hold.customer, unit=hold.unit)

    assert refused.value.extra["booking"] == str(hold.pk)
    assert refused.value.extra["your_place"] is None


@pytest.mark.capability("R06", "R12")
@pytest.mark.parametrize(
    ("trait", "state"),
    [("pending_payment", "held"), ("confirmed", "reserved"), ("contracted", "sold")],
)
def test_what_is_paid_or_sold_says_so_to_whoever_asks(trait, state):
    booking = BookingFactory(**{trait: True})

    with pytest.raises(AlreadyClaimedError) as refused:
        place_hold(actor=UserFactory(), unit=booking.unit)

    said = refused.value.extra
    assert (said["current"], said["free_at"] is None) == (state, state != "held")
    assert Booking.objects.count() == 1


@pytest.mark.capability("R06")
def test_what_the_builder_keeps_back_is_not_held():
    unit = UnitFactory(blocked=True)

    with pytest.raises(UnitBlockedError):
        place_hold(actor=UserFactory(), unit=unit)

    assert Booking.objects.count() == 0
    assert ClaimLog.objects.get().reason == "unit_blocked"


@pytest.mark.capability("R11", "R12")
def test_sales_hold_for_a_customer_who_is_told():
    unit = UnitFactory()
    agent, customer = member_of(unit.development.builder, "sales"), UserFactory()

    booking = place_hold(actor=agent, unit=unit, customer=customer)

    assert (booking.customer, booking.sales_agent) == (customer, agent)
    drain()
    assert booking.reference in sent_sms(customer.phone_number)[0]


@pytest.mark.capability("R11")
@pytest.mark.parametrize("role", ["site", "finance", "member"])
def test_nobody_else_holds_for_others(role):
    unit = UnitFactory()
    others = [
        member_of(unit.development.builder, role),
        member_of(DevelopmentFactory().builder, "sales"),
        UserFactory(builder=True),
        UserFactory(staff=True),
    ]

    for other in others:
        with pytest.raises(NotAllowedError):
            place_hold(actor=other, unit=unit, customer=UserFactory())

    assert Booking.objects.count() == 0


def test_nobody_holds_for_who_is_no_longer_there():
    unit = UnitFactory()
    agent = member_of(unit.development.builder, "sales")

    with pytest.raises(InvalidInputError):
        place_hold(actor=agent, unit=unit, customer=UserFactory(suspended=True))

    assert Booking.objects.count() == 0


def test_a_client_key_makes_one_booking():
    customer = UserFactory()
    BookingFactory(customer=customer, client_key="phone-1")

    with pytest.raises(ClientKeyUsedError):
        BookingFactory(customer=customer, client_key="phone-1")

    assert Booking.objects.count() == 1
    assert BookingFactory(client_key="phone-1")
