"""Many units at once in the API, and the stacking plan that shows them."""

from datetime import timedelta
from decimal import Decimal
from time import perf_counter

import pytest

from accounts.models import AuditEvent
from accounts.tests.clients import client_of
from accounts.tests.factories.organizations import OrganizationFactory, owner_of
from accounts.tests.factories.people import UserFactory
from catalog.choices import UnitStatus
from catalog.models import Unit
from catalog.services.unit_claims import shadow_unit
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory, member_of
from config.shared.clock import database_now

pytestmark = pytest.mark.django_db

TWO_BEDROOMS = {"unit_type": "apartment", "bedrooms": 2, "bathrooms": 2, "price": "1000000.00"}
STUDIO = {"unit_type": "studio", "price": "500000.00", "count": 2}


def bulk(development):
    return f"/api/v1/developments/{development.pk}/units/bulk/"


def order(**changes):
    return {
        "blocks": ["A", "B"],
        "floors": {"first": 11, "last": 14, "skip": [13]},
        "types": [TWO_BEDROOMS, STUDIO],
        "number_pattern": "{block}-{floor:02}{position:02d}",
        "price_step": {"percent": "0.5"},
        **changes,
    }


@pytest.fixture
def development():
    return DevelopmentFactory()


@pytest.fixture
def client(development):
    return client_of(owner_of(development.builder))


@pytest.mark.capability("R04")
def test_blocks_by_floors_by_types_become_units_whose_price_rises(development, client):
    response = client.post(bulk(development), order())

    assert response.status_code == 201
    assert (response.data["count"], response.data["dry_run"]) == (18, False)
    assert response.data["lowest_price"] == "500000.00"
    assert response.data["highest_price"] == "1010000.00"
    units = Unit.objects.filter(development=development, block="A").order_by("number")
    assert [(unit.number, unit.floor, unit.price) for unit in units] == [
        ("A-1101", 11, Decimal("1000000.000")),
        ("A-1102", 11, Decimal("500000.000")),
        ("A-1103", 11, Decimal("500000.000")),
        ("A-1201", 12, Decimal("1005000.000")),
        ("A-1202", 12, Decimal("502500.000")),
        ("A-1203", 12, Decimal("502500.000")),
        ("A-1401", 14, Decimal("1010000.000")),
        ("A-1402", 14, Decimal("505000.000")),
        ("A-1403", 14, Decimal("505000.000")),
    ]
    first = units[0]
    assert (first.status, first.bedrooms, first.currency) == ("available", 2, "AED")
    assert first.created_at is not None
    event = AuditEvent.objects.about(development).get(action__endswith="units_added")
    assert (event.after["count"], event.after["blocks"]) == (18, ["A", "B"])


@pytest.mark.capability("R04")
def test_a_step_may_be_an_amount(development, client):
    client.post(
        bulk(development),
        order(blocks=[""], types=[STUDIO], number_pattern="{floor}{position:02}")
        | {"price_step": {"amount": "2500.50"}},
    )

    found = Unit.objects.order_by("number").values_list("number", "price")
    assert dict(found) == {
        "1101": Decimal("500000.000"),
        "1102": Decimal("500000.000"),
        "1201": Decimal("502500.500"),
        "1202": Decimal("502500.500"),
        "1401": Decimal("505001.000"),
        "1402": Decimal("505001.000"),
    }


@pytest.mark.capability("R04")
def test_a_dry_run_says_what_would_be_made_and_makes_nothing(development, client):
    response = client.post(bulk(development), order(dry_run=True))

    assert response.status_code == 201
    assert (response.data["count"], len(response.data["units"])) == (18, 18)
    assert response.data["units"][0] == {
        "id": None,
        "block": "A",
        "floor": 11,
        "number": "A-1101",
        "unit_type": "apartment",
        "bedrooms": 2,
        "price": "1000000.00",
    }
    assert not Unit.objects.exists()


@pytest.mark.capability("R04")
def test_one_number_that_is_taken_stops_all(development, client):
    UnitFactory(development=development, block="B", number="B-1402")

    for dry_run in (True, False):
        response = client.post(bulk(development), order(dry_run=dry_run))
        assert response.status_code == 409
        assert response.data["code"] == "units_exist"
        assert response.data["numbers"] == ["B-B-1402"]

    assert Unit.objects.count() == 1


@pytest.mark.capability("R04")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number_pattern": "{floor.__class__}{position}"}, "pattern_unreadable"),
        ({"number_pattern": "{0}{floor}{position}"}, "pattern_unreadable"),
        ({"number_pattern": "{floor!r}{position}"}, "pattern_unreadable"),
        ({"number_pattern": "{floor:>1000000000}{position}"}, "pattern_unreadable"),
        ({"number_pattern": "{{floor}}{position}"}, "pattern_unreadable"),
        ({"number_pattern": "{floor}"}, "pattern_unreadable"),
        ({"number_pattern": "x" * 40 + "{floor}{position}"}, "number_length"),
        (
            {
                "number_pattern": "{floor}{position}",
                "floors": {"first": 1, "last": 11},
                "types": [{**STUDIO, "count": 11}],
            },
            "numbers_repeated",
        ),
        ({"blocks": ["A", " A "]}, "repeated"),
        ({"blocks": []}, "min_length"),
        ({"floors": {"first": 5, "last": 1}}, "floors_reversed"),
        ({"floors": {"first": 1, "last": 2, "skip": [1, 2]}}, "nothing_to_build"),
        ({"floors": {"first": 1, "last": 301}}, "max_value"),
        ({"types": [{**STUDIO, "price": "0"}]}, "price_not_positive"),
        ({"types": [{**STUDIO, "price": "1.005"}]}, "amount_too_precise"),
        ({"types": [{**STUDIO, "bedrooms": 51}]}, "rooms_range"),
        ({"types": [{**STUDIO, "area": "-1"}]}, "area_range"),
        (
            {"types": [{**STUDIO, "count": 100}], "floors": {"first": 1, "last": 11}},
            "too_many_units",
        ),
        ({"price_step": {"percent": "-60"}}, "price_out_of_range"),
        ({"price_step": {}}, "one_step"),
        ({"price_step": {"percent": "1", "amount": "1"}}, "one_step"),
        ({"price_step": {"amount": "NaN"}}, "invalid"),
    ],
)
def test_an_order_that_will_not_do_makes_nothing(development, client, changes, code):
    response = client.post(bulk(development), order(**changes))

    assert response.status_code == 400
    assert code in response.content.decode()
    assert not Unit.objects.exists()


@pytest.mark.capability("R04")
def test_only_leaders_of_the_builder_add_many_units(api, development):
    others = [
        UserFactory(),
        member_of(development.builder, "sales"),
        owner_of(OrganizationFactory(builder=True)),
    ]

    assert api.post(bulk(development), order()).status_code == 401
    for person in others:
        assert client_of(person).post(bulk(development), order()).status_code == 403
    assert not Unit.objects.exists()


@pytest.mark.capability("R04")
def test_two_thousand_units_are_made_in_a_moment(development, client):
    types = [{**STUDIO, "count": 20}]
    started = perf_counter()

    response = client.post(bulk(development), order(types=types, floors={"first": 1, "last": 50}))

    assert response.status_code == 201
    assert Unit.objects.count() == 2000
    assert perf_counter() - started < 10


@pytest.mark.capability("R05")
def test_the_stacking_plan_has_blocks_and_floors_from_the_top_down(api, development, client):
    client.post(bulk(development), order(floors={"first": 1, "last": 2}, blocks=["A", "B"]))
    held, lapsed = Unit.objects.filter(block="A", floor=2).order_by("number")[:2]
    until = database_now() + timedelta(minutes=10)
    shadow_unit(unit=held, status=UnitStatus.HELD, until=until)
    shadow_unit(unit=lapsed, status=UnitStatus.HELD, until=database_now() - timedelta(seconds=1))

    plan = api.get(f"/api/v1/developments/{development.pk}/stacking/").json()

    assert (plan["total_units"], plan["currency"]) == (12, "AED")
    assert plan["counts"] == {"available": 11, "held": 1}
    assert [block["block"] for block in plan["blocks"]] == ["A", "B"]
    assert [floor["floor"] for floor in plan["blocks"][0]["floors"]] == [2, 1]
    top = plan["blocks"][0]["floors"][0]["units"]
    assert [(unit["number"], unit["status"], unit["price"]) for unit in top] == [
        ("A-0201", "held", "1005000.00"),
        ("A-0202", "available", "502500.00"),
        ("A-0203", "available", "502500.00"),
    ]
    assert top[0]["free_at"] is not None
    assert top[1]["free_at"] is None
    assert top[0]["id"] == str(held.pk)


@pytest.mark.capability("R05")
def test_a_floor_is_read_by_numbers_and_not_by_letters(api, development):
    for number in ("A-10", "A-9", "A-101"):
        UnitFactory(development=development, number=number)

    plan = api.get(f"/api/v1/developments/{development.pk}/stacking/").json()

    units = plan["blocks"][0]["floors"][0]["units"]
    assert [unit["number"] for unit in units] == ["A-9", "A-10", "A-101"]


@pytest.mark.capability("R05")
def test_a_thousand_units_are_stacked_at_the_cost_of_one(
    api, development, client, assert_constant_queries
):
    address = f"/api/v1/developments/{development.pk}/stacking/"
    assert_constant_queries(lambda: api.get(address), lambda: UnitFactory(development=development))
    client.post(
        bulk(development), order(types=[{**STUDIO, "count": 10}], floors={"first": 1, "last": 50})
    )
    started = perf_counter()

    plan = api.get(address).json()

    assert plan["total_units"] == 1006
    assert perf_counter() - started < 2


@pytest.mark.capability("R05")
def test_the_plan_of_a_development_that_is_not_launched_is_not_shown(api):
    development = DevelopmentFactory(planning=True)

    assert api.get(f"/api/v1/developments/{development.pk}/stacking/").status_code == 404
