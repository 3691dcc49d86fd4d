"""Servers with sockets, for the tests of this folder."""

from collections.abc import Iterator
from typing import Any

import pytest

from config.tests.server_process import ServerProcess, SocketServer


@pytest.fixture(scope="module")
def running_server(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServerProcess]:
    with (
        django_db_blocker.unblock(),
        SocketServer(tmp_path_factory.mktemp("server")) as running,
    ):
        yield running


@pytest.fixture
def server(transactional_db: None, running_server: ServerProcess) -> ServerProcess:
    """A server for all tests of a module; what they write is gone in between."""
    return running_server
