from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """What the community offers: homes, products, jobs, circles."""

    name = "catalog"
    verbose_name = "Catalog"

    def ready(self) -> None:
        from accounts.querysets.media import register_audience
        from catalog.services import personal_data  # noqa: F401 - it registers itself
        from config.shared.locks import register_rank

        for rank, label in enumerate(RANKED, 100):
            register_rank(f"catalog.{label}", rank * 10)
        for label in ("development", "unit", "progressphase", "constructionupdate", "model3d"):
            register_audience(f"catalog.{label}")


# In the order in which they are locked.
RANKED = (
    "development",
    "unit",
    "progressphase",
    "constructionupdate",
    "model3d",
    "availability",
    "availabilityexception",
)
