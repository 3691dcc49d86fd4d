"""From the hold to the deposit and to what it confirms; and out again."""

from decimal import Decimal

import pytest

from accounts.tests.factories.people import UserFactory
from bookings.choices import BookingStatus
from bookings.claim_exceptions import ExtensionLimitError, PaidForError
from bookings.models import Booking, ClaimLog, Instalment
from bookings.services.checkout import check_out, release_booking
from bookings.services.confirming import confirm_booking, revive_booking
from bookings.services.holds import extend_hold
from bookings.tests.factories.homes import BookingFactory, WaitlistEntryFactory, lapse, settled
from catalog.models import Unit
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory, member_of
from config.shared.clock import database_now
from config.shared.errors import InvalidTransitionError, NotAllowedError
from config.shared.locks import lock

pytestmark = pytest.mark.django_db


def unit_of(booking):
    return Unit.objects.get(pk=booking.unit_id)


@pytest.mark.capability("R12", "R13")
def test_going_on_to_the_deposit_makes_the_instalments():
    booking = BookingFactory()

    booking = check_out(booking=booking, actor=booking.customer)

    booking.refresh_from_db()
    unit = unit_of(booking)
    amounts = list(booking.instalments.order_by("order").values_list("amount", flat=True))
    assert booking.status == "pending_payment"
    assert abs((booking.pay_until - database_now()).total_seconds() - 86400) < 60
    assert (unit.status, unit.claimed_until) == ("held", booking.pay_until)
    assert amounts == [Decimal("100000.000"), Decimal("900000.000")]


@pytest.mark.capability("R09")
def test_a_price_that_changes_after_the_hold_changes_nothing():
    booking = BookingFactory()
    Unit.objects.filter(pk=booking.unit_id).update(price=Decimal(2_000_000))

    booking = check_out(booking=booking, actor=booking.customer)

    assert booking.price == Decimal("1000000.000")
    assert sum(row.amount for row in booking.instalments.all()) == Decimal("1000000.000")


@pytest.mark.capability("R12")
def test_only_the_customer_goes_on_to_the_deposit():
    booking = BookingFactory()

    for other in (member_of(booking.builder, "sales"), UserFactory()):
        with pytest.raises(NotAllowedError):
            check_out(booking=booking, actor=other)

    booking.refresh_from_db()
    assert (booking.status, Instalment.objects.count()) == ("held", 0)


@pytest.mark.capability("R12")
def test_a_deposit_confirms_the_booking_and_reserves_the_unit():
    booking = BookingFactory(confirmed=True)

    unit = unit_of(booking)
    assert (booking.status, booking.confirmed_at is not None) == ("confirmed", True)
    assert (unit.status, unit.claimed_until) == ("reserved", None)


@pytest.mark.capability("R12", "R17")
def test_late_money_revives_what_is_still_free():
    booking = BookingFactory(pending_payment=True)
    lapse(booking)
    assert settled(booking.unit).status == "available"

    _, fresh = lock(booking.unit, booking)
    assert revive_booking(booking=fresh, now=database_now()) is True

    assert (fresh.status, unit_of(booking).status) == ("confirmed", "reserved")
    assert ClaimLog.objects.filter(booking=booking, reason="late_money").count() == 1


@pytest.mark.capability("R17")
def test_late_money_revives_nothing_that_somebody_else_has():
    booking = BookingFactory(pending_payment=True)
    lapse(booking)
    taken = BookingFactory(unit=booking.unit)

    _, fresh = lock(booking.unit, booking)
    assert revive_booking(booking=fresh, now=database_now()) is False

    booking.refresh_from_db()
    taken.refresh_from_db()
    assert (booking.status, taken.status) == ("expired", "held")


@pytest.mark.capability("R17")
def test_late_money_revives_nothing_that_is_offered_to_who_waited():
    booking = BookingFactory(pending_payment=True)
    entry = WaitlistEntryFactory(unit=booking.unit)
    lapse(booking)

    _, fresh = lock(booking.unit, booking)
    with pytest.raises(InvalidTransitionError):
        confirm_booking(booking=fresh, now=database_now())

    entry.refresh_from_db()
    assert (fresh.status, entry.status) == ("expired", "offered")


@pytest.mark.capability("R17")
def test_money_that_arrives_before_anybody_noticed_the_end_confirms():
    booking = BookingFactory(pending_payment=True)
    lapse(booking)

    _, fresh = lock(booking.unit, booking)
    confirm_booking(booking=fresh, now=database_now())

    assert (fresh.status, unit_of(booking).status) == ("confirmed", "reserved")


@pytest.mark.capability("R08")
def test_a_hold_is_extended_as_far_as_the_setting_goes():
    booking = BookingFactory()
    start = booking.held_until

    ends = [extend_hold(booking=booking, actor=booking.customer).held_until for _ in range(2)]
    with pytest.raises(ExtensionLimitError) as refused:
        extend_hold(booking=booking, actor=member_of(booking.builder, "sales"))

    assert [(end - start).total_seconds() / 60 for end in ends] == [15, 30]
    assert refused.value.extra["limit_minutes"] == 30
    booking.refresh_from_db()
    assert (booking.held_until, unit_of(booking).claimed_until) == (ends[1], ends[1])


@pytest.mark.capability("R08")
@pytest.mark.parametrize("trait", ["held", "pending_payment"])
def test_what_is_released_is_free_at_once(trait):
    booking = BookingFactory(**{trait: True})

    released = release_booking(booking=booking, actor=booking.customer, reason="Too far out")

    assert (released.status, released.cancel_reason) == ("cancelled", "Too far out")
    assert unit_of(booking).status == "available"
    assert set(booking.instalments.values_list("status", flat=True)) <= {"cancelled"}
    assert BookingFactory(unit=booking.unit)


@pytest.mark.capability("R08", "R12")
@pytest.mark.parametrize("act", [extend_hold, release_booking, check_out])
def test_strangers_move_nothing(act):
    booking = BookingFactory()
    strangers = [
        UserFactory(),
        member_of(booking.builder, "site"),
        member_of(DevelopmentFactory().builder, "sales"),
        UserFactory(staff=True),
    ]

    for stranger in strangers:
        with pytest.raises(NotAllowedError):
            act(booking=booking, actor=stranger)

    booking.refresh_from_db()
    assert (booking.status, booking.extended_minutes) == ("held", 0)


@pytest.mark.capability("R07", "R08", "R12")
@pytest.mark.parametrize("act", [extend_hold, release_booking, check_out])
def test_a_lapsed_hold_moves_no_further(act):
    booking = BookingFactory()
    lapse(booking)

    with pytest.raises(InvalidTransitionError) as refused:
        act(booking=booking, actor=booking.customer)

    assert refused.value.current == "expired"
    assert Instalment.objects.count() == 0
    assert Booking.objects.with_live_status().get(pk=booking.pk).live_status == "expired"


@pytest.mark.capability("R12")
@pytest.mark.parametrize("trait", ["confirmed", "contracted"])
def test_what_is_paid_for_is_not_simply_released(trait):
    booking = BookingFactory(**{trait: True})

    with pytest.raises(PaidForError):
        release_booking(booking=booking, actor=booking.customer)
    for act in (extend_hold, check_out):
        with pytest.raises(InvalidTransitionError):
            act(booking=booking, actor=booking.customer)

    booking.refresh_from_db()
    assert booking.status == BookingStatus(trait)
    assert unit_of(booking).status == {"confirmed": "reserved", "contracted": "sold"}[trait]


@pytest.mark.capability("R12")
def test_a_hold_is_not_confirmed_without_a_deposit():
    booking = BookingFactory(unit=UnitFactory())

    _, fresh = lock(booking.unit, booking)
    with pytest.raises(InvalidTransitionError):
        confirm_booking(booking=fresh, now=database_now())

    booking.refresh_from_db()
    assert booking.status == "held"
