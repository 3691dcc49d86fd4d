"""Outside programs and services that some tests need, and how to tell whether they are here."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from config.tests.embedded import python_for_others

RTMP_MODULE = Path("/usr/lib/nginx/modules/ngx_rtmp_module.so")
# Debian keeps servers where only administrators look.
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"


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


def _other_users() -> bool:
    """Whether this process may become another user who can run Python with our packages."""
    return bool(python_for_others())


def _rtmp_module() -> bool:
    """Whether nginx is here, with the module that takes live video in."""
    return bool(shutil.which("nginx", path=PATH) and RTMP_MODULE.is_file())


PROBES: dict[str, Callable[[], bool]] = {
    "redis": _redis,
    "chromium": _program("chromium", "chromium-browser", "google-chrome"),
    "ffmpeg": _program("ffmpeg"),
    "nginx": _program("nginx"),
    "nginx-rtmp": _rtmp_module,
    "pgbouncer": _program("pgbouncer"),
    "postgis": _postgis,
    "other_users": _other_users,
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
    # Only on a machine without the service; where everything has to run, the line above fails.
    pytest.skip(reason)
