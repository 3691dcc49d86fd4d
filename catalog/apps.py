from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """What the community offers: homes, products, jobs, circles."""

    name = "catalog"
    verbose_name = "Catalog"
