"""The fee on sales: by the feed through which the buyer found the thing, rounded half up."""

from decimal import Decimal

import pytest

from accounts.services.settings import change_setting
from accounts.tests.clients import client_of
from accounts.tests.factories.buildings import BuildingFactory, ResidencyFactory
from accounts.tests.factories.people import UserFactory
from bookings.services.sale_fees import fee_for_sale
from catalog.tests.factories.market import ProductFactory
from config.shared.errors import InvalidInputError

pytestmark = [pytest.mark.django_db, pytest.mark.capability("K13")]

FEES = "/api/v1/payments/fees/"


def community_product(building, **values):
    return ProductFactory(community=True, building=building, **values)


def neighbour(building):
    return ResidencyFactory(building=building, verified=True).user


def test_discover_costs_its_percentage_and_neighbours_pay_nothing():
    building = BuildingFactory()
    product = community_product(building)

    stranger = fee_for_sale(product=product, buyer=UserFactory(), amount=Decimal(200))
    next_door = fee_for_sale(product=product, buyer=neighbour(building), amount=Decimal(200))
    elsewhere = fee_for_sale(product=ProductFactory(), buyer=neighbour(building), amount=Decimal(9))

    assert (stranger.feed_type, stranger.platform_fee, stranger.payee_gets) == ("discover", 10, 190)
    assert (next_door.feed_type, next_door.platform_fee) == ("community", 0)
    assert elsewhere.feed_type == "discover"


def test_who_only_claims_to_live_there_is_no_neighbour():
    building = BuildingFactory()
    claimed = ResidencyFactory(building=building).user

    found = fee_for_sale(product=community_product(building), buyer=claimed, amount=Decimal(200))

    assert found.feed_type == "discover"


@pytest.mark.parametrize(
    ("currency", "amount", "kept"),
    [
        ("AED", "0.10", "0.01"),
        ("AED", "0.09", "0.00"),
        ("AED", "99.90", "5.00"),
        ("JPY", "10", "1"),
        ("JPY", "9", "0"),
        ("KWD", "0.010", "0.001"),
        ("KWD", "123.456", "6.173"),
    ],
)
def test_half_a_minor_unit_is_rounded_up_and_the_rest_is_the_sellers(currency, amount, kept):
    product = ProductFactory(currency=currency, price=Decimal(500))

    found = fee_for_sale(product=product, buyer=None, amount=Decimal(amount))

    assert str(found.platform_fee) == kept
    assert found.platform_fee + found.payee_gets == Decimal(amount)


def test_an_amount_that_the_currency_does_not_know_is_refused():
    with pytest.raises(InvalidInputError):
        fee_for_sale(product=ProductFactory(), buyer=None, amount=Decimal("0.001"))


def test_the_fee_follows_the_setting():
    change_setting(
        key="discover_fee_percent", value="7.5", actor=UserFactory(superuser=True), reason="Test"
    )

    assert (
        fee_for_sale(product=ProductFactory(), buyer=None, amount=Decimal(200)).platform_fee == 15
    )


def test_the_fee_on_a_product_is_shown_before_anybody_pays():
    building = BuildingFactory()
    product = community_product(building, price=Decimal("99.90"))
    client = client_of(neighbour(building))

    at_its_price = client.post(FEES, {"product": str(product.pk)})
    offered = client.post(FEES, {"product": str(ProductFactory().pk), "amount": "99.90"})
    by_feed = client.post(
        FEES, {"amount": "100", "currency": "AED", "purpose": "sale", "feed_type": "discover"}
    )

    assert at_its_price.data["amount"] == "99.90"
    assert (at_its_price.data["feed_type"], at_its_price.data["platform_fee"]) == (
        "community",
        "0.00",
    )
    assert (offered.data["purpose"], offered.data["feed_type"]) == ("sale", "discover")
    assert (offered.data["platform_fee"], offered.data["payee_gets"]) == ("5.00", "94.90")
    assert by_feed.data["platform_fee"] == "5.00"


def test_what_is_missing_or_unseen_is_refused():
    client = client_of(UserFactory())
    hidden = community_product(BuildingFactory())

    unseen = client.post(FEES, {"product": str(hidden.pk)})
    nothing = client.post(FEES, {"purpose": "sale"})
    other = client.post(FEES, {"product": str(ProductFactory().pk), "currency": "EUR"})

    assert unseen.data["errors"][0]["code"] == "does_not_exist"
    assert nothing.data["errors"][0]["pointer"] == "/amount"
    assert other.data["errors"][0]["code"] == "currency_differs"
