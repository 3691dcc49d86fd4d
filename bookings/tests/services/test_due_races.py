"""Completions, confirmations and jobs in the same moment."""

import pytest

from bookings.models import Instalment
from bookings.services.checkout import check_out
from bookings.services.due import catch_up
from bookings.services.late_fees import judge
from bookings.services.objections import object_to_instalment
from bookings.services.waivers import waive_instalment
from bookings.tests.factories.homes import BookingFactory, confirmed
from bookings.tests.owing import booked, by_phase, days_later, finish, of, owed
from catalog.models import ProgressPhase
from catalog.services.phases import complete_phase
from catalog.tests.factories.construction import evidence_of, site_engineer
from catalog.tests.factories.homes import UnitFactory, member_of
from config.shared.clock import database_now
from config.shared.errors import InvalidTransitionError
from config.tests.racing import race
from messaging.models import Notification

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.capability("R14")
def test_a_booking_that_is_confirmed_while_the_phase_is_completed_owes_its_part():
    for _ in range(4):
        development, phase = by_phase()
        bookings = [booked(development, state="pending_payment") for _ in range(3)]

        results = race(
            lambda phase=phase: finish(phase),
            *(lambda booking=booking: confirmed(booking) for booking in bookings),
        )

        assert not [result for result in results if isinstance(result, Exception)]
        found = Instalment.objects.filter(booking__in=bookings, label="Structure")
        assert [row.status for row in found] == ["due"] * 3
        assert all(row.evidence["files"] for row in found)


@pytest.mark.capability("R14")
def test_a_booking_that_goes_from_hold_to_confirmed_during_the_completion_owes_its_part():
    development, phase = by_phase()
    bookings = [BookingFactory(unit=UnitFactory(development=development)) for _ in range(3)]

    def through(booking):
        return confirmed(check_out(booking=booking, actor=booking.customer))

    results = race(
        lambda: finish(phase),
        *(lambda booking=booking: through(booking) for booking in bookings),
    )
    catch_up()

    assert not [result for result in results if isinstance(result, Exception)]
    found = Instalment.objects.filter(booking__in=bookings, label="Structure")
    assert [row.status for row in found] == ["due"] * 3


@pytest.mark.capability("R14")
def test_two_completions_at_once_demand_once():
    development, phase = by_phase()
    booking = booked(development)
    engineers = [site_engineer(development) for _ in range(3)]
    photos = [evidence_of(engineer) for engineer in engineers]

    results = race(
        *(
            lambda who=who, photo=photo: complete_phase(phase=phase, actor=who, evidence=[photo])
            for who, photo in zip(engineers, photos, strict=True)
        )
    )

    assert sum(isinstance(result, ProgressPhase) for result in results) == 1
    assert sum(isinstance(result, InvalidTransitionError) for result in results) == 2
    assert of(booking, "Structure").status == "due"
    assert Notification.objects.filter(type="instalment_due").count() == 1


@pytest.mark.capability("R14")
def test_the_job_may_run_in_several_processes():
    development, phase = by_phase()
    bookings = [booked(development) for _ in range(3)]
    ProgressPhase.objects.filter(pk=phase.pk).update(
        status="completed", percent=100, actual_end=database_now().date()
    )

    results = race(catch_up, catch_up, catch_up)

    assert not [result for result in results if isinstance(result, Exception)]
    assert [of(booking, "Structure").status for booking in bookings] == ["due"] * 3
    assert Notification.objects.filter(type="instalment_due").count() == 3


@pytest.mark.capability("R15")
def test_late_fees_are_charged_once_however_many_jobs_run():
    line = days_later(owed(), 6)

    results = race(*(lambda: judge(instalment=line) for _ in range(4)))

    line.refresh_from_db()
    assert not [result for result in results if isinstance(result, Exception)]
    assert (line.status, line.late_fee, line.late_fee_periods) == ("overdue", 3000, 1)
    assert Notification.objects.filter(type="late_fee_charged").count() == 1


@pytest.mark.capability("R15")
def test_an_objection_and_the_job_at_once_leave_nothing_overdue():
    for _ in range(3):
        line = days_later(owed(), 6)
        customer = line.booking.customer

        results = race(
            lambda line=line, who=customer: object_to_instalment(
                instalment=line, customer=who, text="It is not finished."
            ),
            lambda line=line: judge(instalment=line),
        )

        line.refresh_from_db()
        assert not [result for result in results if isinstance(result, Exception)]
        assert line.status == "due"
        assert line.objected_at is not None


@pytest.mark.capability("R15")
def test_of_two_people_who_ask_for_a_waiver_at_once_the_second_completes_it():
    line = owed()
    builder = line.booking.builder
    first, second = member_of(builder, "owner"), member_of(builder, "finance")

    results = race(
        *(
            lambda who=who: waive_instalment(instalment=line, actor=who, reason="Goodwill")
            for who in (first, second)
        )
    )

    line.refresh_from_db()
    assert not [result for result in results if isinstance(result, Exception)]
    assert line.status == "waived"
    assert {line.waiver_asked_by, line.waived_by} == {first, second}
    assert Notification.objects.filter(type="instalment_waived").count() == 1
