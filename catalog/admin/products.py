"""Products with their photographs, and who likes and looks at them."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
    RangeNumericFilter,
)
from unfold.decorators import display

from catalog.admin.colours import PRODUCT_COLOURS
from catalog.admin.exports import ProductResource
from catalog.admin.pictures import LookedAtMixin, gallery, link_of
from catalog.choices import ProductStatus
from catalog.models import Product, ProductImage, ProductLike, ProductView
from catalog.services.product_moves import remove_product
from config.shared.admin import CourtyardAdmin, EvidenceAdmin, by_label, may, staff_of
from config.shared.admin_acts import ActingMixin, ReasonForm, service_act
from config.shared.admin_exports import ExportingMixin
from config.shared.money import grouped
from config.shared.row_history import HistoryMixin

# Where the deals about a product are listed, which the apps above keep.
DEALS = (
    ("Offers", "admin:bookings_offer_changelist", "product__id__exact"),
    ("Sales", "admin:bookings_transaction_changelist", "product__id__exact"),
)


@admin.register(Product)
class ProductAdmin(
    LookedAtMixin, ExportingMixin, HistoryMixin, ActingMixin, EvidenceAdmin, CourtyardAdmin
):
    """What people sell. Staff describe nothing for them; they take down what must not stand."""

    resource_classes = (ProductResource,)
    actions_detail = ("remove",)
    actions_in_states: ClassVar[Any] = {"remove": set(ProductStatus) - {ProductStatus.REMOVED}}
    has_moderate_permission = may("catalog.moderate_product")
    list_display = (
        "picture",
        "title",
        "seller",
        "price_shown",
        "category",
        "state_label",
        "feed",
        "created_at",
    )
    list_display_links = ("picture", "title")
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("category", ChoicesDropdownFilter),
        ("condition", ChoicesDropdownFilter),
        ("feed_type", ChoicesDropdownFilter),
        ("seller", AutocompleteSelectFilter),
        ("building", AutocompleteSelectFilter),
        ("price", RangeNumericFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("title__istartswith", "seller__full_name__istartswith")
    date_hierarchy = "created_at"
    fieldsets = (
        (
            "Product",
            {
                "classes": ("tab",),
                "fields": (
                    "photographs",
                    "title",
                    "seller",
                    "description",
                    "price_shown",
                    "category",
                    "condition",
                    "tags",
                    "state_label",
                    "claimed_until",
                    "removed_by",
                    "removal_reason",
                ),
            },
        ),
        (
            "Who sees it",
            {
                "classes": ("tab",),
                "fields": (
                    "feed_type",
                    "building",
                    "also_discover",
                    "published_at",
                    "discover_from",
                    "neighborhood",
                    "approximate_place",
                ),
            },
        ),
        (
            "Interest",
            {
                "classes": ("tab",),
                "fields": ("view_count", "like_count", "deals", "created_at", "sold_at"),
            },
        ),
    )
    readonly_fields = (*(name for _, options in fieldsets for name in options["fields"]),)

    remove = service_act(
        "remove",
        lambda row, actor, given: remove_product(product=row, actor=actor, reason=given["reason"]),
        description="Take down",
        permission="moderate",
        explain="Nobody but its seller sees it any more; open offers end. They read the reason.",
        done="taken down",
        form=ReasonForm,
        danger=True,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        pictures = ProductImage.objects.select_related("media").order_by("position", "pk")
        found = super().get_queryset(request).select_related("seller", "building", "removed_by")
        return found.prefetch_related(Prefetch("pictures", pictures))

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list, which knows who looks at the photographs in it."""
        made = super().get_changelist_instance(request)
        for row in made.result_list:
            row.viewer = staff_of(request)
        return made

    @display(description="Photograph")
    def picture(self, obj: Product) -> SafeString | str:
        first = next(iter(obj.pictures.all()), None)
        address = link_of(obj, first.media, "320") if first else ""
        if not address:
            return "–"
        return format_html(
            '<img src="{}" alt="" loading="lazy" class="rounded-default"'
            ' style="height:3rem;width:3rem;object-fit:cover">',
            address,
        )

    @display(description="Photographs")
    def photographs(self, obj: Product) -> SafeString:
        files = [picture.media for picture in obj.pictures.all()]
        return gallery(obj, files, empty="There are no photographs.")

    @display(description="Price", ordering="price")
    def price_shown(self, obj: Product) -> str:
        return grouped(obj.price, obj.currency)

    @display(description="Status", label=by_label(PRODUCT_COLOURS), ordering="status")
    def state_label(self, obj: Product) -> str:
        return obj.get_status_display()

    @display(description="Feed", ordering="feed_type")
    def feed(self, obj: Product) -> str:
        return obj.feed_type.capitalize()

    @display(description="About there")
    def approximate_place(self, obj: Product) -> str:
        if obj.cell_lat is None:
            return "Not said"
        return f"{obj.cell_lat:.3f}, {obj.cell_lng:.3f} (within a kilometre)"

    @display(description="Deals")
    def deals(self, obj: Product) -> SafeString:
        links = ((reverse(name), key, obj.pk, title) for title, name, key in DEALS)
        return format_html_join(" · ", '<a href="{}?{}={}">{}</a>', links)


@admin.register(ProductLike)
class ProductLikeAdmin(EvidenceAdmin):
    """Who likes what."""

    list_display = ("user", "product", "created_at")
    list_select_related = ("user", "product")
    list_filter = (
        ("user", AutocompleteSelectFilter),
        ("product", AutocompleteSelectFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("product__title__istartswith", "user__full_name__istartswith")
    fields = ("user", "product", "created_at")
    readonly_fields = fields


@admin.register(ProductView)
class ProductViewAdmin(EvidenceAdmin):
    """On which days products were looked at; of strangers, only that somebody did."""

    list_display = ("product", "user", "day")
    list_select_related = ("user", "product")
    list_filter = (("user", AutocompleteSelectFilter), ("product", AutocompleteSelectFilter))
    search_fields = ("product__title__istartswith",)
    date_hierarchy = "day"
    fields = ("product", "user", "day")
    readonly_fields = fields


@admin.register(ProductImage)
class ProductImageAdmin(EvidenceAdmin):
    """Which photograph stands in which place."""

    list_display = ("product", "media", "position")
    list_select_related = ("product", "media")
    list_filter = (("product", AutocompleteSelectFilter),)
    search_fields = ("product__title__istartswith",)
    fields = ("product", "media", "position")
    readonly_fields = fields
