"""Transactions that lost to another through no fault of their own are tried again."""

import functools
import random
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connections, transaction

P = ParamSpec("P")
R = TypeVar("R")

SERIALIZATION_FAILURE = "40001"
DEADLOCK_DETECTED = "40P01"
RETRIED = frozenset({SERIALIZATION_FAILURE, DEADLOCK_DETECTED})
RETRIES = 3
PAUSE_SECONDS = 0.05


def retry_transaction(service: Callable[P, R]) -> Callable[P, R]:
    """Run ``service`` in a transaction on ``default``, and again after a deadlock, up to 3 times.

    Decorates a service in place of ``transaction.atomic``. A transaction that is open already
    belongs to somebody further out: then ``service`` joins it, and the outermost is retried if it
    is decorated as well. Whatever ``service`` does outside the database must bear repetition.
    """

    @functools.wraps(service)
    def retried(*args: P.args, **kwargs: P.kwargs) -> R:
        if connections["default"].in_atomic_block:
            with transaction.atomic():
                return service(*args, **kwargs)
        for attempt in range(1, RETRIES + 1):
            try:
                with transaction.atomic():
                    return service(*args, **kwargs)
            except OperationalError as error:
                if sqlstate(error) not in RETRIED:
                    raise
                time.sleep(random.uniform(0.5, 1.5) * PAUSE_SECONDS * attempt)
        with transaction.atomic():
            return service(*args, **kwargs)

    return retried


def sqlstate(error: BaseException) -> str | None:
    """The SQLSTATE that PostgreSQL gave for a database error of Django's, or None."""
    return getattr(error.__cause__, "sqlstate", None)
