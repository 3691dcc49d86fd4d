"""Pages of the feeds of products: they join, cost the same, and can be put on a map."""

from datetime import timedelta

import pytest
from django.db.models import F

from accounts.tests.clients import client_of
from accounts.tests.factories.buildings import ResidencyFactory
from accounts.tests.factories.papers import CheckedFileFactory
from accounts.tests.factories.people import UserFactory
from catalog.api.serializers.product_cards import ProductCardSerializer
from catalog.choices import ProductStatus
from catalog.models import Product, ProductImage, ProductLike
from catalog.services.feed_places import Around
from catalog.services.feeds import Wish, in_order
from catalog.tests.factories.market import ProductFactory
from config.shared.clock import database_now

pytestmark = pytest.mark.django_db

LIST = "/api/v1/products/"
MARINA = {"lat": 25.0805, "lng": 55.1403}


@pytest.fixture
def home():
    return ResidencyFactory(verified=True)


@pytest.mark.capability("K02")
@pytest.mark.parametrize(
    "query",
    [
        "ordering=newest",
        "ordering=price",
        "ordering=-price",
        "near=25.0805,55.1403&ordering=distance",
        "search=sofa&ordering=relevance",
        "search=sofa",
        "search=sofa&ordering=-price",
        "ordering=why",
        "near=25.0805,55.1403&ordering=why",
    ],
)
def test_pages_of_every_order_join_without_gaps_or_doubles(api, query):
    for number in range(7):
        ProductFactory(price=100 + number % 3, **MARINA, title=f"Sofa {'blue ' * (number % 2)}")
    whole = [row["id"] for row in api.get(f"{LIST}?{query}").data["results"]]

    seen, address = [], f"{LIST}?{query}&page_size=2"
    while address:
        page = api.get(address).data
        seen += [row["id"] for row in page["results"]]
        address = page["next"]

    assert len(whole) == 7
    assert seen == whole
    back = api.get(api.get(f"{LIST}?{query}&page_size=4").data["next"]).data["previous"]
    assert [row["id"] for row in api.get(back).data["results"]] == whole[:4]


@pytest.mark.capability("K02")
def test_a_cursor_is_of_one_order_alone(api):
    for number in range(3):
        ProductFactory(title=f"Sofa {number}", **MARINA)
    orders = ("newest", "price", "-price", "distance", "relevance", "why")
    query = f"{LIST}?page_size=1&search=sofa&near=25.0805,55.1403&ordering="
    pages = {order: api.get(f"{query}{order}").data["next"] for order in orders}

    statuses = {
        (made, read): api.get(page.replace(f"ordering={made}", f"ordering={read}")).status_code
        for made, page in pages.items()
        for read in orders
    }

    assert all(
        status == (200 if made == read else 400) for (made, read), status in statuses.items()
    )


@pytest.mark.capability("K02")
def test_as_geojson_a_feed_is_a_collection_of_points(api):
    ProductFactory(**MARINA)

    answer = api.get(LIST, headers={"Accept": "application/geo+json"}).json()

    assert answer["type"] == "FeatureCollection"
    assert answer["features"][0]["geometry"]["coordinates"][1] == 25.085
    assert api.get(LIST).data["results"][0]["location"]["lat"] == 25.085


@pytest.mark.capability("K02", "K03", "K36", "K38")
@pytest.mark.parametrize(
    "query",
    [
        "",
        "feed=community",
        "ordering=why&near=25.0805,55.1403",
        "search=sofa&ordering=relevance",
        "near=25.0805,55.1403&ordering=distance&followed=false",
    ],
)
def test_lists_cost_the_same_however_much_is_on_offer(assert_constant_queries, home, query):
    def grow():
        for place in ({}, {"community": True, "building": home.building}):
            product = ProductFactory(**MARINA, **place)
            media = CheckedFileFactory(is_private=bool(place))
            ProductImage.objects.create(product=product, media=media)
            ProductLike.objects.create(product=product, user=home.user)

    client = client_of(home.user)
    for _ in range(6):
        grow()
    assert_constant_queries(lambda: client.get(f"/api/v1/products/?{query}"), grow)


@pytest.mark.capability("K02")
def test_a_card_is_written_out_as_its_fields_describe_it(home, rf):
    avatar = CheckedFileFactory(is_private=False)
    seller = UserFactory(avatar=avatar)
    pictured = ProductFactory(seller=seller, original_price=900, **MARINA)
    ProductImage.objects.create(product=pictured, media=CheckedFileFactory(is_private=False))
    ProductFactory(
        community=True,
        building=home.building,
        status=ProductStatus.RESERVED,
        claimed_until=database_now() + timedelta(hours=1),
    )
    request = rf.get(LIST)
    request.user = home.user
    wish = Wish(user=home.user, feed="community", around=Around(25.08, 55.14, 5000))
    serializer = ProductCardSerializer(context={"request": request})

    cards = [
        *in_order(Product.objects.with_listed_at("community"), "newest", wish=wish),
        *in_order(Product.objects.with_listed_at("community"), "why", wish=wish),
    ]

    assert len(cards) == 4
    for card in cards:
        described = super(ProductCardSerializer, serializer).to_representation(card)
        assert serializer.to_representation(card) == described
        assert list(serializer.to_representation(card)) == list(described)


@pytest.mark.capability("K04")
def test_nobody_learns_by_a_building_where_exactly_a_seller_lives(api, home):
    seller = ResidencyFactory(verified=True, building=home.building).user
    made = client_of(seller).post(
        LIST,
        {
            "title": "Sofa",
            "price": "100",
            "category": "furniture",
            "condition": "good",
            "feed_type": "community",
            "building": str(home.building_id),
            "also_discover": True,
            "is_published": True,
        },
    )
    Product.objects.update(discover_from=F("published_at"))
    key, page = str(home.building_id), f"{LIST}{made.data['id']}/"

    for stranger in (api, client_of(UserFactory())):
        assert key not in stranger.get(page).content.decode()
        listed = stranger.get(LIST)
        assert (len(listed.data["results"]), key in listed.content.decode()) == (1, False)
    for client in (client_of(seller), client_of(home.user)):
        assert client.get(page).data["building"]["id"] == key
        assert str(client.get(f"{LIST}?feed=community").data["results"][0]["building"]) == key
