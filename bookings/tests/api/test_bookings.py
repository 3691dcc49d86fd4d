"""Bookings in the API: holding, what is shown, what ends by itself, and who is refused."""

import pytest

from accounts.tests.clients import client_of
from accounts.tests.factories.people import UserFactory
from bookings.models import Booking, ClaimLog
from bookings.tests.factories.homes import BookingFactory, lapse
from catalog.models import Unit
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory, member_of

pytestmark = pytest.mark.django_db

LIST = "/api/v1/bookings/"


def page(booking):
    return f"{LIST}{booking.pk}/"


def hold(client, unit, key="first", /, **body):
    return client.post(LIST, {"unit": str(unit.pk), **body}, HTTP_IDEMPOTENCY_KEY=key)


@pytest.mark.capability("R06", "R07", "R11")
def test_a_hold_shows_its_end_and_the_time_of_the_server():
    customer, unit = UserFactory(), UnitFactory()

    made = hold(client_of(customer), unit, notes="Corner, please")

    assert made.status_code == 201
    assert (made.data["status"], made.data["notes"]) == ("held", "Corner, please")
    assert made.data["expires_at"] == made.data["held_until"] > made.data["server_time"]
    assert made.data["customer"]["id"] == str(customer.pk)
    assert (made.data["price"], made.data["currency"]) == ("1000000.00", "AED")
    assert made.data["deposit_amount"] == "100000.00"
    assert made.data["plan"]["lines"][0]["due"] == {"rule": "deposit"}
    assert made.data["reference"].startswith("BK-20")
    assert made.headers["ETag"]


@pytest.mark.capability("R06")
def test_whoever_comes_second_learns_how_things_stand_and_not_who_was_first():
    booking = BookingFactory()
    loser = UserFactory()

    answer = hold(client_of(loser), booking.unit)

    said = answer.json()
    assert (answer.status_code, said["code"]) == (409, "already_claimed")
    assert (said["unit"], said["current"]) == (str(booking.unit_id), "held")
    assert said["free_at"].startswith(f"{booking.held_until:%Y-%m-%dT%H:%M:%S}")
    assert (said["waiting_count"], said["your_place"]) == (0, 2)
    assert str(booking.customer_id) not in answer.content.decode()
    assert booking.customer.full_name not in answer.content.decode()
    lost = ClaimLog.objects.get(who=loser)
    assert (lost.outcome, lost.reason) == ("lost", "already_claimed")


@pytest.mark.capability("R06")
def test_a_repeated_request_makes_one_booking():
    client, unit = client_of(UserFactory()), UnitFactory()

    first, again = hold(client, unit, "a-key"), hold(client, unit, "a-key")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.data["id"] == str(first.data["id"])
    assert Booking.objects.count() == 1


def test_a_hold_without_a_key_is_refused():
    answer = client_of(UserFactory()).post(LIST, {"unit": str(UnitFactory().pk)})

    assert (answer.status_code, answer.data["code"]) == (400, "idempotency_key_required")
    assert Booking.objects.count() == 0


@pytest.mark.capability("R10")
def test_the_limit_of_holds_is_a_429_that_says_when_the_next_one_ends():
    development, customer = DevelopmentFactory(), UserFactory()
    client = client_of(customer)
    units = [UnitFactory(development=development) for _ in range(3)]
    for number, unit in enumerate(units[:2]):
        assert hold(client, unit, f"hold-{number}").status_code == 201

    refused = hold(client, units[2], "one-more")

    assert (refused.status_code, refused.data["code"]) == (429, "hold_limit_reached")
    assert refused.json()["limit"] == 2
    assert 0 < int(refused.headers["Retry-After"]) <= 900
    assert Unit.objects.get(pk=units[2].pk).status == "available"
    lapse(*Booking.objects.all())
    assert hold(client, units[2], "one-more").status_code == 201


@pytest.mark.capability("R11")
def test_only_sales_of_that_builder_hold_for_a_named_customer():
    unit, customer = UnitFactory(), UserFactory()
    body = {"customer": str(customer.pk)}
    agent = member_of(unit.development.builder, "sales")

    refused = hold(client_of(member_of(DevelopmentFactory().builder, "sales")), unit, **body)
    made = hold(client_of(agent), unit, **body)

    assert (refused.status_code, refused.data["code"]) == (403, "not_allowed")
    assert made.status_code == 201
    assert made.data["customer"]["id"] == str(customer.pk)
    assert made.data["sales_agent"]["id"] == str(agent.pk)


@pytest.mark.capability("R11")
def test_whoever_has_verified_nothing_holds_nothing(api):
    unit = UnitFactory()

    assert hold(api, unit).status_code == 401
    assert hold(client_of(UserFactory(unverified=True)), unit).status_code == 403
    assert Booking.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"unit": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"}, "/unit"),
        ({"unit": "tower"}, "/unit"),
        ({}, "/unit"),
        ({"customer": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"}, "/customer"),
        ({"notes": "x" * 2001}, "/notes"),
        ({"notes": "a\x00b"}, "/notes"),
        ({"client_key": "k" * 81}, "/client_key"),
    ],
)
def test_what_cannot_be_held_is_refused_where_it_stands(body, pointer):
    unit = {"unit": str(UnitFactory().pk)} if body and "unit" not in body else {}

    answer = client_of(UserFactory()).post(LIST, {**unit, **body}, HTTP_IDEMPOTENCY_KEY="k")

    assert answer.status_code == 400
    assert answer.data["errors"][0]["pointer"] == pointer
    assert Booking.objects.count() == 0


@pytest.mark.capability("R07")
def test_a_lapsed_hold_reads_as_expired_everywhere_before_any_job_ran():
    booking = BookingFactory()
    lapse(booking)
    client = client_of(booking.customer)

    shown = client.get(page(booking)).data
    listed = client.get(f"{LIST}?status=expired").data["results"]

    booking.refresh_from_db()
    assert booking.status == "held"
    assert (shown["status"], shown["expires_at"]) == ("expired", None)
    assert [row["id"] for row in listed] == [str(booking.pk)]
    assert client.get(f"{LIST}?status=held").data["results"] == []


@pytest.mark.capability("R08", "R12")
def test_from_the_hold_to_the_deposit_and_out():
    booking = BookingFactory()
    client = client_of(booking.customer)

    extended = client.post(f"{page(booking)}extend/")
    waiting = client.post(f"{page(booking)}checkout/", HTTP_IDEMPOTENCY_KEY="k")
    ended = client.post(f"{page(booking)}cancel/", {"reason": "Too dear"})
    again = client.post(f"{page(booking)}release/")

    assert (extended.status_code, extended.data["extended_minutes"]) == (200, 15)
    assert (waiting.status_code, waiting.data["status"]) == (200, "pending_payment")
    assert waiting.data["expires_at"] == waiting.data["pay_until"]
    assert (ended.data["status"], ended.data["cancel_reason"]) == ("cancelled", "Too dear")
    assert (again.status_code, again.data["current"]) == (409, "cancelled")
    assert Unit.objects.get(pk=booking.unit_id).status == "available"


@pytest.mark.capability("R11", "R12")
def test_strangers_find_no_booking_and_move_none(api):
    booking = BookingFactory()
    strangers = [
        UserFactory(),
        BookingFactory().customer,
        member_of(DevelopmentFactory().builder, "sales"),
        member_of(booking.builder, "member"),
        UserFactory(staff=True),
    ]
    paths = [f"{page(booking)}{verb}/" for verb in ("extend", "release", "cancel", "checkout")]

    for path in paths:
        assert api.post(path, HTTP_IDEMPOTENCY_KEY="k").status_code == 401
    for stranger in strangers:
        client = client_of(stranger)
        answers = [
            client.get(page(booking)),
            client.patch(page(booking), {"notes": "Mine"}),
            *(client.post(path, HTTP_IDEMPOTENCY_KEY=path[-20:]) for path in paths),
            client.get(f"{LIST}customer/{booking.customer_id}/"),
        ]
        assert [answer.status_code for answer in answers] == [404] * 7

    booking.refresh_from_db()
    assert (booking.status, booking.notes, booking.extended_minutes) == ("held", "", 0)


@pytest.mark.capability("R11")
def test_colleagues_who_see_a_booking_but_do_not_sell_move_nothing():
    booking = BookingFactory()
    client = client_of(member_of(booking.builder, "finance"))

    answers = [
        client.patch(page(booking), {"notes": "Mine"}),
        *(
            client.post(f"{page(booking)}{verb}/", HTTP_IDEMPOTENCY_KEY=verb)
            for verb in ("extend", "release", "cancel", "checkout")
        ),
    ]

    assert client.get(page(booking)).status_code == 200
    assert [answer.status_code for answer in answers] == [403] * 5
    booking.refresh_from_db()
    assert (booking.status, booking.extended_minutes) == ("held", 0)


@pytest.mark.capability("R11")
def test_notes_change_and_nothing_else_does():
    booking = BookingFactory()
    client = client_of(booking.customer)
    seen = client.get(page(booking)).headers["ETag"]

    changed = client.patch(
        page(booking), {"notes": " Two keys ", "price": "1", "status": "confirmed"}
    )
    stale = client.patch(page(booking), {"notes": "Three"}, HTTP_IF_MATCH=seen)

    assert (changed.status_code, changed.data["notes"]) == (200, "Two keys")
    assert (changed.data["price"], changed.data["status"]) == ("1000000.00", "held")
    assert stale.status_code == 412
