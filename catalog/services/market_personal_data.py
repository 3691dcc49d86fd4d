"""What the market keeps about a person: what they sell, like and look at."""

from typing import Any

from accounts.models import User
from accounts.services.personal_data import all_facts
from catalog.choices import ProductStatus
from catalog.models import Product, ProductLike, ProductView
from catalog.services.product_moves import remove_product
from config.shared.personal_data import collects, erases


@collects("catalog.products")
def products(person: User) -> list[dict[str, Any]]:
    """What they sell, with the thresholds that nobody else knows."""
    rows = Product.objects.filter(seller=person).order_by("created_at", "pk")
    return all_facts(rows, without={"seller", "search"})


@collects("catalog.product_likes")
def product_likes(person: User) -> list[dict[str, Any]]:
    """What they like."""
    return all_facts(ProductLike.objects.filter(user=person), without={"user"})


@collects("catalog.product_views")
def product_views(person: User) -> list[dict[str, Any]]:
    """What they have looked at, by day."""
    return all_facts(ProductView.objects.filter(user=person), without={"user", "visitor"})


@erases("catalog.products")
def take_down_products(person: User) -> int:
    """Take down what they sell and forget where; what was sold keeps its record."""
    open_ones = Product.objects.filter(seller=person).exclude(
        status__in=[ProductStatus.REMOVED, ProductStatus.SOLD]
    )
    taken = 0
    for product in open_ones.order_by("pk"):
        remove_product(product=product, actor=person, reason="The seller has left.")
        taken += 1
    Product.objects.filter(seller=person).update(lat=None, lng=None, meeting_note="")
    return taken


@erases("catalog.product_likes")
def take_back_likes(person: User) -> int:
    """Delete what they like; how many like a thing stays a number."""
    return ProductLike.objects.filter(user=person).delete()[0]


@erases("catalog.product_views")
def forget_views(person: User) -> int:
    """Delete what they looked at; how many did stays a number."""
    return ProductView.objects.filter(user=person).delete()[0]
