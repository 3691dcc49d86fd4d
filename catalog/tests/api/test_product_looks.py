"""Products in the API: photographs and films, likes and views."""

import pytest
from django.utils import timezone

from accounts.choices import MediaKind, MediaPurpose
from accounts.models import Block
from accounts.tests.clients import client_of
from accounts.tests.factories.buildings import ResidencyFactory
from accounts.tests.factories.papers import CheckedFileFactory
from accounts.tests.factories.people import UserFactory
from catalog.models import Product, ProductLike, ProductView
from catalog.services.product_files import open_photographs
from catalog.tests.factories.market import ProductFactory

pytestmark = pytest.mark.django_db

LIST = "/api/v1/products/"
SOFA = {"title": "Sofa", "price": "200.00", "category": "furniture", "condition": "good"}


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


@pytest.mark.capability("K05")
def test_photographs_keep_their_order_and_a_film_has_its_picture(media_folder, seller):
    client = client_of(seller)
    second, third = photographs(seller, 2)
    film, first = (
        CheckedFileFactory(
            owner=seller,
            kind=kind,
            purpose=MediaPurpose.LISTING,
            renditions={"original": {"key": f"tests/{kind}", "size": 1}},
        )
        for kind in (MediaKind.VIDEO, MediaKind.IMAGE)
    )
    tags = {"lifestyle": ["cosy"], "urgency": "today", "event": "moving"}
    files = {"images": [str(second.pk), str(first.pk)], "video": str(film.pk), "tags": tags}

    made = client.post(LIST, {**SOFA, **files, "is_published": True})
    product = Product.objects.get(pk=made.data["id"])
    again = client.patch(
        page(product), {"images": [str(third.pk), str(second.pk)], "video_thumbnail": str(first.pk)}
    )

    assert [each["id"] for each in made.data["image_urls"]] == [str(second.pk), str(first.pk)]
    assert made.data["tags"] == tags
    assert [each["id"] for each in again.data["image_urls"]] == [str(third.pk), str(second.pk)]
    assert again.data["video_url"]
    assert again.data["video_thumbnail_url"]


@pytest.mark.capability("K05")
def test_files_of_others_are_not_shown(media_folder, seller):
    (foreign,) = photographs(UserFactory(), 1)

    refused = client_of(seller).post(LIST, {**SOFA, "images": [str(foreign.pk)]})

    assert refused.status_code == 400
    assert not Product.objects.exists()


@pytest.mark.capability("K02")
def test_photographs_for_neighbours_are_for_neighbours(media_folder, home):
    client = client_of(home.user)
    pictures = photographs(home.user, 1)
    body = {**SOFA, "feed_type": "community", "building": str(home.building_id)}
    product = client.post(
        LIST, {**body, "images": [str(pictures[0].pk)], "is_published": True}
    ).data["id"]
    path = f"/api/v1/media/{pictures[0].pk}/"

    neighbour = ResidencyFactory(building=home.building, verified=True).user

    assert client_of(neighbour).get(path).status_code == 200
    assert client_of(UserFactory()).get(path).status_code == 404
    client.patch(f"{LIST}{product}/", {"feed_type": "discover", "building": None})
    assert client_of(UserFactory()).get(path).status_code == 200


@pytest.mark.capability("K06")
def test_a_like_counts_once_and_can_be_taken_back(seller):
    product, client = ProductFactory(), client_of(seller)

    first, again = (client.post(page(product, "like/")) for _ in range(2))

    assert (first.data, again.data) == ({"is_liked": True, "like_count": 1},) * 2
    assert client.get(f"{LIST}liked/").data["results"][0]["id"] == str(product.pk)
    assert [client.delete(page(product, "like/")).status_code for _ in range(2)] == [204, 204]
    product.refresh_from_db()
    assert (product.like_count, ProductLike.objects.count()) == (0, 0)


@pytest.mark.capability("K06")
def test_a_view_counts_once_a_day_and_sellers_do_not(api, seller):
    product = ProductFactory(seller=seller)
    guest = client_of(UserFactory())

    for client in (guest, guest, client_of(seller), api, api):
        client.post(page(product, "view/"))
    other = api.post(page(product, "view/"), headers={"User-Agent": "Another browser"})

    assert other.data == {"view_count": 3}
    assert ProductView.objects.filter(user=None).exclude(visitor="").count() == 2
    assert not ProductView.objects.filter(visitor__contains="127.0.0").exists()


@pytest.mark.capability("K06", "M08")
def test_nothing_is_seen_between_people_with_a_block(seller):
    product, other = ProductFactory(seller=seller), UserFactory()
    Block.objects.create(blocker=seller, blocked=other)
    client = client_of(other)

    answers = [
        client.get(page(product)),
        client.post(page(product, "like/")),
        client.post(page(product, "view/")),
    ]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert not ProductLike.objects.exists()


@pytest.mark.capability("K07")
def test_own_and_liked_products_cost_the_same_however_many(seller, assert_constant_queries):
    client = client_of(seller)

    def grow():
        product = ProductFactory(seller=seller)
        client.post(page(product, "like/"))

    assert_constant_queries(lambda: client.get("/api/v1/products/mine/"), grow=grow)
    assert_constant_queries(lambda: client.get("/api/v1/products/liked/"), grow=grow)


@pytest.mark.capability("K02", "K05")
def test_photographs_are_open_to_all_once_neighbours_had_the_first_look(media_folder, api, home):
    renditions = {"320": {"key": "tests/320.webp", "size": 10}}
    picture = CheckedFileFactory(
        owner=home.user, purpose=MediaPurpose.LISTING, renditions=renditions
    )
    body = {**SOFA, "feed_type": "community", "building": str(home.building_id)}
    body |= {"also_discover": True, "is_published": True, "images": [str(picture.pk)]}
    product = Product.objects.get(pk=client_of(home.user).post(LIST, body).data["id"])
    assert open_photographs() == 0

    Product.objects.filter(pk=product.pk).update(discover_from=timezone.now())

    assert open_photographs() == 1
    assert "320" in api.get(page(product)).data["image_urls"][0]["links"]
    assert open_photographs() == 0
