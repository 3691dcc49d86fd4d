"""Servers with sockets, for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from config.tests.server_process import ServerProcess, SocketServer


@pytest.fixture
def server(transactional_db: None, tmp_path: Path) -> Iterator[ServerProcess]:
    with SocketServer(tmp_path) as running:
        yield running
