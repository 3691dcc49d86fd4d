"""Products in the API: sellers describe, publish and take down; others look and like."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.choices import MediaKind, MediaPurpose
from accounts.tests.clients import client_of
from accounts.tests.factories.buildings import ResidencyFactory
from accounts.tests.factories.papers import CheckedFileFactory
from accounts.tests.factories.people import UserFactory
from catalog.choices import ProductStatus
from catalog.models import Product
from catalog.tests.factories.market import ProductFactory

pytestmark = pytest.mark.django_db

LIST = "/api/v1/products/"
SOFA = {"title": "Sofa", "price": "200.00", "category": "furniture", "condition": "good"}
# The fields of a product by its table, as the API names them.
FIELDS = {
    "id",
    "seller",
    "title",
    "description",
    "price",
    "original_price",
    "currency",
    "category",
    "condition",
    "feed_type",
    "neighborhood",
    "lat",
    "lng",
    "is_available",
    "view_count",
    "like_count",
    "image_urls",
    "video_url",
    "video_thumbnail_url",
    "tags",
    "created_at",
    "sold_at",
}


def page(product, verb=""):
    return f"{LIST}{product.pk}/{verb}"


@pytest.fixture
def seller():
    return UserFactory()


@pytest.fixture
def home():
    return ResidencyFactory(verified=True)


def photographs(person, number):
    return [
        CheckedFileFactory(owner=person, kind=MediaKind.IMAGE, purpose=MediaPurpose.LISTING)
        for _ in range(number)
    ]


@pytest.mark.capability("K01")
def test_a_product_is_written_down_and_published(api, seller):
    client = client_of(seller)

    made = client.post(
        LIST, {**SOFA, "lat": 25.0787, "lng": 55.1403, "min_offer": "150", "auto_accept": "190"}
    )

    assert made.status_code == 201
    assert FIELDS <= made.data.keys()
    assert (made.data["status"], made.data["is_available"]) == ("draft", False)
    assert (made.data["price"], made.data["currency"]) == ("200.00", "AED")
    product = Product.objects.get(pk=made.data["id"])
    assert api.get(page(product)).status_code == 404
    published = client.post(page(product, "publish/"))
    assert (published.data["status"], published.data["is_available"]) == ("active", True)
    assert api.get(page(product)).data["title"] == "Sofa"
    assert client.post(page(product, "publish/")).status_code == 409


@pytest.mark.capability("K04", "K12")
def test_what_is_the_sellers_own_is_shown_to_nobody_else(api, seller):
    product = ProductFactory(seller=seller, lat=25.0787, lng=55.1403, min_offer=150)
    product.meeting_note = "Lobby"
    product.save()

    own = client_of(seller).get(page(product)).data
    others = [api.get(page(product)).data, client_of(UserFactory()).get(page(product)).data]

    assert (own["min_offer"], own["lat"], own["meeting_note"]) == ("150.00", 25.0787, "Lobby")
    for shown in others:
        assert {shown[name] for name in ("min_offer", "auto_accept", "lat", "lng")} == {None}
        assert shown["meeting_note"] is None
        assert abs(shown["cell_lat"] - 25.0787) <= 0.01


@pytest.mark.capability("K01")
@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"title": "x" * 101}, "/title"),
        ({"price": "0"}, "/price"),
        ({"price": "1.005"}, "/price"),
        ({"category": "weapons"}, "/category"),
        ({"condition": "broken"}, "/condition"),
        ({"feed_type": "community"}, None),
        ({"original_price": "100"}, None),
        ({"min_offer": "300"}, None),
        ({"min_offer": "180", "auto_accept": "150"}, None),
        ({"tags": {"mood": "blue"}}, "/tags"),
        ({"lat": 25.0}, None),
        ({"currency": "ZZZ"}, "/currency"),
    ],
)
def test_what_will_not_do_is_refused_where_it_stands(seller, change, pointer):
    refused = client_of(seller).post(LIST, {**SOFA, **change})

    assert refused.status_code == 400
    assert pointer is None or pointer in {error["pointer"] for error in refused.data["errors"]}
    assert not Product.objects.exists()


@pytest.mark.capability("K01")
def test_who_has_proved_no_phone_number_sells_nothing(api):
    by_email = UserFactory(with_email=True, phone_verified=False)

    refused = client_of(by_email).post(LIST, SOFA)

    assert (refused.status_code, refused.data["code"]) == (403, "phone_verification_required")
    assert api.post(LIST, SOFA).status_code == 401
    assert not Product.objects.exists()


@pytest.mark.capability("K02")
def test_the_feed_of_a_building_is_for_those_who_live_there(home, seller):
    body = {**SOFA, "feed_type": "community", "building": str(home.building_id)}
    body["is_published"] = True

    refused = client_of(seller).post(LIST, body)
    made = client_of(home.user).post(LIST, body)

    assert (refused.status_code, refused.data["code"]) == (403, "not_a_verified_resident")
    product = Product.objects.get(pk=made.data["id"])
    assert product.discover_from is None
    neighbour = ResidencyFactory(building=home.building, verified=True).user
    assert client_of(neighbour).get(page(product)).status_code == 200
    assert client_of(seller).get(page(product)).status_code == 404


@pytest.mark.capability("K02")
def test_neighbours_have_the_first_look_at_what_others_may_see_as_well(api, home):
    body = {**SOFA, "feed_type": "community", "building": str(home.building_id)}
    body |= {"is_published": True, "also_discover": True}

    product = Product.objects.get(pk=client_of(home.user).post(LIST, body).data["id"])

    assert product.discover_from == product.published_at + timedelta(hours=24)
    assert api.get(page(product)).status_code == 404
    Product.objects.filter(pk=product.pk).update(discover_from=timezone.now())
    assert api.get(page(product)).status_code == 200


@pytest.mark.capability("K01", "K07")
def test_only_the_seller_changes_a_product_and_never_its_state(seller):
    product = ProductFactory(seller=seller)
    stranger = client_of(UserFactory())

    assert stranger.patch(page(product), {"title": "Mine"}).status_code == 403
    assert stranger.post(page(product, "publish/")).status_code == 403
    assert stranger.post(page(product, "remove/")).status_code == 403
    client_of(seller).patch(page(product), {"status": "sold", "title": "Big sofa"})

    product.refresh_from_db()
    assert (product.status, product.title) == (ProductStatus.ACTIVE, "Big sofa")


@pytest.mark.capability("K07")
def test_a_stale_change_is_refused(seller):
    product, client = ProductFactory(seller=seller), client_of(seller)
    tag = client.get(page(product))["ETag"]
    client.patch(page(product), {"title": "One"}, headers={"If-Match": tag})

    late = client.patch(page(product), {"title": "Two"}, headers={"If-Match": tag})

    assert late.status_code == 412
    assert Product.objects.get().title == "One"


@pytest.mark.capability("K07")
def test_what_is_removed_is_gone_for_others_and_seen_by_its_seller(api, seller):
    product, client = ProductFactory(seller=seller), client_of(seller)

    assert client.post(page(product, "remove/")).status_code == 204

    assert api.get(page(product)).status_code == 404
    assert client.get(page(product)).data["status"] == "removed"
    refused = client.post(page(product, "remove/"))
    assert (refused.status_code, refused.data["current"]) == (409, "removed")
    assert client.patch(page(product), {"title": "Back"}).status_code == 409


@pytest.mark.capability("K07")
def test_what_is_sold_keeps_its_page_and_leaves_lists(api, seller):
    product = ProductFactory(seller=seller)
    Product.objects.filter(pk=product.pk).update(status=ProductStatus.SOLD, sold_at=timezone.now())

    assert api.get(page(product)).data["status"] == "sold"
    assert api.get(LIST).data["results"] == []
    mine = client_of(seller).get(f"{LIST}mine/?status=sold").data["results"]
    assert [each["id"] for each in mine] == [str(product.pk)]


@pytest.mark.capability("K07")
def test_a_reservation_that_lapsed_shows_as_free_before_any_job_has_run(api):
    product = ProductFactory()
    past = timezone.now() - timedelta(minutes=1)
    rows = Product.objects.filter(pk=product.pk)
    rows.update(status=ProductStatus.RESERVED, claimed_until=past)

    free = api.get(page(product)).data
    rows.update(claimed_until=timezone.now() + timedelta(hours=1))
    taken = api.get(page(product)).data

    assert (free["status"], free["is_available"], free["reserved_until"]) == ("active", True, None)
    assert (taken["status"], taken["is_available"]) == ("reserved", False)
    assert taken["reserved_until"]


@pytest.mark.capability("K01")
def test_a_day_has_so_many_new_products(seller, settings):
    from accounts.services.settings import change_setting

    change_setting(key="products_per_day", value=2, actor=UserFactory(superuser=True))
    client = client_of(seller)

    answers = [client.post(LIST, SOFA) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert answers[2]["Retry-After"]
