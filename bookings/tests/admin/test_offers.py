"""What staff read on the pages of offers."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.groups import SUPPORT
from accounts.tests.factories.organizations import staff_in
from accounts.tests.factories.people import UserFactory
from bookings.models import Offer
from bookings.services.offers import accept_offer, make_offer
from bookings.tests.admin.test_pages import page_of
from bookings.tests.factories.market import OfferFactory, countered
from catalog.tests.factories.market import ProductFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/bookings/offer/"


def office():
    client = Client()
    client.force_login(staff_in(SUPPORT))
    return client


@pytest.mark.capability("K09")
def test_a_page_shows_the_whole_bargaining_and_names_the_product():
    offer = OfferFactory()
    bid = countered(countered(offer, 190), 160)

    page = page_of(bid, SUPPORT)

    assert all(price in page for price in ("150.00 AED", "190.00 AED", "160.00 AED"))
    assert reverse("admin:catalog_product_change", args=[offer.product_id]) in page


@pytest.mark.capability("K10")
def test_an_accepted_offer_leads_to_its_sale():
    offer = OfferFactory()
    accepted = accept_offer(offer=offer, actor=offer.seller)

    page = page_of(offer, SUPPORT)

    assert reverse("admin:bookings_transaction_change", args=[accepted.transaction.pk]) in page


@pytest.mark.capability("K12")
def test_staff_see_what_a_threshold_decided():
    product = ProductFactory(min_offer=Decimal(160))
    make_offer(buyer=UserFactory(), product=product, price=Decimal(150))
    OfferFactory(product=product, price=Decimal(170))

    found = office().get(LIST, {"decided_by_rule__exact": "1"}).context["cl"].result_list

    assert [offer.offered_price for offer in found] == [150]
    assert "declined" in page_of(Offer.objects.get(decided_by_rule=True), SUPPORT)


def test_offers_are_found_by_product_state_and_people():
    offer = OfferFactory(
        product=ProductFactory(title="Harp", seller=UserFactory(full_name="Zebedee"))
    )
    other = OfferFactory()
    client = office()

    for query in (
        {"product__id__exact": str(offer.product_id)},
        {"buyer__id__exact": str(offer.buyer_id)},
        {"q": offer.seller.full_name},
        {"q": offer.product.title},
    ):
        found = client.get(LIST, query).context["cl"].result_list
        assert [row.pk for row in found] == [offer.pk], query
    assert client.get(LIST, {"status__exact": "pending"}).context["cl"].result_count == 2
    assert other.status == "pending"


def test_nobody_changes_an_offer_by_hand():
    offer = OfferFactory()
    client = office()

    client.post(f"{LIST}{offer.pk}/change/", {"offered_price": "1"})
    client.post(f"{LIST}{offer.pk}/delete/", {"post": "yes"})

    assert Offer.objects.get().offered_price == 150
