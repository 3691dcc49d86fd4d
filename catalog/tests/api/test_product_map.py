"""Products on a map: heaps of public cells, never too many."""

import pytest

from accounts.tests.clients import client_of
from accounts.tests.factories.buildings import ResidencyFactory
from accounts.tests.factories.people import UserFactory
from catalog.services import product_map
from catalog.tests.factories.market import ProductFactory

pytestmark = pytest.mark.django_db

MAP = "/api/v1/products/map/"
DUBAI = "55.0,24.9,55.5,25.4"
MARINA = {"lat": 25.0805, "lng": 55.1403}
MARINA_TOO = {"lat": 25.0899, "lng": 55.1465}
DOWNTOWN = {"lat": 25.1972, "lng": 55.2744}


@pytest.fixture
def heaps(api):
    def results(query, client=api):
        response = client.get(f"{MAP}?{query}")
        assert response.status_code == 200, response.content
        return response.data["results"]

    return results


@pytest.mark.capability("K39")
def test_products_close_together_are_one_heap_until_the_map_is_near_enough(heaps):
    cheap = ProductFactory(price=30, **MARINA)
    dear = ProductFactory(price=90, **MARINA_TOO)
    other = ProductFactory(price=500, **DOWNTOWN)

    far = heaps(f"bbox={DUBAI}&zoom=3")
    near = heaps(f"bbox={DUBAI}&zoom=12")

    assert [(heap["count"], heap["min_price"], heap["currency"]) for heap in far] == [
        (3, "30.00", "AED")
    ]
    assert sorted(far[0]["ids"]) == sorted(str(each.pk) for each in (cheap, dear, other))
    assert sorted(heap["count"] for heap in near) == [1, 2]
    assert near[0]["location"]["lat"] == pytest.approx(25.085)
    assert sum(heap["count"] for heap in heaps(f"bbox={DUBAI}&zoom=20")) == 3


@pytest.mark.capability("K39")
def test_large_heaps_do_not_name_their_products_and_mixed_prices_are_not_compared(heaps):
    for number in range(product_map.FEW):
        ProductFactory(price=10 + number, **MARINA)
    assert len(heaps(f"bbox={DUBAI}&zoom=5")[0]["ids"]) == product_map.FEW

    ProductFactory(currency="USD", price=1, **MARINA)

    assert heaps(f"bbox={DUBAI}&zoom=5") == [
        {
            "location": {"lat": pytest.approx(25.085), "lng": pytest.approx(55.144, abs=0.01)},
            "count": product_map.FEW + 1,
            "currency": None,
            "min_price": None,
            "ids": None,
        }
    ]


@pytest.mark.capability("K39")
def test_a_map_takes_the_filters_of_the_list_and_shows_the_same_feeds(heaps, api):
    home = ResidencyFactory(verified=True)
    ProductFactory(category="books", price=10, **MARINA)
    ProductFactory(category="furniture", price=100, title="Velvet sofa", **MARINA)
    ProductFactory(community=True, building=home.building, **MARINA)
    ProductFactory(draft=True, **MARINA)
    ProductFactory()
    box = f"bbox={DUBAI}&zoom=10"

    def count(query, client=api):
        return [heap["count"] for heap in heaps(f"{box}&{query}", client)]

    assert count("") == [2]
    assert count("category=books") == [1]
    assert count("min_price=50&max_price=100") == [1]
    assert count("search=velvet") == [1]
    assert count("feed=community", client_of(home.user)) == [1]
    assert count("feed=community", client_of(UserFactory())) == []
    assert heaps("bbox=10,10,11,11&zoom=10") == []


@pytest.mark.capability("K39")
def test_a_map_may_cross_the_antimeridian(heaps):
    for lng in (179.995, -179.995):
        ProductFactory(lat=-17.0, lng=lng)

    found = heaps("bbox=179,-18,-179,-16&zoom=8")

    assert sorted(round(heap["location"]["lng"]) for heap in found) == [-180, 180]
    assert heaps("bbox=-179,-18,179,-17.9&zoom=8") == []


@pytest.mark.capability("K39")
def test_a_map_is_never_too_much(heaps, monkeypatch):
    monkeypatch.setattr("catalog.api.views.product_map.MOST_HEAPS", 2)
    for step in range(4):
        ProductFactory(lat=25.005 + step / 20, lng=55.1403)

    assert len(heaps(f"bbox={DUBAI}&zoom=16")) == 2

    monkeypatch.setattr(product_map, "MOST_COUNTED", 3)
    assert sum(heap["count"] for heap in heaps(f"bbox={DUBAI}&zoom=2")) == 3


@pytest.mark.capability("K39")
@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("", "bbox", "required"),
        (f"bbox={DUBAI}", "zoom", "required"),
        (f"bbox={DUBAI}&zoom=21", "zoom", "max_value"),
        (f"bbox={DUBAI}&zoom=-1", "zoom", "min_value"),
        (f"bbox={DUBAI}&zoom=1.5", "zoom", "max_decimal_places"),
        ("bbox=0,0,90,80&zoom=1", "bbox", "box_too_large"),
        ("bbox=0,2,1,1&zoom=1", "bbox", "box_upside_down"),
        (f"bbox={DUBAI}&zoom=3&near=25,55", "near", "unknown_parameter"),
        (f"bbox={DUBAI}&zoom=3&ordering=price", "ordering", "unknown_parameter"),
        (f"bbox={DUBAI}&zoom=3&page=2", "page", "unknown_parameter"),
    ],
)
def test_a_map_needs_a_box_and_a_zoom_that_make_sense(api, query, parameter, code):
    refused = api.get(f"{MAP}?{query}")

    assert refused.status_code == 400
    assert (parameter, code) in {
        (error["parameter"], error["code"]) for error in refused.data["errors"]
    }


@pytest.mark.capability("K39")
def test_as_geojson_a_map_is_a_collection_of_points(api):
    ProductFactory(**MARINA)

    answer = api.get(
        f"{MAP}?bbox={DUBAI}&zoom=9", headers={"Accept": "application/geo+json"}
    ).json()

    assert answer["features"][0]["properties"]["count"] == 1
    assert answer["features"][0]["geometry"]["coordinates"][1] == pytest.approx(25.085)


@pytest.mark.capability("K39")
def test_a_map_costs_the_same_however_much_lies_on_it(api, assert_constant_queries):
    assert_constant_queries(
        lambda: api.get("/api/v1/products/map/?bbox=55,24.9,55.5,25.4&zoom=9"),
        lambda: ProductFactory(**MARINA),
    )
