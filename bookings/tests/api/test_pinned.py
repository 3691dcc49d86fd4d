"""What is pinned in a show is bought, bid for and held from there."""

import pytest
from django.conf import LazySettings

from accounts.choices import MembershipRole
from accounts.tests.clients import client_of
from accounts.tests.factories.people import UserFactory
from catalog.services.stream_pins import pin
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory, member_of
from catalog.tests.factories.market import ProductFactory
from catalog.tests.factories.streams import HLS_URL, RTMP_URL, SECRET, StreamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def live_video(settings: LazySettings) -> None:
    settings.MEDIA_SERVER_RTMP_URL, settings.MEDIA_SERVER_HLS_URL = RTMP_URL, HLS_URL
    settings.MEDIA_SERVER_SECRET = SECRET


def pins_of(stream, client):
    return client.get(f"/api/v1/streams/{stream.pk}/pins/").data["results"]


def state_of(stream, client, kind="product"):
    return pins_of(stream, client)[0][kind]["status"]


@pytest.mark.capability("K22")
def test_a_product_is_bought_and_bid_for_from_its_pin():
    stream = StreamFactory(on_air=True)
    for _ in range(2):
        product = ProductFactory(seller=stream.user)
        pin(stream=stream, actor=stream.user, values={"product": product, "x": 0.5, "y": 0.5})
    buyer = client_of(UserFactory())
    first, second = pins_of(stream, buyer)

    bought = buyer.post(
        first["links"]["buy"], {"product": first["product"]["id"]}, HTTP_IDEMPOTENCY_KEY="buy"
    )
    offered = buyer.post(
        second["links"]["offer"],
        {"product": second["product"]["id"], "price": "150"},
        HTTP_IDEMPOTENCY_KEY="offer",
    )
    late = client_of(UserFactory()).post(
        first["links"]["buy"], {"product": first["product"]["id"]}, HTTP_IDEMPOTENCY_KEY="late"
    )

    assert (bought.status_code, offered.status_code, late.status_code) == (201, 201, 409)
    assert late.data["code"] == "already_claimed"
    assert [row["product"]["status"] for row in pins_of(stream, buyer)] == ["reserved", "active"]
    assert [row["product"]["is_available"] for row in pins_of(stream, buyer)] == [False, True]


@pytest.mark.capability("K22")
def test_a_unit_is_held_from_its_pin_on_a_tour_of_the_site():
    development = DevelopmentFactory()
    person = member_of(development.builder, MembershipRole.SALES)
    stream = StreamFactory(user=person, development=development, on_air=True)
    unit = UnitFactory(development=development)
    pin(stream=stream, actor=person, values={"unit": unit, "x": 0.5, "y": 0.5})
    customer = client_of(UserFactory())
    (shown,) = pins_of(stream, customer)

    held = customer.post(
        shown["links"]["hold"], {"unit": shown["unit"]["id"]}, HTTP_IDEMPOTENCY_KEY="hold"
    )

    assert held.status_code == 201
    assert state_of(stream, customer, "unit") == "held"
