"""Django REST framework and the description of the API."""

from datetime import timedelta
from typing import Any

from config.shared.version import VERSION

from .environment import env
from .security import JWT_SIGNING_KEY, NUM_PROXIES, PUBLIC_BASE_URL

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["config.shared.permissions.IsSignedIn"],
    "DEFAULT_PARSER_CLASSES": ["config.shared.parsers.SafeJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["config.shared.renderers.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": [
        "config.shared.filters.FilterBackend",
        "config.shared.filters.SearchFilter",
        "config.shared.filters.OrderingFilter",
    ],
    "DEFAULT_METADATA_CLASS": None,
    # ``?format=`` is a parameter like any other: there is one renderer, nothing to negotiate.
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_PAGINATION_CLASS": "config.shared.pagination.PagePagination",
    "DEFAULT_SCHEMA_CLASS": "config.shared.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.shared.problems.exception_handler",
    "PAGE_SIZE": 20,
    "NUM_PROXIES": NUM_PROXIES,
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "TEST_REQUEST_RENDERER_CLASSES": [
        "config.shared.renderers.JSONRenderer",
        "rest_framework.renderers.MultiPartRenderer",
    ],
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Courtyard",
    "DESCRIPTION": "Homes, neighbours, trades and work around one address.",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v[0-9]+",
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_NO_READ_ONLY_REQUIRED": False,
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    # A part is unfolded by whoever wants it: all operations at once take a browser a while.
    "SWAGGER_UI_SETTINGS": {
        "deepLinking": True,
        "docExpansion": "none",
        "filter": True,
        "validatorUrl": None,
    },
    # Filled with the choices of the apps, each under the name of its class.
    "ENUM_NAME_OVERRIDES": {
        "HealthStatus": ["ok", "degraded", "down"],
        "Fine": ["ok"],
        "GivenRefundReason": [
            ("cancellation", "Cancellation"),
            ("goodwill", "Goodwill"),
            ("mistake", "Mistake"),
        ],
    },
    "ENUM_GENERATE_CHOICE_DESCRIPTION": True,
    "GENERIC_ADDITIONAL_PROPERTIES": "bool",
    "PREPROCESSING_HOOKS": ["config.shared.openapi_hooks.public_endpoints"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.shared.openapi_hooks.finish",
        "config.shared.geojson.describe_geojson",
    ],
    "SORT_OPERATIONS": True,
}

DOCS_ENABLED = env.flag("DOCS_ENABLED", default=True)

ACCESS_TOKEN_SECONDS = env.number("ACCESS_TOKEN_SECONDS", default=600, at_least=60, at_most=3600)
REFRESH_IDLE_DAYS = env.number("REFRESH_IDLE_DAYS", default=30, at_least=1, at_most=180)
REFRESH_ABSOLUTE_DAYS = env.number("REFRESH_ABSOLUTE_DAYS", default=180, at_least=1, at_most=365)
REFRESH_GRACE_SECONDS = 30
AUDIENCE = "courtyard"

SIMPLE_JWT: dict[str, Any] = {
    "ALGORITHM": "HS256",
    "SIGNING_KEY": JWT_SIGNING_KEY,
    "AUDIENCE": AUDIENCE,
    "ISSUER": PUBLIC_BASE_URL,
    "ACCESS_TOKEN_LIFETIME": timedelta(seconds=ACCESS_TOKEN_SECONDS),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=REFRESH_IDLE_DAYS),
    "USER_ID_CLAIM": "sub",
    "TOKEN_TYPE_CLAIM": "typ",
}
