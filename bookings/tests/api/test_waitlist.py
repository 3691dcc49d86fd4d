"""Waiting lists and claims in the API."""

from uuid import uuid4

import pytest

from accounts.tests.clients import client_of
from accounts.tests.factories.organizations import site_administrator
from accounts.tests.factories.people import UserFactory
from bookings.models import WaitlistEntry
from bookings.services.checkout import release_booking
from bookings.tests.factories.homes import BookingFactory, WaitlistEntryFactory, lapse_offer
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory, member_of

pytestmark = pytest.mark.django_db

MINE = "/api/v1/waitlist/"


def list_of(unit):
    return f"/api/v1/units/{unit.pk}/waitlist/"


def claims_of(unit):
    return f"/api/v1/units/{unit.pk}/claims/"


@pytest.mark.capability("R20")
def test_from_the_end_of_the_list_to_the_hold():
    hold = BookingFactory()
    first = WaitlistEntryFactory(unit=hold.unit)
    second = UserFactory()
    client = client_of(second)

    joined = client.post(list_of(hold.unit))
    (mine,) = client.get(MINE).data["results"]
    release_booking(booking=hold, actor=hold.customer)
    left = client_of(first.customer).delete(list_of(hold.unit))
    (offered,) = client.get(f"{MINE}?status=offered").data["results"]
    taken = client.post("/api/v1/bookings/", {"unit": str(hold.unit_id)}, HTTP_IDEMPOTENCY_KEY="k")
    (done,) = client.get(MINE).data["results"]

    assert (joined.status_code, joined.data["position"], joined.data["ahead"]) == (201, 2, 1)
    assert (mine["status"], mine["ahead"], mine["unit"]["number"]) == (
        "waiting",
        1,
        hold.unit.number,
    )
    assert (left.status_code, offered["ahead"]) == (204, 0)
    assert (taken.status_code, taken.data["waitlist_position"]) == (201, 2)
    assert (done["status"], done["ahead"], done["booking"]) == ("held", None, taken.data["id"])


@pytest.mark.capability("R20")
def test_an_offer_that_lapsed_reads_as_lapsed_before_any_job_ran():
    hold = BookingFactory()
    entry = WaitlistEntryFactory(unit=hold.unit)
    release_booking(booking=hold, actor=hold.customer)
    lapse_offer(hold.unit)

    (mine,) = client_of(entry.customer).get(MINE).data["results"]

    entry.refresh_from_db()
    assert (entry.status, mine["status"], mine["ahead"]) == ("offered", "lapsed", None)


@pytest.mark.capability("R20")
def test_who_need_not_wait_is_told_why(api):
    hold = BookingFactory()
    entry = WaitlistEntryFactory(unit=hold.unit)
    free = UnitFactory()

    answers = [
        client_of(hold.customer).post(list_of(hold.unit)),
        client_of(entry.customer).post(list_of(hold.unit)),
        client_of(entry.customer).post(list_of(free)),
        client_of(UserFactory()).post(list_of(UnitFactory(blocked=True))),
    ]

    assert [(answer.status_code, answer.data["code"]) for answer in answers] == [
        (409, "holding_already"),
        (409, "waiting_already"),
        (409, "unit_available"),
        (409, "unit_blocked"),
    ]
    assert client_of(UserFactory()).delete(list_of(hold.unit)).status_code == 404
    assert api.post(list_of(hold.unit)).status_code == 401
    assert WaitlistEntry.objects.count() == 1


@pytest.mark.capability("R20")
def test_only_those_who_sell_see_who_waits():
    hold = BookingFactory()
    entry = WaitlistEntryFactory(unit=hold.unit)
    readers = [member_of(hold.builder, "sales"), site_administrator()]
    others = [
        entry.customer,
        hold.customer,
        member_of(hold.builder, "site"),
        member_of(DevelopmentFactory().builder, "owner"),
    ]

    for reader in readers:
        (row,) = client_of(reader).get(list_of(hold.unit)).data["results"]
        assert row["customer"]["id"] == str(entry.customer_id)
    for other in others:
        assert client_of(other).get(list_of(hold.unit)).status_code == 403


@pytest.mark.capability("R20")
def test_units_that_nobody_sees_have_no_lists():
    unit = UnitFactory(development=DevelopmentFactory(planning=True))
    client = client_of(UserFactory())

    answers = [
        client.get(list_of(unit)),
        client.post(list_of(unit)),
        client.delete(list_of(unit)),
        client.get(claims_of(unit)),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4


@pytest.mark.capability("R06")
def test_everybody_reads_what_came_of_their_own_claims():
    hold = BookingFactory()
    loser, later = client_of(UserFactory()), client_of(UserFactory())
    for key, client in (("a", loser), ("b", later), ("c", loser)):
        client.post("/api/v1/bookings/", {"unit": str(hold.unit_id)}, HTTP_IDEMPOTENCY_KEY=key)
    release_booking(booking=hold, actor=hold.customer)

    def claims(client):
        return [
            (row["outcome"], row["reason"], row["place"])
            for row in client.get(claims_of(hold.unit)).data["results"]
        ]

    assert claims(loser) == [("lost", "already_claimed", 2)] * 2
    assert claims(later) == [("lost", "already_claimed", 3)]
    assert sorted(claims(client_of(hold.customer))) == [("released", "", None), ("won", "", None)]
    assert claims(client_of(UserFactory())) == []


@pytest.mark.capability("R20")
def test_the_waiting_list_of_a_unit_costs_the_same_however_long_it_is(assert_constant_queries):
    unit = BookingFactory().unit
    client = client_of(member_of(unit.development.builder, "sales"))

    assert_constant_queries(
        lambda: client.get(f"/api/v1/units/{unit.pk}/waitlist/"),
        lambda: WaitlistEntryFactory(unit=unit),
    )


@pytest.mark.capability("R20")
def test_ones_own_waiting_lists_cost_the_same_however_many_there_are(assert_constant_queries):
    customer = UserFactory()
    client = client_of(customer)

    assert_constant_queries(
        lambda: client.get("/api/v1/waitlist/"), lambda: WaitlistEntryFactory(customer=customer)
    )


@pytest.mark.capability("R06")
def test_ones_claims_cost_the_same_however_many_there_are(assert_constant_queries):
    unit = BookingFactory().unit
    client = client_of(UserFactory())

    def ask():
        client.post("/api/v1/bookings/", {"unit": str(unit.pk)}, HTTP_IDEMPOTENCY_KEY=str(uuid4()))

    assert_constant_queries(lambda: client.get(f"/api/v1/units/{unit.pk}/claims/"), ask)
