"""Finding developments: by what they are, what is available in them, and where they stand."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.tests.clients import client_of
from accounts.tests.factories.organizations import OrganizationFactory, owner_of
from catalog.choices import UnitStatus
from catalog.models import Unit
from catalog.services.unit_claims import shadow_unit
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory, member_of
from config.shared.clock import database_now

pytestmark = pytest.mark.django_db

LIST = "/api/v1/developments/"


@pytest.fixture
def found(api):
    def names(query, client=api):
        response = client.get(f"{LIST}?{query}")
        assert response.status_code == 200, response.content
        return [row["name"] for row in response.data["results"]]

    return names


def hold(unit, *, seconds, waiting=0):
    until = database_now() + timedelta(seconds=seconds)
    shadow_unit(unit=unit, status=UnitStatus.HELD, until=until, waiting_count=waiting)


@pytest.mark.capability("R02")
def test_developments_are_found_by_what_is_said_of_them(found):
    builder = OrganizationFactory(builder=True, verified=True)
    DevelopmentFactory(
        name="Marina Heights",
        builder=builder,
        state="Dubai",
        amenities=["Swimming pool", "Gym"],
        launch_date="2026-01-01",
        expected_completion="2028-06-30",
        address="Al Marsa Street 14",
    )
    DevelopmentFactory(
        name="Corniche Villas",
        city="Abu Dhabi",
        country="AE",
        type="villas",
        ready=True,
        paused=True,
        launch_date="2024-01-01",
    )
    DevelopmentFactory(name="Pearl Plots", city="Doha", country="QA", type="plots", currency="QAR")

    assert found("city=DUBAI") == ["Marina Heights"]
    assert found("state=dubai") == ["Marina Heights"]
    assert found("country=QA") == ["Pearl Plots"]
    assert found("currency=QAR") == ["Pearl Plots"]
    assert found("type=villas&type=plots") == ["Corniche Villas", "Pearl Plots"]
    assert found("status=ready") == ["Corniche Villas"]
    assert found("is_selling=false") == ["Corniche Villas"]
    assert found(f"builder={builder.pk}") == ["Marina Heights"]
    assert found("amenity=POOL") == ["Marina Heights"]
    assert found("launch_min=2025-01-01") == ["Marina Heights"]
    assert found("launch_max=2025-01-01") == ["Corniche Villas"]
    assert found("completion_min=2028-06-30&completion_max=2028-06-30") == ["Marina Heights"]
    assert found("search=marsa+heights") == ["Marina Heights"]
    assert found("search=abu") == ["Corniche Villas"]
    assert found("ordering=-name") == ["Pearl Plots", "Marina Heights", "Corniche Villas"]
    assert found("mine=true", client_of(member_of(builder, "sales"))) == ["Marina Heights"]
    assert found("mine=true") == []


@pytest.mark.capability("R02")
def test_price_and_bedrooms_have_to_hold_of_one_available_unit(found, api):
    tower = DevelopmentFactory(name="Tower")
    villas = DevelopmentFactory(name="Villas")
    UnitFactory(development=tower, bedrooms=1, price=Decimal("700000.00"))
    UnitFactory(development=tower, bedrooms=3, price=Decimal("2000000.00"))
    UnitFactory(development=villas, bedrooms=3, price=Decimal("4000000.00"))
    UnitFactory(development=villas, bedrooms=4, price=Decimal("500000.00"), blocked=True)

    assert found("price_max=1000000") == ["Tower"]
    assert found("price_min=1000000") == ["Tower", "Villas"]
    assert found("bedrooms=3") == ["Tower", "Villas"]
    assert found("bedrooms=3&price_max=1000000") == []
    assert found("bedrooms=4") == []
    assert found("ordering=price") == ["Tower", "Villas"]
    shown = {row["name"]: row for row in api.get(LIST).data["results"]}
    assert (shown["Tower"]["price_from"], shown["Tower"]["available_units"]) == ("700000.00", 2)
    assert (shown["Villas"]["total_units"], shown["Villas"]["available_units"]) == (2, 1)
    assert shown["Villas"]["price_from"] == "4000000.00"
    assert "plan_template" not in shown["Tower"]


@pytest.mark.capability("R02", "R07")
def test_what_is_available_is_counted_as_of_now_without_any_job(found, api):
    tower = DevelopmentFactory(name="Tower")
    lapsed, waited_for, held = (UnitFactory(development=tower) for _ in range(3))
    hold(lapsed, seconds=-1)
    hold(waited_for, seconds=-1, waiting=1)
    hold(held, seconds=600)

    row = api.get(LIST).data["results"][0]

    assert (row["total_units"], row["available_units"]) == (3, 1)
    assert found("bedrooms=2") == ["Tower"]
    Unit.objects.filter(pk=lapsed.pk).delete()
    assert found("bedrooms=2") == []
    assert api.get(LIST).data["results"][0]["price_from"] is None


@pytest.mark.capability("R39")
def test_developments_are_found_on_the_map_as_list_and_as_geojson(found, api):
    DevelopmentFactory(name="Marina", lat=25.0803, lng=55.1403)
    DevelopmentFactory(name="Sharjah", city="Sharjah", lat=25.35, lng=55.42)
    DevelopmentFactory(name="Nowhere")
    DevelopmentFactory(name="Fiji West", city="Suva", lat=-17.0, lng=179.5)
    DevelopmentFactory(name="Fiji East", city="Suva", lat=-17.0, lng=-179.5)
    DevelopmentFactory(name="Secret", planning=True, lat=25.08, lng=55.14)

    assert found("near=25.08,55.14&radius_km=5") == ["Marina"]
    assert found("near=25.3,55.4&radius_km=100") == ["Sharjah", "Marina"]
    assert found("bbox=55,25,56,26") == ["Marina", "Sharjah"]
    assert found("bbox=179,-18,-179,-16") == ["Fiji East", "Fiji West"]
    assert found("near=-17,180&radius_km=100&ordering=name") == ["Fiji East", "Fiji West"]
    near = api.get(f"{LIST}?near=25.08,55.14&radius_km=5").data["results"][0]
    assert near["distance_m"] == 40
    collection = api.get(f"{LIST}?bbox=55,25,56,26", HTTP_ACCEPT="application/geo+json").json()
    assert collection["type"] == "FeatureCollection"
    assert [
        (feature["geometry"]["coordinates"], feature["properties"]["name"])
        for feature in collection["features"]
    ] == [([55.1403, 25.0803], "Marina"), ([55.42, 25.35], "Sharjah")]


@pytest.mark.capability("R02", "R39")
@pytest.mark.parametrize(
    "query",
    [
        "price_min=NaN",
        "price_min=-1",
        "price_max=1e400",
        "bedrooms=2.5",
        "bedrooms=99999999999999999999",
        "type=castle",
        "status=archivedd",
        "builder=1",
        "amenity=%00",
        "city=" + "x" * 121,
        "launch_min=31-12-2026",
        "launch_min=0000-01-01",
        "is_selling=perhaps",
        "near=25",
        "near=NaN,NaN",
        "near=91,0",
        "near=25,55&radius_km=501",
        "radius_km=5",
        "bbox=1,2,3",
        "bbox=0,10,1,-10",
        "bbox=-180,-90,180,90",
        "ordering=terms",
        "search=" + "x" * 101,
        "page=0",
        "page_size=101",
        "colour=red",
        "city=a&city=b",
    ],
)
def test_a_filter_that_means_nothing_is_refused(api, query):
    response = api.get(f"{LIST}?{query}")

    assert response.status_code == 400
    assert response.json()["status"] == 400


@pytest.mark.capability("R02")
def test_a_launch_is_what_strangers_wait_for(found):
    development = DevelopmentFactory(name="Plan", planning=True)
    builder = development.builder
    DevelopmentFactory(name="Old", builder=builder, archived=True)

    assert found("") == []
    assert found("", client_of(owner_of(OrganizationFactory(builder=True)))) == []
    assert found("", client_of(member_of(builder, "site"))) == ["Old", "Plan"]
    assert found("status=planning", client_of(member_of(builder, "site"))) == ["Plan"]


@pytest.mark.capability("R02", "R39")
def test_the_list_of_developments_costs_the_same_however_long_it_is(api, assert_constant_queries):
    def grow():
        development = DevelopmentFactory(lat=25.0803, lng=55.1403)
        UnitFactory(development=development)

    assert_constant_queries(lambda: api.get("/api/v1/developments/?bbox=55,25,56,26"), grow)
    assert_constant_queries(lambda: api.get("/api/v1/developments/?price_min=5&bedrooms=2"), grow)


@pytest.mark.capability("R02")
def test_the_page_of_a_development_costs_the_same_however_many_units(api, assert_constant_queries):
    development = DevelopmentFactory()

    assert_constant_queries(
        lambda: api.get(f"/api/v1/developments/{development.pk}/"),
        lambda: UnitFactory(development=development),
    )
