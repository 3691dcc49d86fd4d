"""What is written down about running processes, and who may read it."""

from typing import Any

from .environment import env

METRICS_TOKEN = env.text("METRICS_TOKEN", default="")
# A folder that the web processes of one machine share; prometheus-client reads it by this name.
PROMETHEUS_MULTIPROC_DIR = env.text("PROMETHEUS_MULTIPROC_DIR", default="")

HEALTH_TOKEN = env.text("HEALTH_TOKEN", default="")
# A job that has been due for longer than this shows as degraded in the health report.
HEALTH_JOBS_MAX_AGE_SECONDS = env.number("HEALTH_JOBS_MAX_AGE_SECONDS", default=300, at_least=10)

SENTRY_DSN = env.text("SENTRY_DSN", default="")
SENTRY_ENVIRONMENT = env.text("SENTRY_ENVIRONMENT", default="production")

LOG_LEVEL = env.text(
    "LOG_LEVEL", default="INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
)
LOG_FORMAT = env.text("LOG_FORMAT", default="json", choices=("json", "console"))
LOGGING_CONFIG = "config.shared.logs.configure"
LOGGING: dict[str, Any] = {"level": LOG_LEVEL, "format": LOG_FORMAT}
