"""Waiting for units: places, offers, what lapses, and who is refused."""

import pytest

from accounts.models import User
from accounts.services.settings import change_setting
from accounts.tests.factories.people import UserFactory
from accounts.tests.outbox import sent_sms
from bookings.claim_exceptions import (
    HoldingAlreadyError,
    NotOnSaleError,
    UnitAvailableError,
    UnitBlockedError,
    WaitingAlreadyError,
    WaitlistFullError,
)
from bookings.models import Booking, ClaimLog, WaitlistEntry
from bookings.services.checkout import release_booking
from bookings.services.holds import place_hold
from bookings.services.sweeping import sweep_claims
from bookings.services.waitlist import join_waitlist, leave_waitlist
from bookings.tests.factories.homes import (
    BookingFactory,
    WaitlistEntryFactory,
    lapse,
    lapse_offer,
    settled,
)
from catalog.models import Development, Unit
from catalog.services.units import unblock_unit
from catalog.tests.factories.homes import UnitFactory, member_of
from config.shared.errors import AlreadyClaimedError, MissingError
from config.tests.support import drain

pytestmark = pytest.mark.django_db


@pytest.fixture
def hold():
    return BookingFactory()


@pytest.fixture
def queue(hold):
    return [WaitlistEntryFactory(unit=hold.unit) for _ in range(3)]


def unit_of(booking):
    return Unit.objects.get(pk=booking.unit_id)


def states(queue):
    found = {entry.pk: entry.status for entry in WaitlistEntry.objects.all()}
    return [found[entry.pk] for entry in queue]


@pytest.mark.capability("R20")
def test_whoever_waits_has_a_place_and_is_counted(hold, queue):
    assert [entry.position for entry in queue] == [1, 2, 3]
    assert [entry.ahead for entry in queue] == [0, 1, 2]
    assert unit_of(hold).waiting_count == 3


@pytest.mark.capability("R20")
@pytest.mark.parametrize("ending", ["released", "lapsed"])
def test_what_frees_is_offered_to_the_first(hold, queue, ending):
    if ending == "released":
        release_booking(booking=hold, actor=hold.customer)
    else:
        lapse(hold)
        sweep_claims()

    unit, first = unit_of(hold), WaitlistEntry.objects.get(pk=queue[0].pk)
    assert states(queue) == ["offered", "waiting", "waiting"]
    assert (first.offer_until - first.offered_at).total_seconds() == 24 * 3600
    assert (unit.status, unit.claimed_until) == ("held", first.offer_until)
    assert unit.waiting_count == 2
    drain()
    assert "hold it before then" in sent_sms(first.customer.phone_number)[0].lower()


@pytest.mark.capability("R20")
def test_an_offer_is_taken_up_by_holding_and_by_nobody_else(hold, queue):
    release_booking(booking=hold, actor=hold.customer)
    offer = WaitlistEntry.objects.get(pk=queue[0].pk)

    for other in (queue[1].customer, hold.customer, UserFactory()):
        with pytest.raises(AlreadyClaimedError) as refused:
            place_hold(actor=other, unit=hold.unit)
        assert refused.value.extra["current"] == "held"
        assert refused.value.extra["free_at"] == offer.offer_until
        assert refused.value.extra["waiting_count"] == 3
    booking = place_hold(actor=queue[0].customer, unit=hold.unit)

    assert booking.waitlist_position == 1
    assert states(queue) == ["held", "waiting", "waiting"]
    offer.refresh_from_db()
    assert offer.booking == booking
    assert unit_of(hold).claimed_until == booking.held_until
    won = ClaimLog.objects.get(booking=booking, outcome="won")
    assert (won.subject, won.reason) == ("waitlist_offer", "offer_taken")


@pytest.mark.capability("R20")
def test_sales_take_an_offer_up_for_whoever_was_offered(hold, queue):
    release_booking(booking=hold, actor=hold.customer)
    agent = member_of(hold.builder, "sales")

    booking = place_hold(actor=agent, unit=hold.unit, customer=queue[0].customer)

    assert (booking.customer, booking.sales_agent) == (queue[0].customer, agent)
    assert states(queue) == ["held", "waiting", "waiting"]


@pytest.mark.capability("R20")
def test_an_offer_that_lapses_goes_to_the_next_without_any_job(hold, queue):
    release_booking(booking=hold, actor=hold.customer)
    lapse_offer(hold.unit)

    with pytest.raises(AlreadyClaimedError):
        place_hold(actor=queue[0].customer, unit=hold.unit)

    assert states(queue) == ["lapsed", "offered", "waiting"]
    assert place_hold(actor=queue[1].customer, unit=hold.unit)
    drain()
    assert "has ended" in sent_sms(queue[0].customer.phone_number)[-1]


@pytest.mark.capability("R20")
def test_after_the_last_offer_the_unit_is_anybodys(hold, queue):
    release_booking(booking=hold, actor=hold.customer)
    for _ in queue:
        lapse_offer(hold.unit)
        sweep_claims()

    assert states(queue) == ["lapsed"] * 3
    unit = unit_of(hold)
    assert (unit.status, unit.claimed_until, unit.waiting_count) == ("available", None, 0)
    assert place_hold(actor=UserFactory(), unit=unit)


@pytest.mark.capability("R20")
def test_whoever_is_no_longer_there_is_passed_over(hold, queue):
    gone = User.objects.filter(pk=queue[0].customer_id)
    gone.update(status="suspended", is_active=False)

    release_booking(booking=hold, actor=hold.customer)

    assert states(queue) == ["left", "offered", "waiting"]


@pytest.mark.capability("R20")
def test_whoever_leaves_passes_their_offer_on(hold, queue):
    leave_waitlist(actor=queue[1].customer, unit=hold.unit)
    assert (states(queue), unit_of(hold).waiting_count) == (["waiting", "left", "waiting"], 2)
    release_booking(booking=hold, actor=hold.customer)

    leave_waitlist(actor=queue[0].customer, unit=hold.unit)

    assert states(queue) == ["left", "left", "offered"]
    with pytest.raises(MissingError):
        leave_waitlist(actor=queue[0].customer, unit=hold.unit)
    assert WaitlistEntryFactory(unit=hold.unit, customer=queue[0].customer).position == 4


@pytest.mark.capability("R20")
def test_nobody_waits_for_what_they_can_have(hold, queue):
    with pytest.raises(UnitAvailableError):
        join_waitlist(actor=UserFactory(), unit=UnitFactory())
    with pytest.raises(HoldingAlreadyError):
        join_waitlist(actor=hold.customer, unit=hold.unit)
    with pytest.raises(WaitingAlreadyError):
        join_waitlist(actor=queue[0].customer, unit=hold.unit)
    with pytest.raises(UnitBlockedError):
        join_waitlist(actor=UserFactory(), unit=UnitFactory(blocked=True))

    assert WaitlistEntry.objects.count() == 3


@pytest.mark.capability("R20")
def test_only_so_many_wait_for_one_unit(hold, queue):
    change_setting(key="waitlist_limit", value=3, actor=None)

    with pytest.raises(WaitlistFullError):
        join_waitlist(actor=UserFactory(), unit=hold.unit)

    assert (WaitlistEntry.objects.count(), unit_of(hold).waiting_count) == (3, 3)


@pytest.mark.capability("R20")
def test_while_nothing_is_sold_nothing_is_offered(hold, queue):
    Development.objects.filter(pk=hold.development_id).update(is_selling=False)
    release_booking(booking=hold, actor=hold.customer)
    with pytest.raises(NotOnSaleError):
        join_waitlist(actor=UserFactory(), unit=hold.unit)
    assert (states(queue), unit_of(hold).status) == (["waiting"] * 3, "available")

    Development.objects.filter(pk=hold.development_id).update(is_selling=True)
    assert sweep_claims() == 1

    assert states(queue) == ["offered", "waiting", "waiting"]


@pytest.mark.capability("R20")
def test_what_is_unblocked_goes_to_whoever_waited(hold, queue):
    Development.objects.filter(pk=hold.development_id).update(is_selling=False)
    release_booking(booking=hold, actor=hold.customer)
    Unit.objects.filter(pk=hold.unit_id).update(status="blocked")
    assert settled(hold.unit).status == "blocked"
    Development.objects.filter(pk=hold.development_id).update(is_selling=True)

    unblock_unit(unit=unit_of(hold), actor=member_of(hold.builder, "owner"))

    assert (states(queue)[0], unit_of(hold).status) == ("offered", "held")


@pytest.mark.capability("R12", "R20")
def test_a_reserved_unit_that_frees_is_offered_at_once():
    booking = BookingFactory(confirmed=True)
    entry = WaitlistEntryFactory(unit=booking.unit)
    Booking.objects.filter(pk=booking.pk).update(
        status="cancelled", cancelled_at=booking.created_at
    )

    unit = settled(booking.unit)

    entry.refresh_from_db()
    assert (entry.status, unit.status, unit.claimed_until) == (
        "offered",
        "held",
        entry.offer_until,
    )
