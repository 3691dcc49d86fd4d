"""A phase that was not finished after all: what it had made due is demanded no longer."""

from decimal import Decimal

import pytest

from accounts.models import AuditEvent
from bookings.models import Instalment
from bookings.services.due import catch_up
from bookings.services.late_fees import judge, judge_all
from bookings.services.objections import object_to_instalment
from bookings.tests.owing import days_later, finish, of, owed, pay_in
from catalog.services.phases import reopen_phase
from catalog.tests.factories.construction import site_engineer
from messaging.models import Notification

pytestmark = pytest.mark.django_db

REASON = "Cracks in the roof slab."


def reopened(line):
    phase = line.phase
    reopen_phase(
        phase=phase,
        actor=site_engineer(phase.development),
        reason=REASON,
        percent=Decimal(95),
    )
    line.refresh_from_db()
    return line


@pytest.mark.capability("R14", "R15")
def test_an_overdue_instalment_is_paused_and_its_fees_are_taken_back():
    line = days_later(owed(), 40)
    judge(instalment=line)

    reopened(line)
    judge_all()
    catch_up()

    line.refresh_from_db()
    assert (line.status, line.due_at, line.due_date) == ("due", None, None)
    assert (line.late_fee, line.late_fee_periods, line.overdue_at) == (0, 0, None)
    assert line not in Instalment.objects.owed()
    assert line.evidence["withdrawn"]["reason"] == REASON
    assert line.evidence["files"]
    notice = Notification.objects.get(type="instalment_paused")
    assert (notice.user, notice.data["reason"]) == (line.booking.customer, REASON)
    assert AuditEvent.objects.filter(action="bookings.instalment.paused").count() == 1


@pytest.mark.capability("R14")
def test_what_is_completed_again_is_demanded_again_with_new_evidence():
    line = reopened(owed())
    before = line.evidence

    finish(line.phase)

    line.refresh_from_db()
    assert line.status == "due"
    assert line.due_at is not None
    assert line.evidence != before
    assert "withdrawn" not in line.evidence
    assert Notification.objects.filter(type="instalment_due").count() == 2


@pytest.mark.capability("R14")
def test_what_was_paid_stays_paid():
    line = owed()
    pay_in(line)

    reopened(line)

    assert line.status == "paid"
    assert line.due_at is not None
    assert not Notification.objects.filter(type="instalment_paused").exists()


@pytest.mark.capability("R14", "R15")
def test_an_open_objection_is_answered_by_the_correction():
    line = owed()
    object_to_instalment(instalment=line, customer=line.booking.customer, text="Not finished.")

    reopened(line)

    assert (line.objection_outcome, line.objection_answer) == ("upheld", REASON)
    assert line.objection_resolved_at is not None
    assert of(line.booking, "Structure").objection == "Not finished."


@pytest.mark.capability("R14", "R15")
def test_a_fee_that_was_paid_in_part_leaves_nothing_owed():
    line = days_later(owed(), 6)
    line = judge(instalment=line)
    pay_in(line, "301000.00")

    reopened(line)

    assert (line.status, line.late_fee) == ("paid", 1000)
