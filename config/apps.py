from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class CourtyardConfig(AppConfig):
    """The project's own commands and checks."""

    name = "config"
    verbose_name = "Courtyard"


class CourtyardAdminConfig(AdminConfig):
    """The back office."""

    default_site = "config.admin.CourtyardAdminSite"
