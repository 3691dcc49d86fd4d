"""Keys, passwords, browsers' protection, and what may be unsafe by name."""

from ipaddress import ip_network
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from csp.constants import NONE, SELF

from .environment import env

# Keys that only development uses. They stand here in the open, and production refuses them.
DEVELOPMENT_SECRET_KEY = "development-only-secret-key-that-everybody-can-read-here"  # noqa: S105
DEVELOPMENT_JWT_KEY = "development-only-token-signing-key-that-everybody-can-read"
DEVELOPMENT_FIELD_KEY = "ZGV2ZWxvcG1lbnQtb25seS1maWVsZC1rZXktMDAwMDA="
DEVELOPMENT_PEPPER = "dev:development-only-pepper-that-everybody-can-read-here"
DEVELOPMENT_VALUES = {
    "SECRET_KEY": DEVELOPMENT_SECRET_KEY,
    "JWT_SIGNING_KEY": DEVELOPMENT_JWT_KEY,
    "FIELD_ENCRYPTION_KEYS": DEVELOPMENT_FIELD_KEY,
    "CODE_PEPPERS": DEVELOPMENT_PEPPER,
}

# The accounts of the demo, whose passwords everybody knows, have addresses in this domain.
DEMO_EMAIL_DOMAIN = "demo.courtyard.example"

UNSAFE_NAMES = ("debug", "embedded_database", "test_gateway", "console_sms", "console_mail")


def field_keys(value: str) -> list[str]:
    keys = [word.strip() for word in value.split(",") if word.strip()]
    for key in keys:
        Fernet(key)
    if not keys:
        raise ValueError("no key")
    return keys


def peppers(value: str) -> dict[str, str]:
    pairs = [word.strip().partition(":") for word in value.split(",") if word.strip()]
    found = {name: secret for name, _, secret in pairs}
    if not found or len(found) != len(pairs) or "" in found:
        raise ValueError("names must differ")
    if any(len(secret) < 32 for secret in found.values()):
        raise ValueError("too short")
    return found


def networks(value: str) -> list[str]:
    return [str(ip_network(word.strip())) for word in value.split(",") if word.strip()]


ALLOW_UNSAFE = frozenset(env.names("ALLOW_UNSAFE", default=""))
if unknown := ALLOW_UNSAFE - set(UNSAFE_NAMES):
    raise env.refusal(
        "ALLOW_UNSAFE", f"knows {', '.join(UNSAFE_NAMES)}, not {', '.join(sorted(unknown))}"
    )

SECRET_KEY = env.secret("SECRET_KEY", development=DEVELOPMENT_SECRET_KEY, at_least=50)
SECRET_KEY_FALLBACKS = env.names("SECRET_KEY_FALLBACKS", default="")
JWT_SIGNING_KEY = env.secret("JWT_SIGNING_KEY", development=DEVELOPMENT_JWT_KEY)
# Older signing keys that still verify while a rotation lasts.
JWT_VERIFYING_KEYS = env.names("JWT_VERIFYING_KEYS", default="")
# The first key seals; all of them open.
FIELD_ENCRYPTION_KEYS = env.parsed(
    "FIELD_ENCRYPTION_KEYS",
    field_keys,
    shape="Fernet keys (32 random bytes in URL-safe base64), separated by commas, newest first",
    development=DEVELOPMENT_FIELD_KEY,
)
# By name; the first is used for new codes, the others verify older ones.
CODE_PEPPERS = env.parsed(
    "CODE_PEPPERS",
    peppers,
    shape="name:secret pairs with secrets of at least 32 characters, newest first",
    development=DEVELOPMENT_PEPPER,
)

DEBUG = env.flag("DEBUG", default=False)
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", development="localhost,127.0.0.1,[::1],testserver")
PUBLIC_BASE_URL = env.address("PUBLIC_BASE_URL", development="http://127.0.0.1:8000")
# Where the links in messages lead, for a front end that has an address of its own.
FRONT_END_URL = env.address("FRONT_END_URL", default="")
NUM_PROXIES = env.number("NUM_PROXIES", development=0, at_most=8)
USE_X_FORWARDED_HOST = False

# Passkeys belong to this host, or to a domain above it that apps on other hosts share with it.
PASSKEY_HOST = env.text("PASSKEY_HOST", default=urlsplit(PUBLIC_BASE_URL).hostname or "").lower()
if not f".{urlsplit(PUBLIC_BASE_URL).hostname}".endswith(f".{PASSKEY_HOST}"):
    raise env.refusal(
        "PASSKEY_HOST", "is neither the host of PUBLIC_BASE_URL nor a domain above it"
    )
# Further origins that may ask for a passkey, such as https://app.courtyard.example
PASSKEY_ORIGINS = env.names("PASSKEY_ORIGINS", default="")

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.CredentialsBackend"]
PASSWORD_HASHERS = [
    "accounts.hashers.CourtyardArgon2",
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# A path of one's own and the networks that may reach it: an empty list means everybody.
ADMIN_PATH = env.text("ADMIN_PATH", default="admin/").strip("/") + "/"
ADMIN_ALLOWED_NETWORKS = env.parsed(
    "ADMIN_ALLOWED_NETWORKS",
    networks,
    shape="networks such as 10.0.0.0/8 and 2001:db8::/32, separated by commas",
    default="",
)

# How long the back office stays open for somebody, however busy they are.
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS", default="")
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# The back office and the pages of documentation have policies of their own.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

CORS_ALLOWED_ORIGINS = env.names("CORS_ALLOWED_ORIGINS", default="")
CORS_URLS_REGEX = r"^/api/.*$"
CORS_ALLOW_HEADERS = [
    "accept",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "x-request-id",
]
CORS_EXPOSE_HEADERS = ["ETag", "Idempotent-Replayed", "Retry-After", "X-Request-ID"]
