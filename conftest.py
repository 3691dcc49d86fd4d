"""What all tests share."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connections
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from config.tests.services import require_service as _require_service

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let every test that touches a database touch both of them."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        fixtures = set(getattr(item, "fixturenames", ()))
        if marker is None and not DATABASE_FIXTURES & fixtures:
            continue
        options = dict(marker.kwargs) if marker else {}
        options.setdefault("databases", "__all__")
        if {"transactional_db", "live_server"} & fixtures:
            options.setdefault("transaction", True)
        item.add_marker(pytest.mark.django_db(**options), append=False)


@pytest.fixture
def api() -> APIClient:
    """A client that nobody has signed in; ``credentials(HTTP_AUTHORIZATION=…)`` signs in."""
    return APIClient()


@pytest.fixture(autouse=True)
def fresh_settings() -> None:
    """Let no test read the settings that another one changed."""
    from accounts.services.settings import drop_copies

    drop_copies()


@pytest.fixture(autouse=True)
def _no_sms() -> None:
    """Begin without messages of other tests; Django does the same for mail."""
    from accounts.gateways.sms import MemorySms

    MemorySms.outbox.clear()


@pytest.fixture(autouse=True)
def _no_jobs_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Empty the queue after a test that commits; Django empties the tables of models only."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker is not None and marker.kwargs.get("transaction"):
        with connections["default"].cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


@pytest.fixture
def media_folder(settings: LazySettings, tmp_path: Path) -> Path:
    """Files are kept in a folder of the test's own."""
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def require_service() -> Callable[[str], None]:
    """Skip the test where an outside service is missing; fail it with REQUIRE_SERVICES=1."""
    return _require_service


@pytest.fixture
def assert_constant_queries(db: None) -> Callable[..., None]:
    """Asserts that a call costs the same number of queries however much data there is.

    ``assert_constant_queries(call, grow, times=5)`` calls ``grow`` once and ``call`` twice (the
    first time fills caches that live as long as the process), then ``grow`` ``times`` more and
    ``call`` again. Both databases are counted, each for itself; the queries are printed when
    the numbers differ.
    """

    def measure(call: Callable[[], Any]) -> dict[str, list[str]]:
        with ExitStack() as stack:
            captured = {
                alias: stack.enter_context(CaptureQueriesContext(connections[alias]))
                for alias in connections
            }
            call()
        return {
            alias: [query["sql"] for query in context.captured_queries]
            for alias, context in captured.items()
        }

    def check(call: Callable[[], Any], grow: Callable[[], Any], *, times: int = 5) -> None:
        grow()
        call()
        few = measure(call)
        for _ in range(times):
            grow()
        many = measure(call)
        for alias, queries in many.items():
            if len(queries) != len(few[alias]):
                pytest.fail(difference(alias, few[alias], queries))

    return check


def difference(alias: str, few: list[str], many: list[str]) -> str:
    """How the queries of a small call and of a large one differ, for people to read."""
    shapes = Counter(query[:300] for query in many)
    lines = [f"  {count} × {query}" for query, count in shapes.most_common()]
    head = f"{alias}: {len(few)} queries with little data, {len(many)} with more"
    return "\n".join([head, *lines, "with little data:", *(f"  {query[:300]}" for query in few)])
