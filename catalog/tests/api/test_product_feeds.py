"""The two feeds of products: who sees what, what is asked of it, and in which order."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.choices import UserStatus
from accounts.models import Block, Follow, User
from accounts.tests.clients import client_of
from accounts.tests.factories.buildings import BuildingFactory, ResidencyFactory
from accounts.tests.factories.papers import CheckedFileFactory
from accounts.tests.factories.people import UserFactory
from catalog.choices import ProductStatus
from catalog.models import Product, ProductImage, ProductLike
from catalog.tests.factories.market import ProductFactory
from config.shared.clock import database_now

pytestmark = pytest.mark.django_db

LIST = "/api/v1/products/"
MARINA = {"lat": 25.0805, "lng": 55.1403}
NEAR_MARINA = {"lat": 25.1105, "lng": 55.1403}
FAR = {"lat": 24.4539, "lng": 54.3773}


@pytest.fixture
def found(api):
    def titles(query="", client=api):
        response = client.get(f"{LIST}?{query}")
        assert response.status_code == 200, response.content
        return [row["title"] for row in response.data["results"]]

    return titles


@pytest.fixture
def refused(api):
    def codes(query, client=api):
        response = client.get(f"{LIST}?{query}")
        errors = response.data.get("errors") or [{"code": response.data["code"]}]
        return response.status_code, errors[0]["code"]

    return codes


@pytest.fixture
def home():
    return ResidencyFactory(verified=True)


@pytest.mark.capability("K02")
def test_discover_is_for_everybody_and_neighbours_have_a_feed_of_their_own(found, home):
    soon = database_now() + timedelta(hours=3)
    ProductFactory(title="For all")
    ProductFactory(title="At home", community=True, building=home.building)
    ProductFactory(
        title="First look",
        community=True,
        building=home.building,
        also_discover=True,
        discover_from=soon,
    )
    ProductFactory(title="Next door", community=True, building=BuildingFactory())
    neighbour, stranger = client_of(home.user), client_of(UserFactory())

    assert found() == ["For all"]
    assert found("feed=discover", stranger) == ["For all"]
    assert found("feed=community", neighbour) == ["First look", "At home"]
    assert found(f"feed=community&building={home.building.pk}", neighbour) == [
        "First look",
        "At home",
    ]
    assert found("feed=community", stranger) == []
    Product.objects.filter(title="First look").update(discover_from=database_now())
    assert found() == ["First look", "For all"]


@pytest.mark.capability("K02")
def test_the_feed_of_a_building_is_refused_to_whoever_does_not_live_there(refused, home):
    claimed = ResidencyFactory(building=home.building)
    query = f"feed=community&building={home.building.pk}"

    assert refused("feed=community") == (401, "not_authenticated")
    assert refused(query) == (401, "not_authenticated")
    assert refused(query, client_of(UserFactory())) == (403, "not_a_verified_resident")
    assert refused(query, client_of(claimed.user)) == (403, "not_a_verified_resident")
    assert refused(f"building={home.building.pk}", client_of(home.user)) == (400, "feed_missing")


@pytest.mark.capability("K02")
def test_feeds_leave_out_what_is_not_offered_and_whom_one_has_blocked(found, home):
    me = home.user
    blocked, blocking, gone = UserFactory(), UserFactory(), UserFactory()
    Block.objects.create(blocker=me, blocked=blocked)
    Block.objects.create(blocker=blocking, blocked=me)
    for seller in (blocked, blocking, gone):
        ProductFactory(seller=seller)
        ProductFactory(seller=seller, community=True, building=home.building)
    User.objects.filter(pk=gone.pk).update(status=UserStatus.SUSPENDED, is_active=False)
    ProductFactory(draft=True)
    ProductFactory(status=ProductStatus.SOLD, sold_at=database_now())
    ProductFactory(title="Mine", seller=me)

    assert found("", client_of(me)) == ["Mine"]
    assert found("feed=community", client_of(me)) == []


@pytest.mark.capability("K03")
def test_what_is_near_is_found_by_its_cell_and_its_distance_is_rounded(api, found):
    for title, place in (("Far", FAR), ("Nearer", NEAR_MARINA), ("Here", MARINA)):
        ProductFactory(title=title, **place)
    ProductFactory(title="Nowhere")

    assert found("lat=25.0805&lng=55.1403&ordering=distance") == ["Here", "Nearer"]
    assert found("near=25.0805,55.1403&radius_km=50&ordering=distance") == ["Here", "Nearer"]
    assert found("lat=25.0805&lng=55.1403&radius=1") == ["Here"]
    assert found("lat=25.0805&lng=55.1403") == ["Here", "Nearer"]
    assert found("bbox=54,24,54.9,25") == ["Far"]
    rows = api.get(f"{LIST}?lat=25.0805&lng=55.1403&ordering=distance").data["results"]
    assert [row["distance_m"] for row in rows] == [600, 3800]
    assert rows[0]["location"] == {"lat": 25.085, "lng": pytest.approx(55.1362, abs=1e-4)}
    assert {row["distance_m"] for row in api.get(LIST).data["results"]} == {None}


@pytest.mark.capability("K03")
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("lat=25", "place_incomplete"),
        ("lng=55", "place_incomplete"),
        ("radius=5", "near_missing"),
        ("radius_km=5", "near_missing"),
        ("lat=25&lng=55&radius=51", "max_value"),
        ("near=25,55&radius_km=50.1", "max_value"),
        ("lat=25&lng=55&radius=0", "radius_out_of_range"),
        ("lat=91&lng=55", "max_value"),
        ("lat=25&lng=55&near=25,55", "place_twice"),
        ("near=25,55&radius=1&radius_km=2", "radius_twice"),
        ("ordering=distance", "near_missing"),
        ("ordering=relevance", "search_missing"),
        ("ordering=cheapest", "invalid_choice"),
        ("ordering=-newest", "invalid_choice"),
        ("feed=other", "invalid_choice"),
        ("category=pets", "invalid_choice"),
        ("condition=broken", "invalid_choice"),
        ("is_available=perhaps", "invalid"),
        ("created_since=yesterday", "invalid"),
        ("min_price=-1", "min_value"),
        ("colour=red", "unknown_parameter"),
        ("bbox=1,2,3", "invalid"),
        ("cursor=made-up", "invalid_cursor"),
    ],
)
def test_what_is_not_understood_is_refused(refused, query, code):
    assert refused(query) == (400, code)


@pytest.mark.capability("K02")
def test_products_are_found_by_what_is_said_of_them(found):
    now = database_now()
    sofa = ProductFactory(
        title="Sofa", price=300, category="furniture", tags={"lifestyle": ["cosy", "the"]}
    )
    ProductFactory(title="Shirt", price=40, category="mens_fashion", condition="new")
    lamp = ProductFactory(
        title="Lamp", price=90, currency="INR", category="home_decor", condition="fair"
    )
    Product.objects.filter(pk=lamp.pk).update(discover_from=now - timedelta(days=3))
    ProductImage.objects.create(product=sofa, media=CheckedFileFactory(is_private=False))

    assert found("category=furniture&category=home_decor") == ["Sofa", "Lamp"]
    assert found("condition=new&condition=fair") == ["Shirt", "Lamp"]
    assert found("min_price=40&max_price=90") == ["Shirt", "Lamp"]
    assert found("currency=INR") == ["Lamp"]
    assert found(f"seller={sofa.seller_id}") == ["Sofa"]
    assert found("has_photo=true") == ["Sofa"]
    assert found("has_photo=false") == ["Shirt", "Lamp"]
    assert found("style=cosy") == ["Sofa"]
    assert found("style=the") == ["Sofa"]
    assert found("style=cos") == []
    since = (now - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert found(f"created_since={since}") == ["Shirt", "Sofa"]
    assert found("ordering=price") == ["Shirt", "Lamp", "Sofa"]
    assert found("ordering=-price") == ["Sofa", "Lamp", "Shirt"]


@pytest.mark.capability("K02")
def test_a_lapsed_reservation_counts_as_free_at_once(api, found):
    now = database_now()
    for title, minutes in (("Lapsed", -1), ("Reserved", 30)):
        ProductFactory(
            title=title,
            status=ProductStatus.RESERVED,
            claimed_until=now + timedelta(minutes=minutes),
        )
    ProductFactory(title="Free")

    assert found("is_available=true") == ["Free", "Lapsed"]
    assert found("is_available=false") == ["Reserved"]
    shown = {row["title"]: row for row in api.get(LIST).data["results"]}
    assert shown["Lapsed"]["status"] == "active"
    assert shown["Lapsed"]["is_available"] is True
    assert shown["Lapsed"]["reserved_until"] is None
    assert shown["Reserved"]["status"] == "reserved"
    assert shown["Reserved"]["reserved_until"] is not None


@pytest.mark.capability("K02")
def test_one_may_look_at_those_whom_one_follows_alone(found):
    me, followed = UserFactory(), UserFactory()
    Follow.objects.create(follower=me, followed=followed)
    ProductFactory(title="Theirs", seller=followed)
    ProductFactory(title="Another's")

    assert found("followed=true", client_of(me)) == ["Theirs"]
    assert found("followed=false", client_of(me)) == ["Another's"]
    assert found("followed=true") == []


@pytest.mark.capability("K02")
def test_cards_say_who_sells_and_whether_one_likes_it(api):
    me, product = UserFactory(), ProductFactory(price=Decimal("12.5"))
    ProductLike.objects.create(product=product, user=me)

    mine = client_of(me).get(LIST).data["results"][0]
    anybody = api.get(LIST).data["results"][0]

    assert mine["is_liked"] is True
    assert anybody["is_liked"] is False
    assert anybody["seller"]["name"] == product.seller.full_name
    assert anybody["price"] == "12.50"
    assert anybody["image"] is None
    assert anybody["location"] is None
    assert anybody["why"] is None


@pytest.mark.capability("K02")
def test_photographs_of_the_community_feed_are_linked_for_the_caller_alone(home):
    def shown(query, **values):
        product = ProductFactory(**values)
        for position in (1, 0):
            is_private = bool(values)
            media = CheckedFileFactory(
                is_private=is_private, renditions={"320": {"key": "tests/320", "size": 1}}
            )
            ProductImage.objects.create(product=product, media=media, position=position)
        return media, client_of(home.user).get(f"{LIST}?{query}").data["results"][0]["image"]

    for query, values in (
        ("", {}),
        ("feed=community", {"community": True, "building": home.building}),
    ):
        first, image = shown(query, **values)
        assert image["id"] == str(first.pk)
        assert ("token=" in image["links"]["320"]) is bool(values)
