"""What belongs to products: their photographs, and who likes and looks at them."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from catalog.models.market import Product
from catalog.querysets.market import ProductLikeQuerySet, ProductViewQuerySet
from config.shared.models import IdentifiedModel


class ProductImage(IdentifiedModel):
    """A photograph of a product, in its place among the others."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="pictures")
    media = models.ForeignKey(
        "accounts.MediaFile",
        models.CASCADE,
        related_name="product_pictures",
        verbose_name="photograph",
    )
    position = models.PositiveSmallIntegerField(default=0)

    objects = models.Manager["ProductImage"]()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                "product",
                "media",
                name="catalog_productimage_once",
                violation_error_code="picture_twice",
                violation_error_message="This photograph is among the product's already.",
            ),
            models.UniqueConstraint(
                "product",
                "position",
                name="catalog_productimage_position",
                violation_error_code="position_taken",
                violation_error_message="Two photographs cannot have the same place.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product}, {self.position}"


class ProductLike(IdentifiedModel):
    """Somebody likes a product."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="likes")
    user = models.ForeignKey(
        "accounts.User", models.CASCADE, related_name="products_liked", verbose_name="person"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ProductLikeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        indexes = [models.Index("user", F("id").desc(), name="catalog_productlike_user")]
        constraints = [
            models.UniqueConstraint(
                "product",
                "user",
                name="catalog_productlike_once",
                violation_error_code="liked_already",
                violation_error_message="You like this already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} likes {self.product}"


class ProductView(IdentifiedModel):
    """Somebody looked at a product on one day; they are counted once that day."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="views")
    user = models.ForeignKey(
        "accounts.User",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="products_viewed",
        verbose_name="person",
    )
    visitor = models.CharField(
        max_length=64,
        blank=True,
        help_text="Of somebody who is not signed in: a hash that changes every day.",
    )
    day = models.DateField()

    objects = ProductViewQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "pk"]
        constraints = [
            models.UniqueConstraint(
                "product",
                "user",
                "visitor",
                "day",
                nulls_distinct=False,
                name="catalog_productview_once_a_day",
                violation_error_code="counted_already",
                violation_error_message="This view is counted already.",
            ),
            models.CheckConstraint(
                condition=(Q(user__isnull=False) & Q(visitor=""))
                | (Q(user__isnull=True) & ~Q(visitor="")),
                name="catalog_productview_viewer",
                violation_error_code="viewer_missing",
                violation_error_message="A view is by a person or by a visitor.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} on {self.day}"
