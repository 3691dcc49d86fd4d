"""Contracts, transfers and handovers in the API: who may, what is refused, what is repeated."""

import pytest

from accounts.models import Residency
from accounts.tests.clients import client_of
from accounts.tests.factories.buildings import BuildingFactory
from accounts.tests.factories.people import UserFactory
from bookings.tests.deals import (
    confirmed_booking,
    contracted_booking,
    fresh,
    home_to_hand_over,
    leader_of,
    paper_of,
    seller_of,
    site_worker_of,
)
from catalog.models import Unit
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory, member_of

pytestmark = pytest.mark.django_db


def page(booking, verb=""):
    return f"/api/v1/bookings/{booking.pk}/{verb}"


def post(user, path, body=None, key="once"):
    return client_of(user).post(path, body or {}, HTTP_IDEMPOTENCY_KEY=key)


@pytest.mark.capability("R12")
def test_a_contract_is_attached_once_however_often_it_is_sent():
    booking = confirmed_booking()
    seller = seller_of(booking)
    body = {"document": str(paper_of(seller).pk)}

    first = post(seller, page(booking, "contract/"), body)
    again = post(seller, page(booking, "contract/"), body)
    other = post(seller, page(booking, "contract/"), body, key="twice")

    assert (first.status_code, first.data["status"]) == (200, "contracted")
    assert first.data["contract"] == body["document"]
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (200, "true")
    assert (other.status_code, other.data["current"]) == (409, "contracted")


@pytest.mark.capability("R12")
def test_a_contract_is_not_for_customers_and_a_mystery_to_strangers():
    booking = confirmed_booking()
    people = {booking.customer: 403, member_of(booking.builder, "finance"): 403, UserFactory(): 404}

    for person, status in people.items():
        body = {"document": str(paper_of(person).pk)}
        assert post(person, page(booking, "contract/"), body).status_code == status

    assert fresh(booking).status == "confirmed"


@pytest.mark.capability("R12", "R35")
def test_a_document_that_is_no_contract_is_refused_where_it_stands():
    booking = confirmed_booking()
    seller = seller_of(booking)

    foreign = post(
        seller, page(booking, "contract/"), {"document": str(paper_of(UserFactory()).pk)}
    )
    picture = post(
        seller,
        page(booking, "contract/"),
        {"document": str(paper_of(seller, kind="image").pk)},
        key="picture",
    )
    nothing = post(seller, page(booking, "contract/"), key="nothing")

    for refused in (foreign, picture, nothing):
        assert refused.status_code == 400
        assert refused.data["errors"][0]["pointer"] == "/document"
    assert fresh(booking).status == "confirmed"


@pytest.mark.capability("R16", "R37")
@pytest.mark.parametrize("verb", ["contract", "transfer", "complete"])
def test_what_binds_people_needs_a_key(verb):
    booking = confirmed_booking()

    answer = client_of(booking.customer).post(page(booking, f"{verb}/"), {})

    assert (answer.status_code, answer.data["code"]) == (400, "idempotency_key_required")


@pytest.mark.capability("R18")
def test_what_a_cancellation_costs_is_seen_before():
    booking = confirmed_booking()

    mine = client_of(booking.customer).get(page(booking, "cancellation-terms/"))
    theirs = client_of(leader_of(booking)).get(page(booking, "cancellation-terms/"))
    nobodys = client_of(UserFactory()).get(page(booking, "cancellation-terms/"))

    assert mine.data == {
        "stage": "confirmed",
        "currency": "AED",
        "paid_amount": "100000.00",
        "kept_percent": "5.00",
        "kept_of": "price",
        "kept_amount": "50000.00",
        "refund_amount": "50000.00",
        "needs_second_person": True,
    }
    assert theirs.data == mine.data
    assert nobodys.status_code == 404


@pytest.mark.capability("R37")
def test_from_the_contract_to_the_keys():
    booking = home_to_hand_over(BuildingFactory(name="Tower One"), block="A", number="1204")
    note = {"note": "Two keys"}

    half = post(booking.customer, page(booking, "complete/"), note)
    whole = post(site_worker_of(booking), page(booking, "complete/"), {})
    again = post(site_worker_of(booking), page(booking, "complete/"), {})

    assert (half.status_code, half.data["status"]) == (200, "contracted")
    assert half.data["handover_customer_note"] == "Two keys"
    assert (whole.status_code, whole.data["status"]) == (200, "completed")
    assert again.headers["Idempotent-Replayed"] == "true"
    (home,) = client_of(booking.customer).get("/api/v1/residencies/").data["results"]
    assert (home["unit_label"], home["status"], home["method"]) == ("A-1204", "verified", "booking")
    assert home["building"]["name"] == "Tower One"
    assert Residency.objects.count() == 1


@pytest.mark.capability("R37")
def test_a_home_is_not_handed_over_before_the_development_is_ready():
    building = BuildingFactory()
    unit = UnitFactory(development=DevelopmentFactory(buildings=[building]), building=building)
    booking = contracted_booking(unit)

    answer = post(booking.customer, page(booking, "complete/"))

    assert (answer.status_code, answer.data["code"]) == (409, "not_ready")
    assert fresh(booking).handover_customer_at is None


@pytest.mark.capability("R37")
def test_a_home_without_a_building_is_not_handed_over():
    booking = home_to_hand_over()
    Unit.objects.filter(pk=booking.unit_id).update(building=None)
    development = booking.development
    development.buildings.add(BuildingFactory())

    several = post(booking.customer, page(booking, "complete/"))
    development.buildings.clear()
    none = post(booking.customer, page(booking, "complete/"), key="none")
    development.buildings.add(BuildingFactory())
    one = post(booking.customer, page(booking, "complete/"), key="one")

    for refused in (several, none):
        assert (refused.status_code, refused.data["code"]) == (409, "building_missing")
    assert one.status_code == 200


@pytest.mark.capability("R37")
def test_what_is_owed_is_paid_before_the_handover():
    building = BuildingFactory()
    unit = UnitFactory(
        development=DevelopmentFactory(ready=True, buildings=[building]), building=building
    )
    booking = contracted_booking(unit)

    answer = post(site_worker_of(booking), page(booking, "complete/"))

    assert (answer.status_code, answer.data["code"]) == (409, "unpaid")
    assert (answer.data["outstanding"], answer.data["currency"]) == ("900000.00", "AED")
    assert fresh(booking).handover_builder_at is None


@pytest.mark.capability("R37")
def test_signing_is_for_the_customer_and_the_site():
    booking = home_to_hand_over()

    by_sales = post(seller_of(booking), page(booking, "complete/"))
    by_nobody = post(UserFactory(), page(booking, "complete/"))
    first = post(booking.customer, page(booking, "complete/"))
    second = post(booking.customer, page(booking, "complete/"), key="again")

    assert (by_sales.status_code, by_nobody.status_code) == (403, 404)
    assert first.status_code == 200
    assert (second.status_code, second.data["code"]) == (409, "signed_already")
    assert fresh(booking).status == "contracted"


def test_a_note_has_an_end():
    booking = home_to_hand_over()

    answer = post(booking.customer, page(booking, "complete/"), {"note": "x" * 1001})

    assert answer.data["errors"][0]["pointer"] == "/note"
    assert fresh(booking).handover_customer_at is None
