"""Limits that hold under any number of parallel callers: one atomic statement per attempt.

A window opens with the first attempt and lasts ``window_seconds``; within it ``limit`` attempts
pass. Attempts are counted in a transaction of their own, so that what the caller rolls back stays
counted; calling from within a transaction is therefore an error.
"""

import math
from dataclasses import dataclass
from typing import Literal

from django.apps import apps
from django.db import connections, models, transaction
from django.utils.crypto import salted_hmac

from config.shared.errors import TooManyRequestsError

Alias = Literal["default", "credentials"]

_APP_OF = {"default": "accounts", "credentials": "credentials"}
_SALT = "config.shared.limits"
_SWEEP_BATCH = 10_000

_TAKE = """
INSERT INTO {table} AS bucket (key, window_start, count, expires_at)
SELECT %(key)s, clock.now, %(cost)s, clock.now + make_interval(secs => %(window)s)
FROM (SELECT clock_timestamp() AS now) AS clock
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN bucket.expires_at <= EXCLUDED.window_start
                 THEN EXCLUDED.count ELSE bucket.count + EXCLUDED.count END,
    window_start = CASE WHEN bucket.expires_at <= EXCLUDED.window_start
                        THEN EXCLUDED.window_start ELSE bucket.window_start END,
    expires_at = CASE WHEN bucket.expires_at <= EXCLUDED.window_start
                      THEN EXCLUDED.expires_at ELSE bucket.expires_at END
WHERE bucket.expires_at <= EXCLUDED.window_start OR bucket.count + EXCLUDED.count <= %(limit)s
RETURNING count
"""
_WAIT = "SELECT extract(epoch FROM expires_at - clock_timestamp()) FROM {table} WHERE key = %s"
_SWEEP = """
DELETE FROM {table} WHERE id IN (
    SELECT id FROM {table} WHERE expires_at <= clock_timestamp()
    LIMIT %s FOR UPDATE SKIP LOCKED
)
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """Whether an attempt may go ahead and, if not, in how many seconds the next one may."""

    allowed: bool
    retry_after: int = 0


def take(
    key: str, *, limit: int, window_seconds: int, using: Alias = "default", cost: int = 1
) -> Taken:
    """Count an attempt under ``key``, and say whether it is within ``limit`` per window.

    ``key`` is ``"purpose:subject"``; the subject may be personal, only a keyed hash of it is
    stored. A refused attempt is not counted. ``cost`` counts one attempt as several.
    """
    if window_seconds < 1 or cost < 1:
        raise ValueError("A window and a cost are at least 1.")
    if cost > limit:
        return Taken(allowed=False, retry_after=window_seconds)
    table = _table(using)
    stored = f"{_stored(key)}{window_seconds}"
    values: dict[str, str | int] = {
        "key": stored,
        "cost": cost,
        "window": window_seconds,
        "limit": limit,
    }
    with transaction.atomic(using=using, durable=True), connections[using].cursor() as cursor:
        cursor.execute(_TAKE.format(table=table), values)
        if cursor.fetchone() is not None:
            return Taken(allowed=True)
        cursor.execute(_WAIT.format(table=table), [stored])
        row = cursor.fetchone()
    return Taken(allowed=False, retry_after=max(1, math.ceil(row[0])) if row else 1)


def enforce(
    key: str, *, limit: int, window_seconds: int, using: Alias = "default", cost: int = 1
) -> None:
    """Like ``take``, but a refusal raises ``TooManyRequestsError`` with ``retry_after``."""
    taken = take(key, limit=limit, window_seconds=window_seconds, using=using, cost=cost)
    if not taken.allowed:
        raise TooManyRequestsError(retry_after=taken.retry_after)


def forget(key: str, *, using: Alias = "default") -> None:
    """Open ``key`` again, for every window: a success wipes the failures before it."""
    _model(using)._base_manager.using(using).filter(key__startswith=_stored(key)).delete()


def sweep(*, using: Alias = "default") -> int:
    """Delete the buckets whose window has ended, and return how many; correctness needs it not."""
    statement, swept = _SWEEP.format(table=_table(using)), 0
    while True:
        with connections[using].cursor() as cursor:
            cursor.execute(statement, [_SWEEP_BATCH])
            swept += cursor.rowcount
            if cursor.rowcount < _SWEEP_BATCH:
                return swept


def _stored(key: str) -> str:
    purpose, separator, subject = key.partition(":")
    if not (purpose and separator and subject):
        raise ValueError("A limit's key is 'purpose:subject'.")
    digest = salted_hmac(_SALT, subject, algorithm="sha256").hexdigest()
    return f"{purpose}:{digest}:"


def _model(using: Alias) -> type[models.Model]:
    return apps.get_model(_APP_OF[using], "RateBucket")


def _table(using: Alias) -> str:
    return connections[using].ops.quote_name(_model(using)._meta.db_table)
