"""A server. Refuses to start when something is missing, or unsafe and not allowed by name."""

from .environment import env, environment_file

env.development = False
env.read_file(environment_file())

from .base import *  # noqa: E402, F403
from .databases import STORAGES, embedded  # noqa: E402
from .outside import EMAIL_BACKEND, PAYMENT_GATEWAY, SMS_BACKEND  # noqa: E402
from .security import (  # noqa: E402
    ALLOW_UNSAFE,
    CODE_PEPPERS,
    DEBUG,
    DEVELOPMENT_VALUES,
    FIELD_ENCRYPTION_KEYS,
    JWT_SIGNING_KEY,
    NUM_PROXIES,
    SECRET_KEY,
)


def refuse_unless_allowed(name: str, unsafe: bool, variable: str, why: str) -> None:
    if unsafe and name not in ALLOW_UNSAFE:
        raise env.refusal(variable, f"{why} (ALLOW_UNSAFE={name} allows it)")


used = {SECRET_KEY, JWT_SIGNING_KEY, *FIELD_ENCRYPTION_KEYS}
used |= {f"{name}:{pepper}" for name, pepper in CODE_PEPPERS.items()}
for variable, value in DEVELOPMENT_VALUES.items():
    if value in used:
        raise env.refusal(variable, "has the value of development, which everybody knows")

refuse_unless_allowed("debug", DEBUG, "DEBUG", "is on")
refuse_unless_allowed(
    "embedded_database",
    embedded,
    "DATABASE_URL",
    "is not set, and the embedded database trusts everybody who reaches its socket",
)
refuse_unless_allowed(
    "test_gateway",
    PAYMENT_GATEWAY == "test",
    "STRIPE_SECRET_KEY",
    "is not set, and the test gateway takes no money",
)
refuse_unless_allowed(
    "console_sms",
    SMS_BACKEND != "twilio",
    "TWILIO_ACCOUNT_SID",
    "is not set, and one-time codes would be shown or written here instead of being sent",
)
refuse_unless_allowed(
    "console_mail",
    not EMAIL_BACKEND.endswith("smtp.EmailBackend"),
    "EMAIL_URL",
    "names no mail server, and one-time codes would be shown or written here",
)

STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
WHITENOISE_USE_FINDERS = False

SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
# Probes and the metrics collector come from inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^(api/v1/)?health/", r"^metrics$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if NUM_PROXIES else None
SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = env.flag("SECURE_HSTS_PRELOAD", default=True)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
