"""Units in the API: found by what they are and how they stand now, changed by their builder."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.choices import MediaPurpose
from accounts.tests.clients import client_of
from accounts.tests.factories.buildings import BuildingFactory
from accounts.tests.factories.organizations import OrganizationFactory, owner_of
from accounts.tests.factories.papers import CheckedFileFactory
from accounts.tests.factories.people import UserFactory
from catalog.choices import UnitStatus
from catalog.models import Unit
from catalog.services.developments import update_development
from catalog.services.unit_claims import shadow_unit
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory, member_of
from config.shared.clock import database_now

pytestmark = pytest.mark.django_db

UNITS = "/api/v1/units/"


def page(unit):
    return f"{UNITS}{unit.pk}/"


def hold(unit, *, seconds, waiting=0):
    until = database_now() + timedelta(seconds=seconds)
    return shadow_unit(unit=unit, status=UnitStatus.HELD, until=until, waiting_count=waiting)


@pytest.fixture
def development():
    return DevelopmentFactory()


@pytest.fixture
def client(development):
    return client_of(owner_of(development.builder))


def new(development, **changes):
    return {"development": str(development.pk), "number": "1204", "price": "1850000.00", **changes}


@pytest.mark.capability("R03")
def test_a_builder_adds_a_unit_and_everybody_sees_it(api, development, client):
    building = BuildingFactory()
    update_development(
        development=development,
        actor=owner_of(development.builder),
        changes={"buildings": [building]},
    )

    made = client.post(
        UNITS,
        new(development, block="A", floor=12, area="104.50", building=str(building.pk)),
    )

    assert made.status_code == 201
    shown = api.get(f"{UNITS}{made.data['id']}/").data
    assert (shown["price"], shown["currency"]) == ("1850000.00", "AED")
    assert (shown["status"], shown["free_at"], shown["waiting_count"]) == ("available", None, 0)
    assert shown["development"]["name"] == development.name
    assert shown["building"]["id"] == str(building.pk)
    assert (shown["block"], shown["floor"], shown["area"]) == ("A", 12, "104.50")


@pytest.mark.capability("R03")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"price": "0"}, "price_not_positive"),
        ({"price": "-5"}, "price_not_positive"),
        ({"price": "1.005"}, "amount_too_precise"),
        ({"price": "100000000000"}, "max_whole_digits"),
        ({"price": "Infinity"}, ""),
        ({"number": " "}, "blank"),
        ({"number": "101a"}, "unit_exists"),
        ({"floor": 301}, "floor_range"),
        ({"floor": 10**30}, ""),
        ({"bedrooms": -1}, "min_value"),
        ({"features": [1]}, ""),
        ({"view": "a\x00b"}, ""),
    ],
)
def test_a_unit_that_will_not_do_is_not_added(development, client, changes, code):
    UnitFactory(development=development, number="101A")

    response = client.post(UNITS, new(development, **changes))

    assert response.status_code == 400, response.content
    assert code in response.content.decode()
    assert Unit.objects.count() == 1


@pytest.mark.capability("R03")
def test_a_building_of_another_place_is_refused(development, client):
    response = client.post(UNITS, new(development, building=str(BuildingFactory().pk)))

    assert response.status_code == 400
    assert response.data["errors"][0]["code"] == "not_of_development"
    assert not Unit.objects.exists()


@pytest.mark.capability("R03")
def test_strangers_and_salespeople_neither_add_nor_price_units(api, development):
    unit = UnitFactory(development=development, number="1")
    others = [
        UserFactory(),
        member_of(development.builder, "sales"),
        owner_of(OrganizationFactory(builder=True)),
    ]

    assert api.post(UNITS, new(development)).status_code == 401
    for person in others:
        stranger = client_of(person)
        assert stranger.post(UNITS, new(development)).status_code == 403
        assert stranger.patch(page(unit), {"price": "1.00"}).status_code == 403
        assert stranger.delete(page(unit)).status_code == 403
    assert Unit.objects.get().price == Decimal("1000000.000")


@pytest.mark.capability("R03", "R12")
def test_a_change_of_a_unit_says_nothing_of_its_state(development, client):
    unit = UnitFactory(development=development)

    response = client.patch(
        page(unit), {"price": "1100000.00", "status": "sold", "currency": "USD", "waiting_count": 9}
    )

    assert response.status_code == 200
    assert (response.data["price"], response.data["status"]) == ("1100000.00", "available")
    unit.refresh_from_db()
    assert (unit.status, unit.currency, unit.waiting_count) == ("available", "AED", 0)


@pytest.mark.capability("R03")
def test_nobody_overwrites_a_unit_they_have_not_seen(development, client):
    unit = UnitFactory(development=development)
    seen = client.get(page(unit))["ETag"]
    client.patch(page(unit), {"price": "1100000.00"}, HTTP_IF_MATCH=seen)

    stale = client.patch(page(unit), {"price": "1200000.00"}, HTTP_IF_MATCH=seen)

    assert stale.status_code == 412
    unit.refresh_from_db()
    assert unit.price == Decimal("1100000.000")


@pytest.mark.capability("R03")
def test_units_are_found_by_floor_bedrooms_price_and_state(api, development):
    address = f"/api/v1/developments/{development.pk}/units/"
    common = {"development": development, "area": Decimal(80)}
    low = UnitFactory(**common, number="101", floor=1, block="A", bedrooms=1, view="Garden")
    high = UnitFactory(
        **common, number="902", floor=9, block="B", price=Decimal(2000000), unit_type="duplex"
    )
    blocked = UnitFactory(**common, number="303", floor=3, blocked=True, bedrooms=4, bathrooms=3)
    UnitFactory()

    def found(query, path=address):
        response = api.get(f"{path}?{query}")
        assert response.status_code == 200, response.content
        return [row["number"] for row in response.data["results"]]

    assert found("") == ["303", "101", "902"]
    assert found("floor=9") == ["902"]
    assert found("floor_min=2&floor_max=5") == ["303"]
    assert found("block=a") == ["101"]
    assert found("bedrooms=1") == ["101"]
    assert found("bedrooms_min=3") == ["303"]
    assert found("bathrooms=3") == ["303"]
    assert found("unit_type=duplex") == ["902"]
    assert found("price_max=1500000") == ["303", "101"]
    assert found("price_min=1500000") == ["902"]
    assert found("area_min=81") == []
    assert found("view=gard") == ["101"]
    assert found("status=blocked") == ["303"]
    assert found("status=available&status=blocked&ordering=-price") == ["902", "303", "101"]
    assert found(f"ids={low.pk},{high.pk}") == ["101", "902"]
    assert found("search=90") == ["902"]
    assert sorted(found(f"development={development.pk}", UNITS)) == ["101", "303", "902"]
    assert found(f"ids={blocked.pk}&city=dubai", UNITS) == ["303"]


@pytest.mark.capability("R03", "R07")
def test_the_state_shown_and_filtered_by_is_that_of_now(api, development):
    address = f"/api/v1/developments/{development.pk}/units/"
    held = hold(UnitFactory(development=development, number="1"), seconds=600)
    hold(UnitFactory(development=development, number="2"), seconds=-1)
    hold(UnitFactory(development=development, number="3"), seconds=-1, waiting=2)

    rows = api.get(address).data["results"]

    assert [(row["number"], row["status"], row["waiting_count"]) for row in rows] == [
        ("1", "held", 0),
        ("2", "available", 0),
        ("3", "held", 2),
    ]
    assert [row["free_at"] is not None for row in rows] == [True, False, False]
    assert rows[0]["free_at"] == held.claimed_until.isoformat().replace("+00:00", "Z")
    available = api.get(f"{address}?status=available").data["results"]
    assert [row["number"] for row in available] == ["2"]


@pytest.mark.capability("R03")
@pytest.mark.parametrize(
    "query",
    [
        "floor=1.5",
        "floor=-11",
        "floor=1e9",
        "status=free",
        "status=held&status=held",
        "price_min=abc",
        "ids=1",
        "ids=",
        "ids=" + ",".join(["0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"] * 21),
        "unit_type=tent",
        "development=0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f",
        "ordering=status",
    ],
)
def test_a_filter_of_units_that_means_nothing_is_refused(api, development, query):
    response = api.get(f"/api/v1/developments/{development.pk}/units/?{query}")

    assert response.status_code == 400
    assert response.data["errors"]


@pytest.mark.capability("R03")
def test_units_of_what_is_not_launched_are_the_builders_own(api):
    unit = UnitFactory(development=DevelopmentFactory(planning=True))
    address = f"/api/v1/developments/{unit.development_id}/units/"
    seller = client_of(member_of(unit.development.builder, "sales"))

    assert api.get(address).status_code == 404
    assert api.get(page(unit)).status_code == 404
    assert api.get(UNITS).data["count"] == 0
    assert seller.get(address).data["count"] == 1
    assert seller.get(page(unit)).status_code == 200


@pytest.mark.capability("R03", "R35")
def test_a_floor_plan_is_shown_with_the_unit(api, development, client):
    unit = UnitFactory(development=development)
    plan = CheckedFileFactory(
        owner=owner_of(development.builder),
        purpose=MediaPurpose.UNIT,
        renditions={"800": {"key": "k/800.webp", "size": 9}},
    )

    response = client.patch(page(unit), {"floor_plan": str(plan.pk)})

    assert response.status_code == 200
    assert list(api.get(page(unit)).data["floor_plan"]["links"]) == ["800"]


@pytest.mark.capability("R03", "R12")
def test_a_unit_is_blocked_and_put_on_sale_again_in_the_api(api, development):
    unit = UnitFactory(development=development)
    seller = client_of(member_of(development.builder, "sales"))

    blocked = seller.post(f"{page(unit)}block/", {"reason": "Show flat"})

    assert (blocked.status_code, blocked.data["status"]) == (200, "blocked")
    again = seller.post(f"{page(unit)}block/")
    assert (again.status_code, again.data["code"]) == (409, "invalid_transition")
    assert again.data["current"] == "blocked"
    assert api.post(f"{page(unit)}unblock/").status_code == 401
    assert client_of(UserFactory()).post(f"{page(unit)}unblock/").status_code == 403
    assert (
        client_of(member_of(development.builder, "site")).post(f"{page(unit)}unblock/").status_code
        == 403
    )
    assert seller.post(f"{page(unit)}unblock/").data["status"] == "available"


@pytest.mark.capability("R03")
def test_lists_of_units_cost_the_same_however_long_they_are(
    api, development, assert_constant_queries
):
    def grow():
        return UnitFactory(development=development)

    assert_constant_queries(lambda: api.get("/api/v1/units/"), grow)
    assert_constant_queries(
        lambda: api.get(f"/api/v1/developments/{development.pk}/units/?status=available"), grow
    )
