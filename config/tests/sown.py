"""The small community, sown once for all tests of a module."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections, transaction
from django.test import override_settings


@contextmanager
def sown(blocker: Any, folder: Path) -> Iterator[Path]:
    """Sow without pictures, keep files in ``folder``, and take all of it back in the end.

    The tests inside have transactions of their own, so that their changes are undone each time.
    """
    with blocker.unblock(), override_settings(MEDIA_ROOT=folder), ExitStack() as stack:
        for alias in connections:
            stack.enter_context(transaction.atomic(using=alias))
        sow()
        yield folder
        for alias in connections:
            transaction.set_rollback(True, using=alias)


def sow(*, no_pictures: bool = True, **options: Any) -> str:
    """Run ``seed``; gives what it says."""
    out = StringIO()
    call_command("seed", seed=1, no_pictures=no_pictures, stdout=out, **options)
    return out.getvalue()
