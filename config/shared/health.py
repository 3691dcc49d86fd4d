"""Is everything there that Courtyard stands on? Asked by people, load balancers and monitors."""

import platform
import shutil
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import django
import structlog
from django.conf import settings
from django.core.cache import caches
from django.core.files.storage import storages
from django.db import DatabaseError, connections, router
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from config.shared import job_queue
from config.shared.version import NAME, VERSION

log = structlog.get_logger("courtyard.health")

OK = "ok"
DEGRADED = "degraded"
DOWN = "down"
DATABASES = ("default", "credentials")

# Without these nobody is served; everything else only degrades.
ESSENTIAL = frozenset({"default"})
REMEMBERED_SECONDS = 5.0
LOW_DISK_BYTES = 500 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look at one dependency showed; ``detail`` is for staff only."""

    name: str
    state: str
    milliseconds: float
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """All findings of one moment."""

    findings: tuple[Finding, ...]
    time: str

    @property
    def status(self) -> str:
        """``down`` without an essential part, ``degraded`` without another, else ``ok``."""
        if any(found.state == DOWN and found.name in ESSENTIAL for found in self.findings):
            return DOWN
        return OK if all(found.state == OK for found in self.findings) else DEGRADED

    def as_dict(self, *, details: bool) -> dict[str, Any]:
        """The report as it is served; ``details`` adds what only staff may read."""
        document: dict[str, Any] = {
            "status": self.status,
            "name": NAME,
            "version": VERSION,
            "time": self.time,
            "checks": {found.name: _served(found, details=details) for found in self.findings},
        }
        if details:
            document["versions"] = {
                "courtyard": VERSION,
                "django": django.get_version(),
                "python": platform.python_version(),
            }
        return document


def _served(found: Finding, *, details: bool) -> dict[str, Any]:
    if not details:
        return {"state": found.state}
    return {"state": found.state, "milliseconds": found.milliseconds, **found.detail}


def examine(name: str, look: Callable[[], tuple[str, dict[str, Any]]]) -> Finding:
    """Run one look; whatever goes wrong in it is the finding, never an exception."""
    started = time.perf_counter()
    try:
        state, detail = look()
    except Exception as problem:
        expected = isinstance(problem, DatabaseError | OSError)
        log.warning("health check failed", check=name, exc_info=not expected)
        state, detail = DOWN, {"problem": type(problem).__name__}
    return Finding(name, state, round((time.perf_counter() - started) * 1000, 1), detail)


def look_at_database(alias: str) -> tuple[str, dict[str, Any]]:
    """Whether a statement comes back, from which server, and what its clock says."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), clock_timestamp()")
        version, now = cursor.fetchone()
    return OK, {"server": version, "time": now.isoformat()}


def look_at_jobs() -> tuple[str, dict[str, Any]]:
    """How much work waits; degraded when the oldest has waited longer than allowed."""
    queues = job_queue.queues()
    workers = job_queue.workers()
    oldest = max((queue.oldest_seconds for queue in queues), default=0.0)
    late = oldest > settings.HEALTH_JOBS_MAX_AGE_SECONDS
    return DEGRADED if late else OK, {
        "waiting": sum(queue.waiting for queue in queues),
        "running": sum(queue.running for queue in queues),
        "failed": sum(queue.failed for queue in queues),
        "oldest_seconds": round(oldest, 1),
        "workers": workers.workers,
        "worker_last_seen_seconds": workers.last_seen_seconds,
    }


def look_at_cache() -> tuple[str, dict[str, Any]]:
    """Whether what is put into the cache can be read back."""
    cache, key = caches["default"], f"health:{uuid.uuid4().hex}"
    cache.set(key, "here", timeout=10)
    found = cache.get(key)
    cache.delete(key)
    return OK if found == "here" else DOWN, {"backend": type(cache).__name__}


def look_at_storage() -> tuple[str, dict[str, Any]]:
    """Whether files can be kept: room on the disk, or an answer from the object store."""
    storage = storages["default"]
    backend = type(storage).__name__
    try:
        folder = Path(storage.path(""))
    # What Django's storages raise that keep files anywhere but on the disk: nothing is unfinished.
    except NotImplementedError:
        storage.exists("health")
        return OK, {"backend": backend}
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / f".health-{uuid.uuid4().hex}"
    probe.write_bytes(b"here")
    probe.unlink()
    free = shutil.disk_usage(folder).free
    return OK if free > LOW_DISK_BYTES else DEGRADED, {"backend": backend, "free_bytes": free}


_further: dict[str, Callable[[], tuple[str, dict[str, Any]]]] = {}


def register_look(name: str, look: Callable[[], tuple[str, dict[str, Any]]]) -> None:
    """Have the report look at something that an app stands on."""
    _further[name] = look


def take_report() -> Report:
    """Look at every dependency now."""
    findings = [examine(alias, partial(look_at_database, alias)) for alias in DATABASES]
    findings += [
        examine("jobs", look_at_jobs),
        examine("cache", look_at_cache),
        examine("storage", look_at_storage),
    ]
    findings += [examine(name, look) for name, look in _further.items()]
    return Report(tuple(findings), timezone.now().isoformat())


_remembered: tuple[float, Report] | None = None


def report() -> Report:
    """The present report, at most five seconds old, so that asking often costs nothing."""
    global _remembered  # noqa: PLW0603 - one report per process
    now = time.monotonic()
    if _remembered is None or now - _remembered[0] > REMEMBERED_SECONDS:
        _remembered = (now, take_report())
    return _remembered[1]


def forget() -> None:
    """Let the next ``report`` look again."""
    global _remembered  # noqa: PLW0603 - one report per process
    _remembered = None


@lru_cache(maxsize=1)
def _migrations_on_disk() -> dict[tuple[str, str], Any]:
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return dict(loader.disk_migrations)


def unapplied_migrations(alias: str) -> list[str]:
    """Names of the migrations that database ``alias`` still lacks, in order."""
    applied = set(MigrationRecorder(connections[alias]).applied_migrations())
    return sorted(
        f"{app}.{name}"
        for (app, name), migration in _migrations_on_disk().items()
        if router.allow_migrate(alias, app)
        and (app, name) not in applied
        and not (migration.replaces and applied.issuperset(migration.replaces))
    )


def look_at_migrations(alias: str) -> tuple[str, dict[str, Any]]:
    """Whether the database answers and has every migration of this version."""
    missing = unapplied_migrations(alias)
    return DOWN if missing else OK, {"missing_migrations": len(missing)}


def readiness() -> dict[str, Finding]:
    """Both databases, each for itself: it answers, and it is migrated."""
    return {alias: examine(alias, partial(look_at_migrations, alias)) for alias in DATABASES}
