"""Change requests that are decided in the same moment."""

from decimal import Decimal

import pytest

from bookings.change_exceptions import QuoteExpiredError, TooLateError
from bookings.choices import ChangeRequestStatus as Status
from bookings.models import ChangeRequest, Instalment
from bookings.services.change_requests import approve_change, decline_change
from bookings.tests.factories.changes import ChangeRequestFactory, lapse_quote
from bookings.tests.factories.homes import BookingFactory
from catalog.services.phases import start_phase
from catalog.tests.factories.construction import PhaseFactory, site_engineer
from config.shared.errors import InvalidTransitionError
from config.tests.racing import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.capability("R27")]


def approving(change):
    return lambda: approve_change(change=change, actor=change.customer)


def test_a_change_that_is_approved_many_times_at_once_makes_one_instalment():
    change = ChangeRequestFactory(status=Status.QUOTED)

    results = race(*(approving(change) for _ in range(8)))

    assert sum(isinstance(result, ChangeRequest) for result in results) == 1
    assert sum(isinstance(result, InvalidTransitionError) for result in results) == 7
    (made,) = Instalment.objects.filter(booking=change.booking, kind="change")
    change.refresh_from_db()
    assert (change.instalment, made.amount) == (made, Decimal("4500.00"))


def test_changes_of_one_booking_that_are_approved_at_once_have_places_of_their_own():
    booking = BookingFactory(confirmed=True)
    changes = [ChangeRequestFactory(booking=booking, status=Status.QUOTED) for _ in range(5)]
    before = booking.instalments.count()

    results = race(*(approving(change) for change in changes))

    assert all(isinstance(result, ChangeRequest) for result in results)
    orders = booking.instalments.order_by("order").values_list("order", flat=True)
    assert list(orders) == list(range(1, before + 6))


def test_an_approval_and_a_refusal_at_once_are_one_decision():
    change = ChangeRequestFactory(status=Status.QUOTED)

    results = race(
        approving(change),
        lambda: decline_change(change=change, actor=change.customer),
    )

    (decided,) = [result for result in results if isinstance(result, ChangeRequest)]
    change.refresh_from_db()
    assert change.status == decided.status
    made = Instalment.objects.filter(booking=change.booking, kind="change").count()
    assert made == (1 if change.status == Status.APPROVED else 0)


def test_an_approval_against_the_end_of_its_quote_is_whole_or_not_at_all():
    change = ChangeRequestFactory(status=Status.QUOTED)

    approved, _ = race(approving(change), lambda: lapse_quote(change))

    change.refresh_from_db()
    made = Instalment.objects.filter(booking=change.booking, kind="change").count()
    if isinstance(approved, ChangeRequest):
        assert (change.status, made) == (Status.APPROVED, 1)
    else:
        assert isinstance(approved, QuoteExpiredError)
        assert (change.status, made) == (Status.QUOTED, 0)


def test_an_approval_against_the_beginning_of_the_phase_is_before_it_or_refused():
    booking = BookingFactory(confirmed=True)
    phase = PhaseFactory(development=booking.development)
    change = ChangeRequestFactory(booking=booking, cutoff_phase=phase, status=Status.QUOTED)
    engineer = site_engineer(booking.development)

    approved, begun = race(approving(change), lambda: start_phase(phase=phase, actor=engineer))

    assert not isinstance(begun, Exception)
    change.refresh_from_db()
    if isinstance(approved, ChangeRequest):
        assert change.status == Status.APPROVED
    else:
        assert isinstance(approved, TooLateError)
        assert (change.status, change.instalment) == (Status.QUOTED, None)
