"""Logs as JSON lines: one per request, and everything that any library says, without secrets."""

import logging.config
from collections.abc import Mapping, MutableMapping
from typing import Any

import orjson
import structlog

from config.shared.context import current
from config.shared.redaction import redact

EventDict = MutableMapping[str, Any]

# What the processors below add about the line itself; nothing here came from a person.
_OWN_KEYS = frozenset(
    {"level", "logger", "timestamp", "request_id", "user_id", "method", "route", "status"}
)


def add_context(_logger: Any, _name: str, event: EventDict) -> EventDict:
    """Name the request and the person that a line belongs to, where there are any."""
    context = current()
    if context.request_id:
        event.setdefault("request_id", context.request_id)
    identifier = getattr(context.actor, "pk", None)
    if identifier is not None:
        event.setdefault("user_id", str(identifier))
    return event


def remove_secrets(_logger: Any, _name: str, event: EventDict) -> EventDict:
    """Pass everything through the redaction; the last step before a line is rendered."""
    return {
        key: value if key in _OWN_KEYS or key.startswith("_") else redact(value, name=key)
        for key, value in event.items()
    }


def says_more_than_the_request_line(record: logging.LogRecord) -> bool:
    """Keep tracebacks and warnings about requests; drop ``Not Found: /path`` and its like."""
    return bool(record.exc_info) or not hasattr(record, "status_code")


def _as_json(event: Any, **_options: Any) -> str:
    return orjson.dumps(event, default=str).decode()


def _shared_processors() -> list[Any]:
    return [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_context,
    ]


def configure(options: Mapping[str, Any]) -> None:
    """Set up logging; Django calls this with the setting ``LOGGING`` (see ``LOGGING_CONFIG``).

    ``options`` has a ``level`` and a ``format``: ``json`` for machines, ``console`` for a
    developer's eyes. Both pass through the same redaction.
    """
    renderer: Any = structlog.processors.JSONRenderer(serializer=_as_json)
    if options.get("format") == "console":
        renderer = structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared_processors(),
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(_stdlib_configuration(str(options.get("level", "INFO")), renderer))


def _stdlib_configuration(level: str, renderer: Any) -> dict[str, Any]:
    formatter = {
        "()": "structlog.stdlib.ProcessorFormatter",
        "foreign_pre_chain": _shared_processors(),
        "processors": [
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            remove_secrets,
            renderer,
        ],
    }
    inherited = {"handlers": [], "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": formatter},
        "filters": {"not_twice": {"()": lambda: says_more_than_the_request_line}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {**inherited, "level": level},
            "django.request": {**inherited, "filters": ["not_twice"]},
            # SQL with its parameters, at the level of debugging only
            "django.db.backends": {**inherited, "level": "INFO"},
            # the request line of `runserver`; ours says more
            "django.server": {**inherited, "level": "WARNING"},
            "procrastinate": {**inherited, "level": "WARNING" if level == "INFO" else level},
        },
    }
