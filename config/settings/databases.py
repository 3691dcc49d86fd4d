"""The two databases, the cache, and where files go."""

from pathlib import Path
from typing import Any

from .environment import BASE_DIR, env
from .process import Kind, current
from .security import PUBLIC_BASE_URL

DATA_DIR = Path(env.text("DATA_DIR", default=str(BASE_DIR / ".data"))).expanduser().absolute()
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "media/"

# Statements of a web process are cut off early, so that a slow or locked database costs one
# request and not all workers. A command (migration, backup, import) may take its time.
LOCK_TIMEOUT = "3s"
STATEMENT_TIMEOUT = "10min" if current.kind is Kind.COMMAND else "5s"
IDLE_IN_TRANSACTION_TIMEOUT = "10min" if current.kind is Kind.COMMAND else "10s"

# One connection per thread is kept under WSGI. Under ASGI every request may run in a fresh
# thread, which would leave its connection behind.
CONN_MAX_AGE = 60 if current.kind is Kind.WSGI else 0

# Behind PgBouncer in transaction mode nothing may be bound to a session: the limits above are
# then set on the role (docs/operations.md).
DATABASE_POOLER = env.flag("DATABASE_POOLER", default=False)

EMBEDDED_ENGINE = "config.embedded_postgres"
URL_VARIABLES = {"default": "DATABASE_URL", "credentials": "CREDS_DATABASE_URL"}
# The account that runs the embedded server when this process is root.
EMBEDDED_USER = env.text("EMBEDDED_POSTGRES_USER", default="")
# The seconds for which it goes on after its last user has ended.
EMBEDDED_LINGER = env.number("EMBEDDED_POSTGRES_LINGER", default=5, at_most=3600)
EMBEDDED_NAMES = {"default": "courtyard", "credentials": "courtyard_credentials"}


def connection_options() -> dict[str, Any]:
    options: dict[str, Any] = {"connect_timeout": 2, "application_name": "courtyard"}
    if not DATABASE_POOLER:
        options["options"] = (
            f"-c lock_timeout={LOCK_TIMEOUT} -c statement_timeout={STATEMENT_TIMEOUT} "
            f"-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_TIMEOUT}"
        )
    return options


def database(alias: str) -> dict[str, Any]:
    if embedded:
        parts: dict[str, Any] = {
            "ENGINE": EMBEDDED_ENGINE,
            "NAME": EMBEDDED_NAMES[alias],
            "EMBEDDED_HOME": str(DATA_DIR),
            "EMBEDDED_USER": EMBEDDED_USER,
            "EMBEDDED_LINGER": EMBEDDED_LINGER,
            "EMBEDDED_NAMES": list(EMBEDDED_NAMES.values()),
        }
    else:
        parts = env.database(URL_VARIABLES[alias])
    return {
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": CONN_MAX_AGE,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": DATABASE_POOLER,
        **parts,
        "OPTIONS": connection_options() | parts.get("OPTIONS", {}),
    }


given = {alias: env.given(variable) for alias, variable in URL_VARIABLES.items()}
embedded = not any(given.values())
if not embedded and not all(given.values()):
    missing = next(URL_VARIABLES[alias] for alias, there in given.items() if not there)
    raise env.refusal(missing, "is not set, though the other database is named: set both or none")

DATABASES = {alias: database(alias) for alias in URL_VARIABLES}
DATABASE_ROUTERS = ["config.routers.CredentialsRouter"]

REDIS_URL = env.text("REDIS_URL", default="")
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "courtyard",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
# Without Redis, PostgreSQL carries live events (docs/adr/0010): no layer is needed.
CHANNEL_LAYERS: dict[str, dict[str, Any]] = (
    {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL], "prefix": "courtyard"},
        }
    }
    if REDIS_URL
    else {}
)
# Whoever listens needs a connection of its own: where a pooler stands in the way, one past it.
REALTIME_DATABASE: dict[str, Any] = (
    env.database("REALTIME_DATABASE_URL") if env.given("REALTIME_DATABASE_URL") else {}
)

# Files: the disk, or an S3-compatible store when a bucket is named.
S3_BUCKET = env.text("S3_BUCKET", default="")
S3_ENDPOINT_URL = env.address("S3_ENDPOINT_URL", default="")
S3_PUBLIC_ENDPOINT_URL = env.address("S3_PUBLIC_ENDPOINT_URL", default=S3_ENDPOINT_URL)
AWS_REGION = env.text("AWS_REGION", default="us-east-1")
AWS_ACCESS_KEY_ID = env.text("AWS_ACCESS_KEY_ID", default="")
AWS_SECRET_ACCESS_KEY = env.text("AWS_SECRET_ACCESS_KEY", default="")
if S3_BUCKET and not (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY):
    wanting = "AWS_SECRET_ACCESS_KEY" if AWS_ACCESS_KEY_ID else "AWS_ACCESS_KEY_ID"
    raise env.refusal(wanting, "is not set, though S3_BUCKET is")

STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "accounts.gateways.s3.MediaStorage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": S3_ENDPOINT_URL or None,
            "region_name": AWS_REGION,
            "access_key": AWS_ACCESS_KEY_ID,
            "secret_key": AWS_SECRET_ACCESS_KEY,
            "default_acl": None,
            "querystring_auth": True,
            "file_overwrite": False,
        },
    }
    if S3_BUCKET
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

MEGABYTE = 1024 * 1024
MEDIA_LIMITS: dict[str, dict[str, Any]] = {
    "image": {
        "types": ("image/jpeg", "image/png", "image/webp"),
        "bytes": 15 * MEGABYTE,
        "pixels": 40_000_000,
        "renditions": (320, 800, 1600),
    },
    "document": {"types": ("application/pdf",), "bytes": 20 * MEGABYTE},
    "model": {"types": ("model/gltf-binary",), "bytes": 50 * MEGABYTE},
    "video": {"types": ("video/mp4",), "bytes": 200 * MEGABYTE},
}
MEDIA_LINK_SECONDS = env.number("MEDIA_LINK_SECONDS", default=300, at_least=30, at_most=3600)
# How long an announced file may be uploaded.
MEDIA_UPLOAD_SECONDS = env.number("MEDIA_UPLOAD_SECONDS", default=900, at_least=60, at_most=86_400)
# Another host name for files keeps them out of reach of the site's own cookies and scripts.
MEDIA_BASE_URL = env.address("MEDIA_BASE_URL", default="") or PUBLIC_BASE_URL
