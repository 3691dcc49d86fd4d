"""Outside programs and services that some tests need, and how to tell whether they are here."""

import os
import shutil
import subprocess
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import connection


def _program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def _redis() -> bool:
    if settings.REDIS_URL:
        import redis

        try:
            return bool(redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1).ping())
        except redis.RedisError:
            return False
    return shutil.which("redis-server") is not None


def _postgis() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'postgis')")
        return bool(cursor.fetchone()[0])


def _ordinary_user() -> bool:
    """Whether this process may become another user, to show what an ordinary one can do."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        return False
    probe = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "true"]
    return subprocess.run(probe, check=False, capture_output=True).returncode == 0


PROBES: dict[str, Callable[[], bool]] = {
    "redis": _redis,
    "chromium": _program("chromium", "chromium-browser", "google-chrome"),
    "ffmpeg": _program("ffmpeg"),
    "nginx": _program("nginx"),
    "pgbouncer": _program("pgbouncer"),
    "postgis": _postgis,
    "ordinary_user": _ordinary_user,
}


def require_service(name: str) -> None:
    """Skip the running test where ``name`` is not available.

    With ``REQUIRE_SERVICES=1``, as continuous integration sets, its absence fails the test.
    """
    if PROBES[name]():
        return
    reason = f"needs {name}, which is not available here"
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(f"{reason}, although REQUIRE_SERVICES=1")
    pytest.skip(reason)
