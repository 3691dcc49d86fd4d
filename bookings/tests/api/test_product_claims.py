"""One's own claims to a product, as the API shows them."""

import pytest

from accounts.tests.clients import client_of
from accounts.tests.factories.people import UserFactory
from bookings.models import ClaimLog
from bookings.services.offers import accept_offer
from bookings.tasks import sweep_claims as job
from bookings.tests.factories.market import (
    OfferFactory,
    ReservationFactory,
    lapse_reservation,
    reserved,
)
from catalog.tests.factories.market import ProductFactory
from config.shared.errors import AlreadyClaimedError

pytestmark = pytest.mark.django_db


@pytest.mark.capability("K10", "K11")
def test_whoever_came_too_late_reads_their_own_place_and_nothing_of_others():
    sale = ReservationFactory(product=ProductFactory())
    lapse_reservation(sale)
    job()
    offers = [OfferFactory(product=sale.product) for _ in range(3)]
    won = accept_offer(offer=offers[0], actor=offers[0].seller).transaction
    for late in offers[1:]:
        with pytest.raises(AlreadyClaimedError):
            accept_offer(offer=late, actor=late.seller)
    address = f"/api/v1/products/{sale.product_id}/claims/"

    shown = [client_of(offer.buyer).get(address).data["results"] for offer in offers]

    assert [[row["outcome"] for row in rows] for rows in shown] == [["won"], ["lost"], ["lost"]]
    assert [rows[0]["place"] for rows in shown] == [None, 2, 3]
    assert {row["outcome"] for row in client_of(sale.buyer).get(address).data["results"]} == {
        "won",
        "expired",
    }
    assert str(won.pk) not in str(shown[1])
    assert client_of(UserFactory()).get(address).data["results"] == []


def test_nobody_asks_about_a_product_that_they_do_not_see():
    product = ProductFactory(draft=True)

    answer = client_of(UserFactory()).get(f"/api/v1/products/{product.pk}/claims/")

    assert answer.status_code == 404


def test_the_list_costs_the_same_however_long_it_is(assert_constant_queries):
    product, buyer = ProductFactory(), UserFactory()
    client = client_of(buyer)

    def grow():
        lapse_reservation(reserved(product, buyer))

    assert_constant_queries(lambda: client.get(f"/api/v1/products/{product.pk}/claims/"), grow=grow)
    assert ClaimLog.objects.filter(who=buyer).count() >= 6
