"""Likes and views of products: each counts once, however many come at the same time."""

from django.db.models import F

from accounts.models import User
from catalog.models import Product, ProductLike, ProductView
from config.shared.clock import database_now
from config.shared.locks import lock
from config.shared.retries import retry_transaction


@retry_transaction
def like_product(*, product: Product, user: User) -> bool:
    """Note that ``user`` likes ``product``; returns whether they did not before."""
    lock(product)
    _, is_new = ProductLike.objects.get_or_create(product=product, user=user)
    if is_new:
        Product.objects.filter(pk=product.pk).update(like_count=F("like_count") + 1)
    return is_new


@retry_transaction
def unlike_product(*, product: Product, user: User) -> bool:
    """Note that ``user`` likes ``product`` no more; returns whether they did before."""
    lock(product)
    gone, _ = ProductLike.objects.filter(product=product, user=user).delete()
    if gone:
        Product.objects.filter(pk=product.pk).update(like_count=F("like_count") - 1)
    return bool(gone)


@retry_transaction
def view_product(*, product: Product, viewer: User | None, visitor: str) -> bool:
    """Count that somebody looked at ``product``: once per person, or browser, and day.

    ``visitor`` stands for a ``viewer`` who is not signed in. Sellers who look at what they sell
    are not counted. Returns whether it was counted.
    """
    if viewer is not None and viewer.pk == product.seller_id:
        return False
    row = ProductView(
        product=product,
        user=viewer,
        visitor="" if viewer else visitor,
        day=database_now().date(),
    )
    before = ProductView.objects.filter(pk=row.pk)
    ProductView.objects.bulk_create([row], ignore_conflicts=True)
    if not before.exists():
        return False
    Product.objects.filter(pk=product.pk).update(view_count=F("view_count") + 1)
    return True
