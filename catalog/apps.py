from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """What the community offers: homes, products, jobs, circles."""

    name = "catalog"
    verbose_name = "Catalog"

    def ready(self) -> None:
        from accounts.querysets.media import register_audience
        from catalog.services import (  # noqa: F401 - they declare settings and erasers
            market_personal_data,
            market_settings,
            personal_data,
        )
        from config.shared.locks import register_rank

        for rank, label in enumerate(RANKED, 100):
            register_rank(f"catalog.{label}", rank * 10)
        for label in AUDIENCES:
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
    "product",
    "streamkey",
    "stream",
)
# Whoever sees one of these may open its private files.
AUDIENCES = (
    "development",
    "unit",
    "progressphase",
    "constructionupdate",
    "model3d",
    "product",
    "stream",
)
