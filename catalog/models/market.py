"""What neighbours offer each other."""

from decimal import Decimal

import pghistory
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Upper

from catalog.choices import (
    LISTED_PRODUCTS,
    FeedType,
    ProductCategory,
    ProductCondition,
    ProductStatus,
)
from catalog.querysets.market import ProductQuerySet
from config.shared.geo import PublicPlace, place_constraints, place_index
from config.shared.models import TimeStampedModel
from config.shared.search import Joined, WeightedJsonVector, WeightedVector

_POSITIVE = [MinValueValidator(Decimal("0.001"))]


@pghistory.track(
    fields=["seller", "price", "currency", "feed_type", "building", "status", "discover_from"],
    model_name="ProductEvent",
    append_only=True,
)
class Product(TimeStampedModel, PublicPlace):
    """A thing that somebody sells to neighbours, or to whoever lives near."""

    seller = models.ForeignKey("accounts.User", models.PROTECT, related_name="products")
    title = models.CharField(max_length=100)
    description = models.TextField(max_length=5000, blank=True)
    price = models.DecimalField(max_digits=14, decimal_places=3, validators=_POSITIVE)
    original_price = models.DecimalField(
        max_digits=14, decimal_places=3, null=True, blank=True, help_text="What it cost when new."
    )
    currency = models.CharField(max_length=3, default="AED")
    category = models.CharField(max_length=16, choices=ProductCategory)
    condition = models.CharField(max_length=10, choices=ProductCondition)
    feed_type = models.CharField(max_length=10, choices=FeedType, default=FeedType.DISCOVER)
    building = models.ForeignKey(
        "accounts.Building",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="products",
        help_text="Whose verified residents see it in their community feed.",
    )
    also_discover = models.BooleanField(
        default=False, help_text="Community products only: neighbours see it first, others later."
    )
    discover_from = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="Since when everybody sees it; empty: never, or not published.",
    )
    neighborhood = models.CharField(max_length=120, blank=True)
    meeting_note = models.CharField(
        max_length=300, blank=True, help_text="Where to meet; for whoever the deal is with."
    )
    status = models.CharField(max_length=10, choices=ProductStatus, default=ProductStatus.DRAFT)
    is_available = models.GeneratedField(
        expression=Case(When(status=ProductStatus.ACTIVE, then=Value(True)), default=Value(False)),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    claimed_until = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the present reservation lapses."
    )
    images = models.ManyToManyField(
        "accounts.MediaFile",
        through="catalog.ProductImage",
        blank=True,
        related_name="pictured_products",
    )
    video = models.ForeignKey(
        "accounts.MediaFile", models.SET_NULL, null=True, blank=True, related_name="video_of"
    )
    video_thumbnail = models.ForeignKey(
        "accounts.MediaFile",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="video_thumbnail_of",
    )
    tags = models.JSONField(
        default=dict, blank=True, help_text="Words under lifestyle, urgency and event."
    )
    min_offer = models.DecimalField(
        max_digits=14,
        decimal_places=3,
        null=True,
        blank=True,
        validators=_POSITIVE,
        help_text="The seller's secret: offers below it are declined at once.",
    )
    auto_accept = models.DecimalField(
        max_digits=14,
        decimal_places=3,
        null=True,
        blank=True,
        validators=_POSITIVE,
        help_text="The seller's secret: offers from it on are accepted at once.",
    )
    view_count = models.PositiveIntegerField(default=0, editable=False)
    like_count = models.PositiveIntegerField(default=0, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    sold_at = models.DateTimeField(null=True, blank=True, editable=False)
    removed_by = models.ForeignKey(
        "accounts.User",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="products_removed",
    )
    removal_reason = models.CharField(max_length=500, blank=True, editable=False)
    search = models.GeneratedField(
        expression=Joined(
            WeightedVector(F("title"), weight="A"),
            WeightedJsonVector(F("tags"), weight="B"),
            WeightedVector(F("description"), weight="C"),
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-created_at", "pk"]
        permissions = [
            ("moderate_product", "May remove products of others"),
            ("export_product", "May take the list of products away as a file"),
        ]
        indexes = [
            place_index("catalog_product_cell", "category", point="cell_point"),
            GinIndex(fields=["search"], name="catalog_product_search"),
            GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="catalog_product_words"),
            models.Index("seller", F("id").desc(), name="catalog_product_seller"),
            # The feeds and their usual filters, newest first.
            models.Index(
                F("discover_from").desc(),
                F("id").desc(),
                condition=Q(status__in=LISTED_PRODUCTS, discover_from__isnull=False),
                name="catalog_product_discover",
            ),
            models.Index(
                "category",
                F("discover_from").desc(),
                F("id").desc(),
                condition=Q(status__in=LISTED_PRODUCTS, discover_from__isnull=False),
                name="catalog_product_category",
            ),
            models.Index(
                "price",
                "id",
                condition=Q(status__in=LISTED_PRODUCTS, discover_from__isnull=False),
                name="catalog_product_price",
            ),
            models.Index(
                "building",
                F("published_at").desc(),
                F("id").desc(),
                condition=Q(status__in=LISTED_PRODUCTS, building__isnull=False),
                name="catalog_product_building",
            ),
            models.Index(
                "claimed_until",
                condition=Q(claimed_until__isnull=False),
                name="catalog_product_lapsing",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(price__gt=0),
                name="catalog_product_price_positive",
                violation_error_code="price_not_positive",
                violation_error_message="A product costs more than nothing.",
            ),
            models.CheckConstraint(
                condition=Q(original_price__isnull=True) | Q(original_price__gte=F("price")),
                name="catalog_product_original_price",
                violation_error_code="original_price_low",
                violation_error_message="It cost at least as much when new.",
            ),
            models.CheckConstraint(
                condition=(
                    Q(min_offer__isnull=True) | Q(min_offer__gt=0, min_offer__lte=F("price"))
                )
                & (Q(auto_accept__isnull=True) | Q(auto_accept__gt=0, auto_accept__lte=F("price"))),
                name="catalog_product_thresholds",
                violation_error_code="threshold_range",
                violation_error_message="Thresholds for offers lie above 0 and up to the price.",
            ),
            models.CheckConstraint(
                condition=Q(min_offer__isnull=True)
                | Q(auto_accept__isnull=True)
                | Q(min_offer__lte=F("auto_accept")),
                name="catalog_product_threshold_order",
                violation_error_code="thresholds_reversed",
                violation_error_message="What is accepted at once is not below the lowest offer.",
            ),
            models.CheckConstraint(
                condition=Q(feed_type=FeedType.COMMUNITY, building__isnull=False)
                | Q(feed_type=FeedType.DISCOVER, also_discover=False),
                name="catalog_product_feed",
                violation_error_code="building_missing",
                violation_error_message="A community product belongs to a building.",
            ),
            models.CheckConstraint(
                condition=Q(status=ProductStatus.RESERVED, claimed_until__isnull=False)
                | (~Q(status=ProductStatus.RESERVED) & Q(claimed_until__isnull=True)),
                name="catalog_product_claim_pair",
                violation_error_code="claim_contradicts_status",
                violation_error_message="Only a reserved product has a time when that lapses.",
            ),
            models.CheckConstraint(
                condition=Q(status=ProductStatus.SOLD, sold_at__isnull=False)
                | (~Q(status=ProductStatus.SOLD) & Q(sold_at__isnull=True))
                | Q(status=ProductStatus.REMOVED),
                name="catalog_product_sold_at",
                violation_error_code="sold_when",
                violation_error_message="A sold product, and no other, says since when.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[ProductStatus.DRAFT, ProductStatus.REMOVED])
                | Q(published_at__isnull=False),
                name="catalog_product_published",
                violation_error_code="published_when",
                violation_error_message="What is published says since when.",
            ),
            *place_constraints("catalog_product"),
        ]

    def __str__(self) -> str:
        return self.title
