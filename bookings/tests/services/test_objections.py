"""Objections: who may make and answer them, and what they do to dates and fees."""

from datetime import timedelta

import pytest

from accounts.models import AuditEvent
from accounts.tests.factories.organizations import (
    MembershipFactory,
    OrganizationFactory,
    owner_of,
)
from accounts.tests.factories.people import UserFactory
from bookings.plan_exceptions import (
    NoObjectionError,
    NotOwedError,
    ObjectionOpenError,
    OwnDebtError,
)
from bookings.services.late_fees import judge
from bookings.services.local_days import local_day
from bookings.services.objections import object_to_instalment, resolve_objection
from bookings.tests.owing import days_later, of, owed, pay_in
from catalog.tests.factories.homes import member_of
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError, NotAllowedError
from messaging.models import Notification

pytestmark = pytest.mark.django_db

TEXT = "The photographs show another floor."


def objected(line):
    object_to_instalment(instalment=line, customer=line.booking.customer, text=TEXT)
    line.refresh_from_db()
    return line


def answered(line, outcome, actor=None):
    finance = actor or member_of(line.booking.builder, "finance")
    resolve_objection(instalment=line, actor=finance, answer="See the new photos.", outcome=outcome)
    line.refresh_from_db()
    return line


def unchanged(line):
    before = (line.status, line.objection, line.objected_at, line.objection_answer)
    line.refresh_from_db()
    return before == (line.status, line.objection, line.objected_at, line.objection_answer)


@pytest.mark.capability("R15")
def test_an_objection_makes_what_was_overdue_merely_due():
    line = days_later(owed(), 6)
    line = judge(instalment=line)
    finance = member_of(line.booking.builder, "finance")

    objected(line)

    assert (line.status, line.objection) == ("due", TEXT)
    assert line.late_fee == 3000
    notice = Notification.objects.get(user=finance, type="objection_made")
    assert notice.data["reason"] == TEXT
    assert AuditEvent.objects.filter(action="bookings.instalment.objected").count() == 1


@pytest.mark.capability("R15")
def test_what_was_overdue_and_paid_in_part_is_partially_paid_again():
    line = days_later(owed(), 6)
    line = judge(instalment=line)
    pay_in(line, "1000.00")

    objected(line)

    assert line.status == "partially_paid"


@pytest.mark.capability("R15")
def test_only_the_customer_objects_to_what_is_owed():
    line = owed()
    waiting = of(line.booking, "Handover")
    paid = of(line.booking, "Deposit")
    customer, builder = line.booking.customer, owner_of(line.booking.builder)

    for person in (builder, UserFactory()):
        with pytest.raises(NotAllowedError):
            object_to_instalment(instalment=line, customer=person, text=TEXT)
    for other in (waiting, paid):
        with pytest.raises(NotOwedError):
            object_to_instalment(instalment=other, customer=customer, text=TEXT)
    for words in ("  ", "x" * 1001):
        with pytest.raises(InvalidInputError):
            object_to_instalment(instalment=line, customer=customer, text=words)

    assert unchanged(line)
    assert unchanged(waiting)


@pytest.mark.capability("R15")
def test_one_objection_at_a_time_and_another_after_the_answer():
    line = objected(owed())

    with pytest.raises(ObjectionOpenError):
        objected(line)
    answered(line, "dismissed")
    objected(line)

    assert line.objection_resolved_at is None
    assert line.objection_outcome == ""


@pytest.mark.capability("R15")
def test_the_days_of_a_dismissed_objection_do_not_count():
    line = objected(days_later(owed(), 4))
    line = days_later(line, 10)
    before = line.due_date

    answered(line, "dismissed")
    judge(instalment=line)

    line.refresh_from_db()
    assert line.due_date == before + timedelta(days=10)
    assert (line.status, line.late_fee) == ("due", 0)
    assert (line.objection_outcome, line.objection_answer) == ("dismissed", "See the new photos.")
    notice = Notification.objects.get(user=line.booking.customer, type="objection_answered")
    assert notice.data["outcome"] == "dismissed"


@pytest.mark.capability("R15")
def test_an_upheld_objection_takes_fees_back_and_begins_the_time_anew():
    line = days_later(owed(), 6)
    line = objected(judge(instalment=line))

    answered(line, "upheld")

    assert line.due_date == local_day(line.booking.development, database_now())
    assert (line.status, line.late_fee, line.late_fee_periods) == ("due", 0, 0)
    event = AuditEvent.objects.get(action="bookings.instalment.objection_upheld")
    assert event.before == {"late_fee": "3000.000"}


@pytest.mark.capability("R15")
def test_a_fee_that_was_paid_in_part_is_taken_back_as_far_as_it_was_not():
    line = days_later(owed(), 6)
    line = judge(instalment=line)
    pay_in(line, "301000.00")
    line = objected(line)

    answered(line, "upheld")

    assert (line.late_fee, line.status) == (1000, "paid")


@pytest.mark.capability("R15")
def test_the_builders_finance_and_staff_answer_and_nobody_else():
    line = objected(owed())
    builder = line.booking.builder
    elsewhere = OrganizationFactory(builder=True, verified=True)

    for person in (
        member_of(builder, "sales"),
        member_of(builder, "site"),
        owner_of(elsewhere),
        UserFactory(),
        UserFactory(staff=True),
    ):
        with pytest.raises(NotAllowedError):
            answered(line, "dismissed", person)
    with pytest.raises(OwnDebtError):
        answered(line, "upheld", line.booking.customer)
    with pytest.raises(InvalidInputError):
        answered(line, "maybe")

    assert unchanged(line)
    assert answered(line, "dismissed", owner_of(builder)).objection_resolved_by == owner_of(builder)


@pytest.mark.capability("R15")
def test_a_customer_who_works_for_the_builder_does_not_answer_themselves():
    line = objected(owed())
    MembershipFactory(organization=line.booking.builder, role="finance", user=line.booking.customer)

    with pytest.raises(OwnDebtError):
        answered(line, "upheld", line.booking.customer)

    assert unchanged(line)


@pytest.mark.capability("R15")
def test_what_nobody_objected_to_cannot_be_answered():
    line = owed()

    with pytest.raises(NoObjectionError):
        answered(line, "dismissed")
    answered(objected(line), "dismissed")
    with pytest.raises(NoObjectionError):
        answered(line, "upheld")

    assert line.objection_outcome == "dismissed"
