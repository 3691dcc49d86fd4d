"""Waivers: two of the builder's finance people, never the customer, never the deposit."""

import pytest

from accounts.groups import FINANCE
from accounts.tests.factories.organizations import (
    MembershipFactory,
    OrganizationFactory,
    owner_of,
    staff_in,
)
from accounts.tests.factories.people import UserFactory
from bookings.plan_exceptions import DepositNotWaivableError, OwnDebtError, SecondPersonError
from bookings.services.plans import cancel_instalments
from bookings.services.waivers import waive_instalment
from bookings.tests.owing import booked, of, owed, pay_in
from catalog.tests.factories.homes import member_of
from config.shared.errors import (
    ConflictError,
    InvalidInputError,
    InvalidTransitionError,
    NotAllowedError,
)
from messaging.models import Notification

pytestmark = pytest.mark.django_db


def waive(line, actor, reason="Goodwill"):
    waive_instalment(instalment=line, actor=actor, reason=reason)
    line.refresh_from_db()
    return line


def unasked(line):
    line.refresh_from_db()
    return line.waiver_asked_by is None and line.status != "waived"


@pytest.mark.capability("R15")
def test_one_asks_and_another_agrees():
    line = owed()
    owner, finance = owner_of(line.booking.builder), member_of(line.booking.builder, "finance")

    waive(line, finance)
    asked = (line.status, line.waiver_asked_by, line.waiver_reason)
    waive(line, owner, reason="")

    assert asked == ("due", finance, "Goodwill")
    assert (line.status, line.waived_by) == ("waived", owner)
    assert Notification.objects.get(type="waiver_asked").user == owner
    notice = Notification.objects.get(type="instalment_waived")
    assert (notice.user, notice.data["amount"]) == (line.booking.customer, "300,000.00 AED")


@pytest.mark.capability("R15")
def test_who_asked_does_not_agree():
    line = owed()
    finance = member_of(line.booking.builder, "finance")
    waive(line, finance)

    with pytest.raises(SecondPersonError):
        waive(line, finance)

    line.refresh_from_db()
    assert line.status == "due"


@pytest.mark.capability("R15")
def test_neither_the_customer_nor_strangers_waive():
    line = owed()
    builder, customer = line.booking.builder, line.booking.customer
    elsewhere = OrganizationFactory(builder=True, verified=True)
    MembershipFactory(organization=builder, role="finance", user=customer)

    with pytest.raises(OwnDebtError):
        waive(line, customer)
    for person in (
        member_of(builder, "sales"),
        member_of(builder, "site"),
        owner_of(elsewhere),
        UserFactory(),
        UserFactory(staff=True),
    ):
        with pytest.raises(NotAllowedError):
            waive(line, person)

    assert unasked(line)


@pytest.mark.capability("R15")
def test_staff_for_money_may_be_the_second_person():
    line = owed()
    waive(line, member_of(line.booking.builder, "finance"))
    staff = staff_in(FINANCE)

    waive(line, staff)

    assert (line.status, line.waived_by) == ("waived", staff)


@pytest.mark.capability("R15")
def test_deposits_and_what_is_settled_stay_as_they_are():
    line = owed()
    finance = member_of(line.booking.builder, "finance")
    deposit = of(booked(line.booking.development, state="pending_payment"), "Deposit")
    unsold = of(deposit.booking, "Handover")
    pay_in(line)

    with pytest.raises(DepositNotWaivableError):
        waive(deposit, finance)
    with pytest.raises(InvalidTransitionError):
        waive(line, finance)
    with pytest.raises(ConflictError):
        waive(unsold, finance)
    with pytest.raises(InvalidInputError):
        waive(of(line.booking, "Handover"), finance, reason=" ")

    assert unasked(deposit)
    assert unasked(unsold)
    assert of(line.booking, "Structure").status == "paid"


@pytest.mark.capability("R15", "R18")
def test_a_waived_instalment_stays_waived_when_the_booking_is_cancelled():
    line = owed()
    booking = line.booking
    waive(line, owner_of(booking.builder))
    waive(line, member_of(booking.builder, "finance"))

    cancelled = cancel_instalments(booking=booking, actor=None)

    assert [row.label for row in cancelled] == ["After 60 days", "Handover"]
    assert [of(booking, label).status for label in ("Deposit", "Structure", "Handover")] == [
        "paid",
        "waived",
        "cancelled",
    ]
