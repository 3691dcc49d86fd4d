"""Searching products, and the order that explains itself."""

from datetime import timedelta

import pytest
from django.db import connection

from accounts.models import Follow
from accounts.tests.clients import client_of
from accounts.tests.factories.buildings import ResidencyFactory
from accounts.tests.factories.people import UserFactory
from catalog.choices import ProductStatus
from catalog.models import Product, ProductLike
from catalog.querysets.feeds import words
from catalog.tests.factories.market import ProductFactory
from config.shared.clock import database_now

pytestmark = pytest.mark.django_db

LIST = "/api/v1/products/"
HERE = {"lat": 25.0805, "lng": 55.1403}
THERE = {"lat": 25.1405, "lng": 55.1403}


@pytest.fixture
def found(api):
    def titles(query, client=api):
        response = client.get(LIST, query)
        assert response.status_code == 200, response.content
        return [row["title"] for row in response.data["results"]]

    return titles


@pytest.mark.capability("K38")
def test_words_count_more_in_the_title_than_in_tags_and_least_in_the_description(found):
    ProductFactory(title="Armchair", description="It goes with any velvet sofa.")
    ProductFactory(title="Chesterfield", tags={"lifestyle": ["velvet"]})
    ProductFactory(title="Velvet curtains")
    ProductFactory(title="Lamp")

    best_first = {"search": "velvet", "ordering": "relevance"}

    assert found(best_first) == ["Velvet curtains", "Chesterfield", "Armchair"]
    assert found({"search": "velvet"}) == ["Velvet curtains", "Chesterfield", "Armchair"]
    assert found({"search": "curtain"}) == ["Velvet curtains"]
    assert found({"search": '"velvet sofa"'}) == ["Armchair"]
    assert found({"search": "velvet -curtains"}) == ["Chesterfield", "Armchair"]
    assert found({"search": "lamp or armchair"}) == ["Lamp", "Armchair"]


@pytest.mark.capability("K38")
@pytest.mark.parametrize("typed", ["soffa", "velvte sofa", "velvat", "VELEVT", "velvet soda"])
def test_typing_errors_are_forgiven_where_words_find_little(found, typed):
    ProductFactory(title="Green velvet sofa")
    ProductFactory(title="Brass lamp")

    assert found({"search": typed}) == ["Green velvet sofa"]
    assert found({"search": typed, "ordering": "relevance"}) == ["Green velvet sofa"]


@pytest.mark.capability("K38")
def test_what_sellers_mistyped_is_found_too_where_little_else_is(found):
    ProductFactory(title="Grey sofa")
    ProductFactory(title="Blue soffa")

    assert found({"search": "sofa"}) == ["Blue soffa", "Grey sofa"]
    assert found({"search": "grey soffa"}) == ["Grey sofa"]
    assert found({"search": '"sofa"'}) == ["Grey sofa"]


@pytest.mark.capability("K38")
def test_where_words_find_enough_nothing_similar_is_shown(found):
    for number in range(5):
        ProductFactory(title=f"Sofa {number}")
    ProductFactory(title="Soffa")

    assert "Soffa" not in found({"search": "sofa"})


@pytest.mark.capability("K38")
def test_a_search_is_combined_with_everything_else_and_stays_in_its_feed(found):
    home = ResidencyFactory(verified=True)
    ProductFactory(title="Sofa A", price=100, category="furniture", **HERE)
    ProductFactory(title="Sofa B", price=300, category="furniture", **THERE)
    ProductFactory(title="Sofa C", price=100, category="other", condition="new", **HERE)
    ProductFactory(title="Sofa at home", community=True, building=home.building)
    ProductFactory(title="Sofa gone", status=ProductStatus.SOLD, sold_at=database_now())
    near = {"near": "25.0805,55.1403", "radius_km": 2}

    assert found({"search": "sofa", "category": "furniture"}) == ["Sofa B", "Sofa A"]
    assert found({"search": "sofa", "max_price": 100, "condition": "good"}) == ["Sofa A"]
    assert found({"search": "sofa", **near}) == ["Sofa C", "Sofa A"]
    assert found({"search": "soffa", **near, "ordering": "distance"}) == ["Sofa A", "Sofa C"]
    assert found({"search": "sofa", "ordering": "price"}) == ["Sofa A", "Sofa C", "Sofa B"]
    mine = {"search": "sofa", "feed": "community", "ordering": "relevance"}
    assert found(mine, client_of(home.user)) == ["Sofa at home"]


@pytest.mark.capability("K38")
@pytest.mark.parametrize(
    "typed", ["the", "-", "'", "\\", "%", "(((", "!!&|", "\u0627\u0631\u064a\u0643\u0629"]
)
def test_searches_without_a_word_find_nothing_and_break_nothing(found, typed):
    ProductFactory(title="Sofa")

    assert found({"search": typed}) == []
    assert found({"search": typed, "ordering": "relevance"}) == []


@pytest.mark.capability("K38")
def test_words_of_other_languages_are_found_as_they_stand(found):
    ProductFactory(title="\u0623\u0631\u064a\u0643\u0629 \u062e\u0636\u0631\u0627\u0621")
    ProductFactory(title="\u0939\u0930\u093e \u0938\u094b\u092b\u093c\u093e")

    assert len(found({"search": "\u0623\u0631\u064a\u0643\u0629"})) == 1
    assert len(found({"search": "\u0939\u0930\u093e"})) == 1


def reasons(client, query="ordering=why"):
    rows = client.get(f"{LIST}?{query}").data["results"]
    return [(row["title"], [reason["code"] for reason in row["why"]]) for row in rows]


@pytest.mark.capability("K36")
def test_an_explained_feed_weighs_sellers_kinds_places_and_age(api):
    me, followed = UserFactory(), UserFactory()
    Follow.objects.create(follower=me, followed=followed)
    liked = ProductFactory(title="Old book", category="books", **THERE)
    ProductLike.objects.create(product=liked, user=me)
    ProductFactory(title="Plain", **THERE)
    ProductFactory(title="Near", **HERE)
    ProductFactory(title="Followed", seller=followed)
    Product.objects.filter(title="Old book").update(
        discover_from=database_now() - timedelta(days=30)
    )

    assert reasons(client_of(me)) == [
        ("Followed", ["followed_seller", "freshness"]),
        ("Near", ["freshness"]),
        ("Plain", ["freshness"]),
        ("Old book", ["liked_category", "freshness"]),
    ]
    assert reasons(client_of(me), "ordering=why&near=25.0805,55.1403")[:2] == [
        ("Near", ["near", "freshness"]),
        ("Plain", ["near", "freshness"]),
    ]
    assert reasons(api) == [
        ("Followed", ["freshness"]),
        ("Near", ["freshness"]),
        ("Plain", ["freshness"]),
        ("Old book", ["freshness"]),
    ]


@pytest.mark.capability("K36")
def test_a_reason_says_what_a_person_understands_and_stays_the_same(api):
    product = ProductFactory()

    first, again = (api.get(f"{LIST}?ordering=why").data["results"] for _ in range(2))

    assert first == again
    assert first[0]["why"] == [
        {
            "code": "freshness",
            "text": f"It has been listed since {product.discover_from:%d %B %Y}.",
        }
    ]


@pytest.mark.capability("K36")
def test_a_followed_seller_outweighs_two_days_but_not_four():
    me, followed = UserFactory(), UserFactory()
    Follow.objects.create(follower=me, followed=followed)
    theirs = ProductFactory(title="Theirs", seller=followed)
    ProductFactory(title="Newer")

    for days, expected in ((2, ["Theirs", "Newer"]), (4, ["Newer", "Theirs"])):
        age = database_now() - timedelta(days=days)
        Product.objects.filter(pk=theirs.pk).update(discover_from=age)
        assert [title for title, _ in reasons(client_of(me))] == expected


@pytest.mark.capability("K38")
def test_words_and_titles_are_looked_up_in_their_indexes():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    products = Product.objects.order_by()

    assert "catalog_product_search" in products.with_words(words("velvet sofa")).explain()
    assert "catalog_product_words" in products.with_similar_title("velvte").explain()


@pytest.mark.capability("K38")
def test_what_postgresql_is_told_for_one_search_is_forgotten_after_it(found):
    ProductFactory(title="Green velvet sofa")
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_indexscan")
        before = cursor.fetchone()

    assert found({"search": "velvte"}) == ["Green velvet sofa"]

    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_indexscan")
        assert cursor.fetchone() == before
