"""What offers and reservations keep about a person: taken away on request, ended, forgotten."""

import json
from decimal import Decimal

import pytest

from accounts.services.erasure import carry_out, schedule
from accounts.tests.factories.people import UserFactory
from accounts.tests.lives import found_anywhere
from bookings.models import Offer, Transaction
from bookings.services.offers import accept_offer, make_offer
from bookings.services.reservations import cancel_reservation
from bookings.tests.factories.market import OfferFactory, ReservationFactory
from catalog.models import Product
from catalog.tests.factories.market import ProductFactory
from config.shared.personal_data import collected
from config.tests.support import drain

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A23")]


def test_people_take_away_their_own_words_and_not_the_other_sides():
    product, buyer = ProductFactory(title="Quagmire's sofa"), UserFactory()
    make_offer(buyer=buyer, product=product, price=Decimal(150), message="Zebedee would come today")

    mine = collected(buyer)["bookings.market_offers"]
    theirs = collected(product.seller)["bookings.market_offers"]

    assert (mine[0]["message"], mine[0]["as_seller"]) == ("Zebedee would come today", False)
    assert (theirs[0]["product_title"], theirs[0]["as_seller"]) == ("Quagmire's sofa", True)
    assert "message" not in theirs[0]
    said = json.dumps([mine, theirs])
    assert str(buyer.pk) not in said
    assert str(product.seller_id) not in said
    assert "decided_by_rule" not in said


def test_whoever_leaves_takes_their_offers_and_reservations_back(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    person = UserFactory(full_name="Zebedee Quagmire", last_name="Quagmire")
    open_offer = make_offer(
        buyer=person, product=ProductFactory(), price=Decimal(150), message="Quagmire asks"
    )
    asked = OfferFactory(product=ProductFactory(seller=person))
    kept = OfferFactory(buyer=person)
    accept_offer(offer=kept, actor=kept.seller)
    ended = ReservationFactory(buyer=person)
    cancel_reservation(transaction=ended, actor=person, reason="Quagmire has moved")

    request = schedule(person, asked_by=person, at_once=True)
    carry_out(request_id=request.pk)
    drain()

    open_offer.refresh_from_db()
    asked.refresh_from_db()
    assert (open_offer.status, open_offer.message) == ("withdrawn", "")
    assert asked.status == "declined"
    assert set(Transaction.objects.values_list("status", "ended_reason")) == {("failed", "")}
    assert not Product.objects.filter(status="reserved").exists()
    assert Offer.objects.count() == 3
    assert found_anywhere("Quagmire") == set()
