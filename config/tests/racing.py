"""Tests with real threads and real connections."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections

PATIENCE_SECONDS = 30


def race(*contestants: Callable[[], Any], patience: float = PATIENCE_SECONDS) -> list[Any]:
    """Call all at once, each in a thread with connections of its own; returns what each gave.

    An exception is a result like any other. The threads start together, close their connections
    and must end within half a minute, or within ``patience`` seconds.
    """
    start = threading.Barrier(len(contestants))
    results: list[Any] = [None] * len(contestants)

    def run(place: int) -> None:
        try:
            start.wait(PATIENCE_SECONDS)
            results[place] = contestants[place]()
        except Exception as error:  # noqa: BLE001 the test looks at it
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(contestants))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(patience)
    assert not any(thread.is_alive() for thread in threads), "a contestant hangs"
    return results
