"""Products for tests."""

from decimal import Decimal
from typing import Any

import factory
from django.utils import timezone

from accounts.tests.factories.people import UserFactory
from catalog.choices import FeedType, ProductCategory, ProductCondition, ProductStatus
from catalog.models import Product


class ProductFactory(factory.django.DjangoModelFactory):
    """A published product that anybody may buy; ``draft`` is not published yet.

    ``community`` needs a ``building`` and is seen by its verified residents alone.
    """

    class Meta:
        model = Product

    seller = factory.SubFactory(UserFactory)
    title = factory.Sequence(lambda n: f"Sofa {n}")
    price = Decimal(200)
    currency = "AED"
    category = ProductCategory.FURNITURE
    condition = ProductCondition.GOOD
    feed_type = FeedType.DISCOVER
    status = ProductStatus.ACTIVE
    published_at = factory.LazyFunction(timezone.now)
    discover_from = factory.LazyAttribute(
        lambda made: made.published_at if made.feed_type == FeedType.DISCOVER else None
    )

    class Params:
        draft = factory.Trait(status=ProductStatus.DRAFT, published_at=None, discover_from=None)
        community = factory.Trait(feed_type=FeedType.COMMUNITY)

    @classmethod
    def _create(cls, model_class: type[Product], *args: Any, **kwargs: Any) -> Product:
        made: Product = super()._create(model_class, *args, **kwargs)
        made.refresh_from_db()
        return made
