"""Rows that a job looks at one by one: what fails for one does not hold up the others."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db.models import Model

logger = logging.getLogger(__name__)

ModelT = TypeVar("ModelT", bound=Model)


def one_by_one(rows: Iterable[ModelT], act: Callable[[ModelT], object]) -> int:
    """Call ``act`` for each row; returns for how many it gave something true.

    Each call is a transaction of its own. The first failure is raised once all were tried, so that
    the job shows as failed.
    """
    done, failures = 0, []
    for row in rows:
        try:
            done += bool(act(row))
        except Exception as error:  # noqa: BLE001 it is raised after the others had their turn
            logger.warning("%s failed for one row", getattr(act, "__name__", "A job"))
            failures.append(error)
    if failures:
        raise failures[0]
    return done
