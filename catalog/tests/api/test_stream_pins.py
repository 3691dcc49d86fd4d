"""Pins of streams in the API."""

from datetime import timedelta

import pytest

from accounts.choices import MembershipRole
from accounts.tests.clients import client_of
from accounts.tests.factories.buildings import BuildingFactory
from accounts.tests.factories.papers import CheckedFileFactory
from accounts.tests.factories.people import UserFactory
from catalog.choices import ProductStatus
from catalog.models import Product, ProductImage, Stream, StreamPin
from catalog.services.stream_pins import MOST_PINS
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory, member_of
from catalog.tests.factories.market import ProductFactory
from catalog.tests.factories.streams import StreamFactory, neighbour_in
from config.shared.clock import database_now

pytestmark = pytest.mark.django_db


def pins_of(stream):
    return f"/api/v1/streams/{stream.pk}/pins/"


@pytest.fixture
def stream(live_video):
    return StreamFactory(on_air=True)


@pytest.mark.capability("K22")
def test_things_are_pinned_at_a_place_and_a_moment(stream, api):
    client = client_of(stream.user)
    Stream.objects.filter(pk=stream.pk).update(started_at=database_now() - timedelta(seconds=90))
    chair, lamp = (ProductFactory(seller=stream.user) for _ in range(2))

    first = client.post(pins_of(stream), {"product": str(chair.pk), "x": 0.4, "y": 0.62})
    second = client.post(pins_of(stream), {"product": str(lamp.pk), "x": 1, "y": 0, "shown_at": 15})
    seen = api.get(pins_of(stream)).data["results"]
    tags = api.get(f"/api/v1/streams/{stream.pk}/").data["product_tags"]

    moment = first.data["shown_at"]
    assert first.status_code == 201
    # The show goes on while a slow machine answers.
    assert 90 <= moment < 120
    assert (second.data["order"], second.data["shown_at"]) == (1, 15)
    assert [row["product"]["id"] for row in seen] == [str(chair.pk), str(lamp.pk)]
    assert seen[0]["product"]["price"] == "200.00"
    assert seen[0]["product"]["is_available"] is True
    assert set(seen[0]["links"]) == {"buy", "offer"}
    assert tags == [
        {"listing": str(chair.pk), "x": 0.4, "y": 0.62, "at": moment},
        {"listing": str(lamp.pk), "x": 1.0, "y": 0.0, "at": 15},
    ]


@pytest.mark.capability("K22")
def test_a_pin_says_whether_the_thing_can_be_had_now(stream, api):
    chair = ProductFactory(seller=stream.user)
    client_of(stream.user).post(pins_of(stream), {"product": str(chair.pk), "x": 0, "y": 0})

    def shown():
        return api.get(pins_of(stream)).data["results"][0]["product"]["status"]

    until = database_now() + timedelta(hours=1)
    Product.objects.filter(pk=chair.pk).update(status=ProductStatus.RESERVED, claimed_until=until)
    assert shown() == "reserved"
    Product.objects.filter(pk=chair.pk).update(claimed_until=database_now())
    assert shown() == "active"


@pytest.mark.capability("K22")
def test_units_of_the_development_are_pinned_on_a_tour_of_its_site(live_video, api):
    development = DevelopmentFactory(selling=True)
    person = member_of(development.builder, MembershipRole.SALES)
    unit, elsewhere = UnitFactory(development=development), UnitFactory()
    stream = StreamFactory(user=person, development=development, on_air=True)
    client = client_of(person)

    pinned = client.post(pins_of(stream), {"unit": str(unit.pk), "x": 0.5, "y": 0.5})
    other = client.post(pins_of(stream), {"unit": str(elsewhere.pk), "x": 0.5, "y": 0.5})
    seen = api.get(pins_of(stream)).data["results"]

    assert pinned.status_code == 201
    assert (seen[0]["unit"]["id"], seen[0]["unit"]["status"]) == (str(unit.pk), "available")
    assert seen[0]["links"] == {"hold": "/api/v1/bookings/"}
    assert other.status_code == 400


@pytest.mark.capability("K22")
def test_what_cannot_be_pinned_is_refused(stream):
    client = client_of(stream.user)
    chair = ProductFactory(seller=stream.user)
    sold = ProductFactory(seller=stream.user)
    Product.objects.filter(pk=sold.pk).update(status=ProductStatus.SOLD, sold_at=database_now())
    place = {"x": 0.5, "y": 0.5}
    client.post(pins_of(stream), {"product": str(chair.pk), **place})
    lamp = str(ProductFactory(seller=stream.user).pk)

    refused = {
        "/product": [
            {"product": str(ProductFactory().pk), **place},
            {"product": str(ProductFactory(seller=stream.user, draft=True).pk), **place},
            {"product": str(sold.pk), **place},
            {"product": str(chair.pk), **place},
        ],
        "": [place, {"product": lamp, "unit": str(UnitFactory().pk), **place}],
        "/x": [{"product": lamp, "x": 1.01, "y": 0}, {"product": lamp, "x": "nan", "y": 0}],
        "/y": [{"product": lamp, "x": 0, "y": -0.1}],
        "/shown_at": [{"product": lamp, **place, "shown_at": -1}],
    }
    for pointer, bodies in refused.items():
        for body in bodies:
            answer = client.post(pins_of(stream), body)
            errors = [error["pointer"] for error in answer.data.get("errors", [])]
            assert (body, answer.status_code, errors) == (body, 400, [pointer])
    assert StreamPin.objects.count() == 1


@pytest.mark.capability("K22")
def test_pins_are_moved_ordered_and_taken_off_by_the_owner_alone(stream, api):
    client, stranger = client_of(stream.user), client_of(UserFactory())
    keys = []
    for _ in range(3):
        product = ProductFactory(seller=stream.user)
        made = client.post(pins_of(stream), {"product": str(product.pk), "x": 0, "y": 0})
        keys.append(made.data["id"])
    one = f"{pins_of(stream)}{keys[0]}/"
    order = f"{pins_of(stream)}reorder/"

    assert (
        stranger.post(
            pins_of(stream), {"product": str(ProductFactory().pk), "x": 0, "y": 0}
        ).status_code
        == 403
    )
    assert stranger.patch(one, {"x": 1}).status_code == 403
    assert stranger.delete(one).status_code == 403
    assert stranger.post(order, {"pins": keys[::-1]}).status_code == 403
    assert api.delete(one).status_code == 401
    moved = client.patch(one, {"x": 0.25})
    fewer = client.post(order, {"pins": keys[:2]})
    ordered = client.post(order, {"pins": keys[::-1]})
    gone = client.delete(one)

    assert (moved.data["x"], moved.data["y"]) == (0.25, 0.0)
    assert (fewer.status_code, fewer.data["code"]) == (409, "pins_differ")
    assert ordered.status_code == 204
    assert gone.status_code == 204
    left = [row["id"] for row in api.get(pins_of(stream)).data["results"]]
    assert left == [keys[2], keys[1]]


@pytest.mark.capability("K22", "K24")
def test_what_is_for_neighbours_stays_so_in_a_public_show(live_video, api):
    building = BuildingFactory()
    person = neighbour_in(building)
    stream = StreamFactory(user=person, on_air=True)
    chair = ProductFactory(seller=person, community=True, building=building)
    client_of(person).post(pins_of(stream), {"product": str(chair.pk), "x": 0, "y": 0})
    neighbour = client_of(neighbour_in(building))

    assert api.get(pins_of(stream)).data["results"] == []
    assert api.get(f"/api/v1/streams/{stream.pk}/").data["product_tags"] == []
    assert len(neighbour.get(pins_of(stream)).data["results"]) == 1
    assert len(neighbour.get(f"/api/v1/streams/{stream.pk}/").data["product_tags"]) == 1


@pytest.mark.capability("K22")
def test_a_pin_shows_the_photograph_to_whoever_may_see_it(live_video, api):
    building = BuildingFactory()
    seller, neighbour = neighbour_in(building), neighbour_in(building)
    stream = StreamFactory(user=seller, building=building, visibility="building")
    product = ProductFactory(seller=seller, community=True, building=building)
    picture = CheckedFileFactory(
        owner=seller, purpose="listing", is_private=True, renditions={"320": {"key": "small"}}
    )
    ProductImage.objects.create(product=product, media=picture)
    StreamPin.objects.create(stream=stream, product=product, x=0.5, y=0.5)

    (pin,) = client_of(neighbour).get(pins_of(stream)).data["results"]

    address = f"/media/{picture.pk}/file/?rendition=320&token="
    assert address in pin["product"]["image_url"]


@pytest.mark.capability("K22")
def test_a_stream_has_so_many_pins_at_most(stream):
    StreamPin.objects.bulk_create(
        StreamPin(stream=stream, product=ProductFactory(seller=stream.user), x=0, y=0)
        for _ in range(MOST_PINS)
    )
    another = ProductFactory(seller=stream.user)

    answer = client_of(stream.user).post(
        pins_of(stream), {"product": str(another.pk), "x": 0, "y": 0}
    )

    assert (answer.status_code, answer.data["code"]) == (409, "pin_limit_reached")


@pytest.mark.capability("K22")
def test_lists_of_pins_cost_the_same_however_many(stream, assert_constant_queries):
    client = client_of(UserFactory())

    def grow():
        product = ProductFactory(seller=stream.user)
        StreamPin.objects.create(stream=stream, product=product, x=0, y=0)

    assert_constant_queries(lambda: client.get(f"/api/v1/streams/{stream.pk}/pins/"), grow)
