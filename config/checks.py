"""What Courtyard refuses to start with, as checks of ``manage.py check``.

Those that cost nothing run always, and once more when a web server starts; the others belong
to ``check --deploy``. The one that looks into the database runs where a database is named:
``check --deploy --database default``.
"""

from collections.abc import Iterable, Iterator, Sequence
from importlib import metadata
from ipaddress import ip_address
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.urls import get_resolver

from config.settings.environment import SettingError
from config.settings.process import Kind, current
from config.settings.security import DEVELOPMENT_VALUES

OWN_APPS = ("accounts", "catalog", "messaging", "bookings", "config")
LEAST_VERSIONS = {"django": (5, 2, 19), "pyjwt": (2, 12, 0)}
# Formats and closed sets of values bound a text as well as a length does.
BOUNDING_FORMATS = {"uuid", "date", "date-time", "time", "duration", "decimal", "binary", "ipv4"}


def problem(number: int, sentence: str, hint: str = "") -> CheckMessage:
    return Error(sentence, hint=hint or None, id=f"courtyard.E{number:03}")


@register(Tags.security)
def check_start(app_configs: Any = None, **options: Any) -> list[CheckMessage]:
    """What no process starts with, wherever it runs."""
    return [*_databases(), *_hosts(), *_keys(), *_versions(), *_libraries()]


def refuse_unsafe_start() -> None:
    """Stop a web server with the first sentence of ``check_start``, if it has one."""
    for found in check_start():
        raise SettingError(f"{found.msg.removesuffix('.')} ({found.id}).")


def _databases() -> Iterator[CheckMessage]:
    for alias, database in settings.DATABASES.items():
        if database.get("ATOMIC_REQUESTS"):
            yield problem(
                1,
                f"ATOMIC_REQUESTS is on for the database {alias}.",
                "A request that fails would roll back the count of failed attempts.",
            )
        if current.kind is Kind.ASGI and database.get("CONN_MAX_AGE") != 0:
            yield problem(
                10,
                f"CONN_MAX_AGE of the database {alias} is not 0 under ASGI.",
                "Each request may leave a connection behind in its thread.",
            )
    can_listen = settings.REDIS_URL or settings.REALTIME_DATABASE or not settings.DATABASE_POOLER
    if current.kind is Kind.ASGI and not can_listen:
        yield problem(
            17,
            "Sockets hear nothing through a pooler.",
            "Set REALTIME_DATABASE_URL to the database's own address, or REDIS_URL.",
        )


def _hosts() -> Iterator[CheckMessage]:
    if settings.REST_FRAMEWORK.get("NUM_PROXIES") is None:
        yield problem(
            2, "NUM_PROXIES is not set.", "Any client could choose its address (X-Forwarded-For)."
        )
    outside = [host for host in settings.ALLOWED_HOSTS if not is_loopback(host)]
    if settings.DEBUG and outside and "debug" not in settings.ALLOW_UNSAFE:
        yield problem(3, f"DEBUG is on while ALLOWED_HOSTS has {', '.join(outside)}.")
    if "*" in settings.ALLOWED_HOSTS:
        yield problem(
            5, "ALLOWED_HOSTS allows every host.", "Name the hosts that this site answers to."
        )
    if not settings.PUBLIC_BASE_URL:
        yield problem(
            6, "PUBLIC_BASE_URL is not set.", "Links in mails are built from it and nothing else."
        )
    if settings.USE_X_FORWARDED_HOST:
        yield problem(14, "USE_X_FORWARDED_HOST is on: any client could choose the host.")


def is_loopback(host: str) -> bool:
    name = host.strip("[]").lstrip(".")
    if name in {"localhost", "testserver"} or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _keys() -> Iterator[CheckMessage]:
    named = {
        "SECRET_KEY": [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS],
        "JWT_SIGNING_KEY": [settings.JWT_SIGNING_KEY, *settings.JWT_VERIFYING_KEYS],
        "FIELD_ENCRYPTION_KEYS": settings.FIELD_ENCRYPTION_KEYS,
        "CODE_PEPPERS": list(settings.CODE_PEPPERS.values()),
    }
    owners: dict[str, str] = {}
    for name, keys in named.items():
        for key in keys:
            if owners.setdefault(key, name) != name:
                yield problem(4, f"{owners[key]} and {name} have a key in common.")


def _versions() -> Iterator[CheckMessage]:
    for name, least in LEAST_VERSIONS.items():
        version = metadata.version(name)
        if version_tuple(version) < least:
            wanted = ".".join(map(str, least))
            yield problem(9, f"{name} {version} has known holes: install {wanted} or newer.")


def version_tuple(version: str) -> tuple[int, ...]:
    numbers = version.partition("+")[0].split(".")[:3]
    return tuple(int(number) if number.isdigit() else 0 for number in numbers)


def _libraries() -> Iterator[CheckMessage]:
    if apps.is_installed("rest_framework_simplejwt.token_blacklist"):
        yield problem(
            8,
            "The token blacklist of simplejwt is installed.",
            "It hands out several successors of one refresh token; sessions decide here.",
        )


@register(Tags.security, deploy=True)
def check_deployment(app_configs: Any = None, **options: Any) -> list[CheckMessage]:
    """What a server that others reach does not start with."""
    return [*_default_keys(), *_embedded_database(), *_public_address()]


def _default_keys() -> Iterator[CheckMessage]:
    values = {
        "SECRET_KEY": [settings.SECRET_KEY],
        "JWT_SIGNING_KEY": [settings.JWT_SIGNING_KEY],
        "FIELD_ENCRYPTION_KEYS": settings.FIELD_ENCRYPTION_KEYS,
        "CODE_PEPPERS": [f"{name}:{pepper}" for name, pepper in settings.CODE_PEPPERS.items()],
    }
    for name, keys in values.items():
        if DEVELOPMENT_VALUES[name] in keys:
            yield problem(11, f"{name} has the value of development, which everybody knows.")


def _embedded_database() -> Iterator[CheckMessage]:
    embedded = [
        alias
        for alias, database in settings.DATABASES.items()
        if database["ENGINE"] == settings.EMBEDDED_ENGINE
    ]
    if embedded and not settings.DEBUG and "embedded_database" not in settings.ALLOW_UNSAFE:
        yield problem(
            7,
            f"The embedded database serves {', '.join(embedded)} without DEBUG.",
            "Set DATABASE_URL and CREDS_DATABASE_URL, or allow it (ALLOW_UNSAFE).",
        )


def _public_address() -> Iterator[CheckMessage]:
    if not settings.PUBLIC_BASE_URL.startswith("https://"):
        yield problem(15, "PUBLIC_BASE_URL does not begin with https://.")


@register(Tags.database, deploy=True)
def check_demo_accounts(
    app_configs: Any = None, databases: Sequence[str] | None = None, **options: Any
) -> list[CheckMessage]:
    """No account of the demo, whose password everybody knows, may be in a real database."""
    if "default" not in (databases or ()):
        return []
    person = apps.get_model("accounts", "User")
    if person._meta.db_table not in connections["default"].introspection.table_names():
        return []
    demo = f"@{settings.DEMO_EMAIL_DOMAIN}"
    count = person._default_manager.filter(email__iendswith=demo).count()
    if not count:
        return []
    return [problem(12, f"{count} accounts of the demo are in the database: delete them.")]


@register(Tags.security, deploy=True)
def check_serializers(app_configs: Any = None, **options: Any) -> list[CheckMessage]:
    """Serializers name their fields: a new column must not become visible by itself."""
    from rest_framework.serializers import ModelSerializer

    get_resolver().url_patterns  # noqa: B018 - imports every view and its serializers
    return [
        problem(13, f"{found.__module__}.{found.__qualname__} takes all fields of its model.")
        for found in descendants(ModelSerializer)
        if found.__module__.split(".")[0] in OWN_APPS and takes_all_fields(found)
    ]


def descendants(parent: type[Any]) -> Iterator[type[Any]]:
    for child in parent.__subclasses__():
        yield child
        yield from descendants(child)


def takes_all_fields(serializer: Any) -> bool:
    meta = getattr(serializer, "Meta", None)
    fields, exclude = getattr(meta, "fields", None), getattr(meta, "exclude", None)
    return fields == "__all__" or exclude is not None


@register(Tags.security, deploy=True)
def check_schema(app_configs: Any = None, **options: Any) -> list[CheckMessage]:
    """Everything that a client sends has a largest size."""
    from drf_spectacular.generators import SchemaGenerator

    schema = SchemaGenerator().get_schema(request=None, public=True)
    return [
        problem(16, f"{place} has no largest length in the schema.") for place in unbounded(schema)
    ]


def unbounded(schema: dict[str, Any]) -> list[str]:
    """Where the requests of an OpenAPI document have a string or an array without a limit."""
    components = schema.get("components", {}).get("schemas", {})
    found: dict[str, None] = {}
    for path, operations in schema.get("paths", {}).items():
        for method, operation in operations.items():
            if not isinstance(operation, dict):
                continue
            where = f"{method.upper()} {path}"
            for parameter in operation.get("parameters", []):
                if parameter.get("in") == "path":
                    continue  # the middleware bounds the whole path
                place = f"{where} parameter {parameter.get('name')}"
                found |= dict.fromkeys(_open_ends(parameter.get("schema", {}), place, components))
            for content in operation.get("requestBody", {}).get("content", {}).values():
                found |= dict.fromkeys(_open_ends(content.get("schema", {}), where, components))
    return list(found)


def _open_ends(
    part: dict[str, Any], place: str, components: dict[str, Any], seen: tuple[str, ...] = ()
) -> Iterator[str]:
    reference = part.get("$ref", "").rpartition("/")[2]
    if reference:
        if reference not in seen:
            yield from _open_ends(components[reference], place, components, (*seen, reference))
        return
    kinds = part.get("type", ())
    kinds = {kinds} if isinstance(kinds, str) else set(kinds)
    if "string" in kinds and not _is_bounded_text(part):
        yield place
    if "array" in kinds and "maxItems" not in part:
        yield place
    if "array" in kinds:
        yield from _open_ends(part.get("items", {}), f"{place}[]", components, seen)
    for name, inner in part.get("properties", {}).items():
        if not inner.get("readOnly"):
            yield from _open_ends(inner, f"{place}.{name}", components, seen)
    for inner in _alternatives(part):
        yield from _open_ends(inner, place, components, seen)


def _alternatives(part: dict[str, Any]) -> Iterable[dict[str, Any]]:
    for name in ("oneOf", "anyOf", "allOf"):
        yield from part.get(name, ())


def _is_bounded_text(part: dict[str, Any]) -> bool:
    if {"enum", "const", "maxLength"} & part.keys():
        return True
    return part.get("format") in BOUNDING_FORMATS or part.get("contentEncoding") is not None
