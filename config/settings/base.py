"""Settings that every environment shares; values come from the environment, see .env.example."""

from .api import *  # noqa: F403
from .back_office import *  # noqa: F403
from .databases import *  # noqa: F403
from .environment import BASE_DIR
from .jobs import *  # noqa: F403
from .observing import *  # noqa: F403
from .outside import *  # noqa: F403
from .security import *  # noqa: F403

INSTALLED_APPS = [
    # The plain configuration: the other one would put its own site in the place of ours.
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.import_export",
    "config.apps.CourtyardAdminConfig",
    "config.apps.CourtyardConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "phonenumber_field",
    "import_export",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "corsheaders",
    "csp",
    "channels",
    "accounts",
    "accounts.credentials",
    "catalog",
    "messaging",
    "bookings",
]

MIDDLEWARE = [
    "config.shared.middleware.RequestContextMiddleware",
    "config.shared.observation.ObservationMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "config.shared.csp.ContentPolicyMiddleware",
    "config.shared.middleware.HostileInputMiddleware",
    "config.shared.networks.BackOfficeNetworkMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
WHITENOISE_USE_FINDERS = True

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
FORMS_URLFIELD_ASSUME_HTTPS = True
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True

PGHISTORY_APPEND_ONLY = True
