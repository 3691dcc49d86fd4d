"""Products under many people at once."""

import pytest

from accounts.tests.factories.people import UserFactory
from catalog.models import Product, ProductLike, ProductView
from catalog.services.product_likes import like_product, unlike_product, view_product
from catalog.services.product_moves import publish_product, remove_product
from catalog.tests.factories.market import ProductFactory
from config.shared.errors import InvalidTransitionError
from config.tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.capability("K06")
def test_fifty_likes_at_once_are_fifty_and_each_persons_is_one():
    product = ProductFactory()
    people = [UserFactory() for _ in range(25)]

    race(*(lambda p=p: like_product(product=product, user=p) for p in [*people, *people]))

    product.refresh_from_db()
    assert (product.like_count, ProductLike.objects.count()) == (25, 25)
    race(*(lambda p=p: unlike_product(product=product, user=p) for p in [*people, *people]))
    product.refresh_from_db()
    assert (product.like_count, ProductLike.objects.count()) == (0, 0)


@pytest.mark.capability("K06")
def test_views_at_once_count_once_for_each_viewer():
    product = ProductFactory()
    people = [UserFactory() for _ in range(10)]

    race(
        *(lambda p=p: view_product(product=product, viewer=p, visitor="") for p in people * 3),
        *(lambda: view_product(product=product, viewer=None, visitor="v") for _ in range(20)),
    )

    product.refresh_from_db()
    assert (product.view_count, ProductView.objects.count()) == (11, 11)


@pytest.mark.capability("K07")
def test_of_removals_and_publications_at_once_each_move_is_made_once():
    product = ProductFactory(draft=True)
    seller = product.seller

    results = race(
        *(lambda: publish_product(product=product, actor=seller) for _ in range(5)),
        *(lambda: remove_product(product=product, actor=seller) for _ in range(5)),
    )

    refused = [result for result in results if isinstance(result, InvalidTransitionError)]
    assert len(results) - len(refused) in {1, 2}
    assert Product.objects.get().status == "removed"
