"""Counters of failures in a row: each counted before it is known to be one.

One statement counts and sets the lock that the count calls for, so any number of parallel callers
are counted one after the other; while a lock lasts nothing is counted, so nothing prolongs it.
"""

from typing import Any

from django.conf import settings
from django.db import connections

from accounts.credentials.models import FailureCounter
from config.shared.models import uuid7

CREDENTIALS = "credentials"
# For a counter that waits but never stops, and one that stops but never waits.
NEVER = 2**31 - 1

# From ``threshold`` on each further failure doubles the wait, up to the longest.
LOCK = """
CASE WHEN {count} + 1 >= %(threshold)s THEN clock_timestamp() + make_interval(secs => LEAST(
    %(longest)s, %(first)s * power(2, LEAST({count} + 1 - %(threshold)s, 20)))) END
"""
_COUNT = f"""
INSERT INTO credentials_failurecounter AS counter (id, key, failures, last_failed_at)
VALUES (%(id)s, %(key)s, 1, clock_timestamp())
ON CONFLICT (key) DO UPDATE SET
    failures = counter.failures + 1,
    locked_until = {LOCK.format(count="counter.failures")},
    last_failed_at = clock_timestamp()
WHERE counter.failures < %(stop)s
    AND (counter.locked_until IS NULL OR counter.locked_until <= clock_timestamp())
RETURNING failures
"""  # noqa: S608 (composed of constants)
_STATE = """
SELECT failures, extract(epoch FROM locked_until - clock_timestamp())::float
FROM credentials_failurecounter WHERE key = %s
"""

State = tuple[int, float | None]


def count(key: str, *, threshold: int = NEVER, stop: int = NEVER) -> bool:
    """Count one failure under ``key``; False, and nothing counted, while locked or stopped."""
    return execute(_COUNT, threshold=threshold, stop=stop, id=uuid7(), key=key) is not None


def state(key: str) -> State:
    """How many failures in a row there were, and for how many seconds the lock still lasts."""
    return execute(_STATE, key) or (0, None)


def forget(*keys: str) -> None:
    """Begin to count anew."""
    FailureCounter.objects.filter(key__in=keys).delete()


def execute(statement: str, *values: Any, **names: Any) -> Any:
    """The first row of a statement on the credentials database, or None."""
    waits = {
        "first": settings.LOCKOUT_FIRST_SECONDS,
        "longest": settings.LOCKOUT_LONGEST_SECONDS,
    }
    with connections[CREDENTIALS].cursor() as cursor:
        cursor.execute(statement, list(values) or {**waits, **names})
        return cursor.fetchone()
