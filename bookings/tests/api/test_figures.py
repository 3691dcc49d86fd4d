"""A development in figures: what everybody sees, and what only its builder does."""

from decimal import Decimal

import pytest

from accounts.groups import SUPPORT
from accounts.tests.clients import client_of
from accounts.tests.factories.organizations import OrganizationFactory, owner_of, staff_in
from accounts.tests.factories.people import UserFactory
from bookings.services.late_fees import judge
from bookings.tests.factories.homes import BookingFactory, lapse
from bookings.tests.owing import booked, by_phase, days_later, finish, of, pay_in
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory, member_of

pytestmark = pytest.mark.django_db


def page(development):
    return f"/api/v1/developments/{development.pk}/summary/"


@pytest.mark.capability("R38")
def test_the_builder_sees_units_bookings_and_money():
    development, phase = by_phase()
    UnitFactory(development=development, price=Decimal("2000000.00"))
    UnitFactory(development=development, blocked=True)
    lapsed = BookingFactory(unit=UnitFactory(development=development))
    BookingFactory(unit=UnitFactory(development=development), held=True)
    late, prompt = booked(development), booked(development)
    lapse(lapsed)
    finish(phase)
    pay_in(of(prompt, "Structure"), "100000.00")
    days_later(of(late, "Structure"), 6)

    answer = client_of(member_of(development.builder, "finance")).get(page(development))

    assert answer.status_code == 200
    assert answer.data["total_units"] == 6
    assert answer.data["units"] == {
        "available": 2,
        "held": 1,
        "reserved": 2,
        "sold": 0,
        "handed_over": 0,
        "blocked": 1,
    }
    assert answer.data["percent_built"] == "100.00"
    assert answer.data["bookings"]["confirmed"] == 2
    assert (answer.data["bookings"]["held"], answer.data["bookings"]["expired"]) == (1, 1)
    assert answer.data["money"] == {
        "currency": "AED",
        "value_all": "7000000.00",
        "value_available": "3000000.00",
        "value_sold": "2000000.00",
        "collected": "300000.00",
        "due": "500000.00",
        "overdue": "300000.00",
    }


@pytest.mark.capability("R15", "R38")
def test_late_fees_and_objections_count():
    development, phase = by_phase()
    booking = booked(development)
    finish(phase)
    line = days_later(of(booking, "Structure"), 6)
    judge(instalment=line)
    client = client_of(owner_of(development.builder))

    before = client.get(page(development)).data["money"]
    client_of(booking.customer).post(f"/api/v1/instalments/{line.pk}/object/", {"text": "No."})
    after = client.get(page(development)).data["money"]

    assert (before["due"], before["overdue"]) == ("303000.00", "303000.00")
    assert (after["due"], after["overdue"]) == ("303000.00", "0.00")


@pytest.mark.capability("R38")
def test_others_see_counts_only_and_staff_everything(api):
    development, _ = by_phase()
    booking = booked(development)
    elsewhere = owner_of(OrganizationFactory(builder=True, verified=True))
    others = [client_of(user) for user in (booking.customer, elsewhere, UserFactory())]
    others.append(client_of(member_of(development.builder, "member")))

    for client in (api, *others):
        answer = client.get(page(development))
        assert (answer.status_code, answer.data["total_units"]) == (200, 1)
        assert (answer.data["bookings"], answer.data["money"]) == (None, None)
    staff = client_of(staff_in(SUPPORT)).get(page(development))
    assert staff.data["money"]["value_sold"] == "1000000.00"


@pytest.mark.capability("R38")
def test_what_is_not_public_is_not_summed_up_for_strangers(api):
    development = DevelopmentFactory(planning=True)

    answers = [api.get(page(development)), client_of(UserFactory()).get(page(development))]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert client_of(owner_of(development.builder)).get(page(development)).status_code == 200


@pytest.mark.capability("R38")
def test_an_empty_development_has_zeros():
    development = DevelopmentFactory()

    found = client_of(owner_of(development.builder)).get(page(development)).data

    assert (found["total_units"], found["percent_built"]) == (0, "0.00")
    assert set(found["money"].values()) == {"AED", "0.00"}


@pytest.mark.capability("R38")
def test_the_summary_costs_the_same_however_large_it_is(assert_constant_queries):
    development, _ = by_phase()
    client = client_of(owner_of(development.builder))

    assert_constant_queries(
        lambda: client.get(f"/api/v1/developments/{development.pk}/summary/"),
        lambda: booked(development),
        times=2,
    )
