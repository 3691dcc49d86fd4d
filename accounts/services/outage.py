"""What happens to signing in while the credentials database is away."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError

from accounts.exceptions import SignInUnavailableError
from config.shared.database_problems import BUSY, QUERY_CANCELED, sqlstate

P = ParamSpec("P")
R = TypeVar("R")

RETRY_AFTER_SECONDS = 10


def needs_credentials(service: Callable[P, R]) -> Callable[P, R]:
    """Let ``service`` raise ``SignInUnavailableError`` when a database cannot be reached.

    A lock or a statement that took too long is not that, and is left to be explained as such.
    """

    @functools.wraps(service)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return service(*args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            if sqlstate(error) in {*BUSY, QUERY_CANCELED}:
                raise
            raise SignInUnavailableError(retry_after=RETRY_AFTER_SECONDS) from error

    return guarded
