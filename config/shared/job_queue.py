"""How much background work waits, and for how long: read by the health report and the metrics."""

from dataclasses import dataclass

from django.db import connections

# A job without a time is due since it was deferred, one with a time since that time. The oldest of
# the first kind is the one with the lowest key, so only one row of the event log is read per queue.
_SQL = """
WITH due AS (
    SELECT queue_name,
           count(*) AS waiting,
           min(id) FILTER (WHERE scheduled_at IS NULL) AS first_id,
           min(scheduled_at) AS first_time
    FROM procrastinate_jobs
    WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= clock_timestamp())
    GROUP BY queue_name
), other AS (
    SELECT queue_name,
           count(*) FILTER (WHERE status = 'doing') AS running,
           count(*) FILTER (WHERE status = 'failed') AS failed
    FROM procrastinate_jobs
    WHERE status IN ('doing', 'failed')
    GROUP BY queue_name
)
SELECT coalesce(due.queue_name, other.queue_name),
       coalesce(due.waiting, 0),
       coalesce(other.running, 0),
       coalesce(other.failed, 0),
       extract(epoch FROM clock_timestamp() - least(
           due.first_time,
           (SELECT min(at) FROM procrastinate_events
            WHERE job_id = due.first_id AND type = 'deferred')
       ))
FROM due FULL JOIN other ON other.queue_name = due.queue_name
ORDER BY 1
"""

_HEARTBEAT_SQL = """
SELECT count(*), extract(epoch FROM clock_timestamp() - max(last_heartbeat))
FROM procrastinate_workers
"""


@dataclass(frozen=True, slots=True)
class QueueState:
    """One queue: jobs due and not begun, being done, given up; age of the oldest due one."""

    name: str
    waiting: int
    running: int
    failed: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class WorkerState:
    """How many workers have signed in, and how long ago the latest gave a sign of life."""

    workers: int
    last_seen_seconds: float | None


def queues() -> list[QueueState]:
    """Every queue that has something to say, in order of name."""
    with connections["default"].cursor() as cursor:
        cursor.execute(_SQL)
        return [
            QueueState(name, waiting, running, failed, max(0.0, float(age or 0)))
            for name, waiting, running, failed, age in cursor.fetchall()
        ]


def workers() -> WorkerState:
    """The workers that are signed in."""
    with connections["default"].cursor() as cursor:
        cursor.execute(_HEARTBEAT_SQL)
        count, age = cursor.fetchone()
    return WorkerState(count, None if age is None else float(age))
