"""Where sockets have their database work done: by few threads, with one connection each.

A thousand sockets so share two connections, and none of them holds one.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connections

P = ParamSpec("P")
R = TypeVar("R")

THREADS = 2


class Desk:
    """Runs ordinary functions for coroutines; their connections stay open in between."""

    def __init__(self, threads: int = THREADS) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="live-desk")

    async def ask(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """What ``function`` returns; once more on a fresh connection if the old one is gone."""
        work = partial(_answer, partial(function, *args, **kwargs))
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def _answer(function: Callable[[], Any]) -> Any:
    try:
        return function()
    except (OperationalError, InterfaceError):
        connections["default"].close()
    try:
        return function()
    except (OperationalError, InterfaceError):
        connections["default"].close()
        raise
