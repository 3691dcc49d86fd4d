"""What makes instalments due, and what the customer is told and shown of it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import AuditEvent
from accounts.services.calendars import zone_of
from bookings.models import Instalment
from bookings.services.due import catch_up
from bookings.services.local_days import local_day
from bookings.tasks import make_instalments_due
from bookings.tests.factories.homes import BookingFactory, confirmed
from bookings.tests.owing import booked, by_phase, finish, of, pay_in
from catalog.models import Development, ProgressPhase
from catalog.services.development_moves import advance_development
from catalog.tests.factories.construction import PhaseFactory
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory, member_of
from config.shared.clock import database_now
from messaging.models import Notification

pytestmark = pytest.mark.django_db


def states(booking):
    return list(Instalment.objects.filter(booking=booking).values_list("label", "status"))


def dated(day):
    """A development whose second line is due on ``day``."""
    lines = [
        {"label": "Deposit", "percent": "10", "due": {"rule": "deposit"}},
        {"label": "Dated", "percent": "40", "due": {"rule": "date", "date": day.isoformat()}},
        {"label": "Handover", "balance": True, "due": {"rule": "handover"}},
    ]
    return DevelopmentFactory(plan_template={"lines": lines})


@pytest.mark.capability("R09", "R13")
def test_the_plan_of_the_hold_becomes_instalments_that_make_the_price():
    development, phase = by_phase()
    booking = BookingFactory(unit=UnitFactory(development=development), held=True)
    Development.objects.filter(pk=development.pk).update(plan_template={}, late_fee_policy={})

    booking = confirmed_later(booking)

    rows = Instalment.objects.filter(booking=booking)
    assert [(row.order, row.label, row.amount) for row in rows] == [
        (1, "Deposit", Decimal(100_000)),
        (2, "Structure", Decimal(300_000)),
        (3, "After 60 days", Decimal(200_000)),
        (4, "Handover", Decimal(400_000)),
    ]
    assert sum(row.amount for row in rows) == booking.price
    assert booking.deposit_amount == 100_000
    assert booking.terms["late_fee_policy"]["cap_percent"] == "2.5"
    assert rows[1].phase == phase


def confirmed_later(booking):
    from bookings.services.checkout import check_out

    return confirmed(check_out(booking=booking, actor=booking.customer))


@pytest.mark.capability("R13")
def test_days_are_counted_from_the_confirmation():
    booking = booked()

    line = of(booking, "After 60 days")

    day = local_day(booking.development, booking.confirmed_at)
    assert line.due_date == day + timedelta(days=60)
    assert (line.status, line.due_at) == ("scheduled", None)


@pytest.mark.capability("R14")
def test_a_completed_phase_makes_its_instalments_due_with_the_evidence():
    development, phase = by_phase()
    booking = booked(development)

    finish(phase)

    line = of(booking, "Structure")
    (photo,) = phase.evidence.all()
    assert states(booking) == [
        ("Deposit", "paid"),
        ("Structure", "due"),
        ("After 60 days", "scheduled"),
        ("Handover", "scheduled"),
    ]
    assert line.due_date == local_day(development, line.due_at)
    assert line.notice_sent_at == line.due_at
    assert line.evidence == {
        "phase": str(phase.pk),
        "name": "Structure",
        "completed_at": line.due_at.isoformat(),
        "percent": "100.00",
        "files": [{"id": str(photo.pk), "name": photo.name, "sha256": photo.sha256}],
    }
    notice = Notification.objects.get(user=booking.customer, type="instalment_due")
    assert notice.link == f"/api/v1/instalments/{line.pk}/"
    assert notice.data["amount"] == "300,000.00 AED"
    assert notice.data["evidence"] == f"Structure ({photo.name})"
    assert notice.data["fee"] == "3,000.00 AED"
    assert notice.data["fee_from"] == (line.due_date + timedelta(days=6)).isoformat()
    assert AuditEvent.objects.filter(action="bookings.instalment.due").count() == 1


@pytest.mark.capability("R14")
def test_what_is_not_confirmed_or_waits_for_something_else_is_not_demanded():
    development, phase = by_phase()
    other = PhaseFactory(development=development, name="Facade", in_progress=True)
    waiting = booked(development, state="pending_payment")
    ours = booked(development)

    finish(other)
    finish(phase)

    assert of(ours, "Structure").status == "due"
    assert of(waiting, "Structure").status == "scheduled"
    assert not Notification.objects.filter(user=waiting.customer, type="instalment_due").exists()


@pytest.mark.capability("R14")
def test_a_phase_that_was_completed_before_is_due_at_the_confirmation():
    development, phase = by_phase()
    finish(phase)

    booking = booked(development)

    line = of(booking, "Structure")
    phase.refresh_from_db()
    assert line.status == "due"
    assert line.evidence["completed_at"] == phase.actual_end.isoformat()
    assert len(line.evidence["files"]) == 1


@pytest.mark.capability("R14")
def test_a_finished_development_makes_the_last_line_due():
    development, _ = by_phase(under_construction=True)
    booking = booked(development)

    advance_development(
        development=development, actor=member_of(development.builder, "owner"), target="ready"
    )

    assert of(booking, "Handover").status == "due"
    assert of(booking, "Structure").status == "scheduled"


@pytest.mark.capability("R13")
def test_a_date_makes_a_line_due_on_that_day_where_the_development_stands():
    today = database_now().astimezone(zone_of("Asia/Dubai")).date()
    booking = booked(dated(today + timedelta(days=1)))

    catch_up()
    before = of(booking, "Dated")
    Instalment.objects.filter(pk=before.pk).update(due_date=today)
    catch_up()
    after = of(booking, "Dated")
    catch_up()

    assert (before.status, before.due_at) == ("scheduled", None)
    assert (after.status, after.due_date) == ("due", today)
    assert Notification.objects.filter(type="instalment_due").count() == 1


@pytest.mark.capability("R13")
def test_a_date_that_was_over_before_the_booking_is_due_on_the_day_of_the_confirmation():
    booking = booked(dated(database_now().date() - timedelta(days=30)))

    line = of(booking, "Dated")

    assert line.status == "due"
    assert line.due_date == local_day(booking.development, booking.confirmed_at)


@pytest.mark.capability("R14")
def test_what_was_paid_ahead_is_not_demanded_again():
    development, phase = by_phase()
    in_full, in_part = booked(development), booked(development)
    pay_in(of(in_full, "Structure"))
    pay_in(of(in_part, "Structure"), "100000.00")

    finish(phase)

    paid, partly = of(in_full, "Structure"), of(in_part, "Structure")
    assert (paid.status, paid.due_at) == ("paid", None)
    assert partly.status == "partially_paid"
    assert partly.due_at is not None
    (notice,) = Notification.objects.filter(type="instalment_due")
    assert (notice.user, notice.data["amount"]) == (in_part.customer, "200,000.00 AED")


@pytest.mark.capability("R14")
def test_what_a_completion_missed_is_found_by_the_job():
    development, phase = by_phase()
    booking = booked(development)
    ProgressPhase.objects.filter(pk=phase.pk).update(
        status="completed", percent=100, actual_end=database_now().date()
    )

    make_instalments_due()
    again = catch_up()

    assert of(booking, "Structure").status == "due"
    assert again == 0
