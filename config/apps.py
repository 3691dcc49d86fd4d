from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin.apps import AdminConfig

from config.shared.version import VERSION


class CourtyardConfig(AppConfig):
    """The project's own commands and checks."""

    name = "config"
    verbose_name = "Courtyard"

    def ready(self) -> None:
        from config import checks  # noqa: F401 - registers them

        if settings.SENTRY_DSN:
            from config.shared import sentry

            sentry.start(
                settings.SENTRY_DSN, environment=settings.SENTRY_ENVIRONMENT, release=VERSION
            )


class CourtyardAdminConfig(AdminConfig):
    """The back office."""

    default_site = "config.admin.CourtyardAdminSite"
