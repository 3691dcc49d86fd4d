"""The columns of the lists that staff take away as files, and none but these."""

from catalog.models import Development, Product
from config.shared.admin_exports import ListResource


class DevelopmentResource(ListResource):
    """Developments as their public pages show them."""

    class Meta:
        model = Development
        fields = (
            "id",
            "name",
            "builder__name",
            "city",
            "country",
            "type",
            "status",
            "is_selling",
            "currency",
            "launch_date",
            "expected_completion",
            "permit_no",
            "created_at",
        )


class ProductResource(ListResource):
    """Products as everybody sees them; neither their place nor their thresholds."""

    class Meta:
        model = Product
        fields = (
            "id",
            "title",
            "seller__full_name",
            "price",
            "currency",
            "category",
            "condition",
            "feed_type",
            "status",
            "view_count",
            "like_count",
            "published_at",
            "sold_at",
            "created_at",
        )
