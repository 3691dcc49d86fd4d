"""Units that contradict their bookings and waiting lists are found, and put right on request."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent
from bookings.services.integrity import check_units
from bookings.tests.factories.homes import BookingFactory, WaitlistEntryFactory, lapse
from catalog.models import Unit
from catalog.tests.factories.homes import UnitFactory

pytestmark = pytest.mark.django_db


def state(unit):
    unit.refresh_from_db()
    return unit.status, unit.claimed_until, unit.waiting_count


@pytest.mark.capability("R06", "R12", "R20")
def test_what_the_services_write_agrees():
    for trait in ("held", "pending_payment", "confirmed", "contracted"):
        WaitlistEntryFactory(unit=BookingFactory(**{trait: True}).unit)
    UnitFactory(blocked=True)
    lapse(BookingFactory())

    report = check_units()

    assert report.units == Unit.objects.count() == 6
    assert report.problems == 0


@pytest.mark.capability("R12")
def test_what_contradicts_the_bookings_is_found_and_put_right():
    held, sold = BookingFactory(), BookingFactory(contracted=True)
    free, crowded = UnitFactory(), WaitlistEntryFactory().unit
    right = {unit: state(unit) for unit in (held.unit, sold.unit, free, crowded)}
    Unit.objects.filter(pk=held.unit_id).update(status="available", claimed_until=None)
    Unit.objects.filter(pk=sold.unit_id).update(status="reserved")
    Unit.objects.filter(pk=free.pk).update(status="sold")
    Unit.objects.filter(pk=crowded.pk).update(waiting_count=7)

    assert check_units().problems == 4
    assert state(free)[0] == "sold"
    assert check_units(repair=True).problems == 4

    assert check_units().problems == 0
    assert {unit: state(unit) for unit in right} == right
    assert next(event.action for event in AuditEvent.objects.about(free)) == "catalog.unit.mended"


def test_the_command_says_so_and_ends_with_an_error():
    unit = UnitFactory()
    Unit.objects.filter(pk=unit.pk).update(status="sold")
    said = StringIO()

    with pytest.raises(CommandError, match=r"^1 rows do not fit\. Run it with --fix"):
        call_command("check_integrity", stdout=said, stderr=StringIO())
    call_command("check_integrity", "--fix", stdout=said, stderr=StringIO())

    assert "1 units looked at; 1 whose state contradicts" in said.getvalue()
    assert "Left after the repair: 1 units looked at; 0 whose state" in said.getvalue()
    assert state(unit)[0] == "available"


def test_units_are_walked_in_pieces(monkeypatch):
    monkeypatch.setattr("bookings.services.integrity.BATCH", 2)
    first = UnitFactory()
    for _ in range(4):
        UnitFactory(development=first.development)
    seen = []

    assert check_units(progress=seen.append).units == 5
    assert seen == [2, 2, 1]
