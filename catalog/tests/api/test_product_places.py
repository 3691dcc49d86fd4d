"""Nobody but the seller learns more of a product's place than the public cell it lies in."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.tests.clients import client_of
from accounts.tests.factories.buildings import ResidencyFactory
from accounts.tests.factories.people import UserFactory
from catalog.models import Product, ProductLike
from catalog.tests.factories.market import ProductFactory
from config.shared.geodesy import public_cell

pytestmark = [pytest.mark.django_db, pytest.mark.capability("K04")]

LIST = "/api/v1/products/"
MARINA = {"lat": 25.0805, "lng": 55.1403}
# Cells in a city, over the antimeridian's edge, beside a pole, and at the crossing of the zeros.
CORNERS = [(25.08, 55.1412), (-17.0, 179.991), (-17.0, -179.999), (89.98, 10.0), (0.0, 0.0)]
PARTS = st.floats(0.001, 0.999)
NEARBY = st.floats(-0.02, 0.02)


@st.composite
def neighbours(draw):
    """Two places in one cell."""
    south, west = draw(st.sampled_from(CORNERS))
    lat, lng = public_cell(south + 0.001, west + 0.0001)
    first, second = (
        (lat + (draw(PARTS) - 0.5) * 0.0099, lng + (draw(PARTS) - 0.5) * 0.0099) for _ in range(2)
    )
    return first, second


def questions(around, step, radius, zoom):
    """Requests that cut the cell at arbitrary lines, circles and squares."""
    lat = min(max(around[0] + step[0], -90), 90)
    lng = min(max(around[1] + step[1], -180), 180)
    place = f"lat={lat:.12f}&lng={lng:.12f}"
    boxes = (
        f"{lng:.9f},{max(lat - 2, -90):.9f},{min(lng + 2, 180):.9f},{lat:.9f}",
        f"{max(lng - 2, -180):.9f},{lat:.9f},{lng:.9f},{min(lat + 2, 90):.9f}",
    )
    yield f"{place}&radius={radius:.9f}"
    yield f"{place}&radius=50&ordering=distance&page_size=1"
    yield f"near={lat:.12f},{lng:.12f}&radius_km={radius:.9f}&ordering=why"
    yield f"{place}&radius={radius:.9f}&search=sofa&ordering=relevance"
    for box in boxes:
        yield f"bbox={box}&ordering=price"
        yield f"map/?bbox={box}&zoom={zoom}"


def answers(client: Any, product: Product, asked: list[str]) -> list[Any]:
    """What somebody is told, but for when a cursor was signed."""
    told: list[Any] = []
    for query in asked:
        address = query if query.startswith("map/") else f"?{query}"
        for accept in ("application/json", "application/geo+json"):
            answer = client.get(f"{LIST}{address}", headers={"Accept": accept})
            assert answer.status_code == 200, answer.content
            found = answer.json()
            for name in ("next", "previous"):
                found[name] = (found.get(name) or "").partition("%3A")[0]
            told.append(found)
    detail = client.get(f"{LIST}{product.pk}/")
    return [*told, detail.json(), detail.headers.get("ETag")]


def move(product: Product, place: tuple[float, float]) -> None:
    Product.objects.filter(pk=product.pk).update(lat=place[0], lng=place[1])


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    places=neighbours(),
    step=st.tuples(NEARBY, NEARBY),
    radius=st.floats(0.05, 3),
    zoom=st.integers(0, 20),
)
def test_a_stranger_cannot_tell_two_places_in_one_cell_apart(places, step, radius, zoom):
    first, second = places
    assert public_cell(*first) == public_cell(*second)
    stranger = UserFactory()
    product = ProductFactory(title="Sofa", lat=first[0], lng=first[1])
    other = ProductFactory(title="Sofa", lat=second[0], lng=second[1])
    ProductLike.objects.create(product=product, user=stranger)
    client = client_of(stranger)
    asked = list(questions(first, step, radius, zoom))

    before = answers(client, product, asked), client.get(f"{LIST}liked/").json()
    move(product, second)
    move(other, first)
    after = answers(client, product, asked), client.get(f"{LIST}liked/").json()
    Product.objects.all().delete()

    assert before == after


def test_what_lies_in_one_cell_is_equally_far_and_keeps_its_order_by_distance(api):
    places = [(25.0801, 55.1372), (25.0899, 55.1309), (25.0850, 55.1340)]
    made = [ProductFactory(lat=lat, lng=lng) for lat, lng in places]
    assert len({(each.cell_lat, each.cell_lng) for each in made}) == 1

    for lat, lng in (*places, (25.2, 55.3), (25.0, 55.0)):
        query = f"near={lat},{lng}&radius_km=50&ordering=distance"
        rows = api.get(f"{LIST}?{query}").data["results"]
        assert len({row["distance_m"] for row in rows}) == 1
        assert rows[0]["distance_m"] % 100 == 0
        assert [row["id"] for row in rows] == [str(each.pk) for each in made]


def test_circles_and_boxes_hold_all_of_a_cell_or_nothing_of_it(api):
    for lat, lng in ((25.0801, 55.1372), (25.0899, 55.1309)):
        ProductFactory(lat=lat, lng=lng)

    asked = [
        query
        for step in range(1, 15)
        for query in (
            f"near=25.0801,55.1372&radius_km={step / 10}",
            f"near=25.0801,55.1372&radius_km={step / 10}&ordering=distance",
            f"bbox=55.0,{25.0790 + step / 1000},55.2,25.2",
        )
    ]
    found = [len(api.get(f"{LIST}?{query}").data["results"]) for query in asked]

    assert set(found) == {0, 2}


def test_neighbours_and_other_sellers_see_no_more_than_strangers(api):
    home = ResidencyFactory(verified=True)
    seller = UserFactory()
    common = ProductFactory(
        seller=seller, community=True, building=home.building, meeting_note="Flat 12", **MARINA
    )
    ProductFactory(seller=home.user, **MARINA)
    neighbour = client_of(home.user)

    card = neighbour.get(f"{LIST}?feed=community").data["results"][0]
    page = neighbour.get(f"{LIST}{common.pk}/").data
    own = client_of(seller).get(f"{LIST}{common.pk}/").data

    assert "lat" not in card
    assert card["location"] == {"lat": common.cell_lat, "lng": common.cell_lng}
    assert (page["lat"], page["lng"], page["meeting_note"]) == (None, None, None)
    assert (own["lat"], own["lng"], own["meeting_note"]) == (*MARINA.values(), "Flat 12")


@pytest.mark.parametrize(
    "query",
    ["ordering=lat", "ordering=-lng", "ordering=point", "lat__gte=25", "exact=true", "point=1"],
)
def test_no_parameter_reaches_for_the_exact_place(api, query):
    assert api.get(f"{LIST}?{query}").status_code == 400
