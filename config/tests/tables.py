"""Tables that exist for one test, for parts of the kernel that work on any model."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections, models
from django.test.utils import isolate_apps


def scratch() -> isolate_apps:
    """A block in which models are declared that no registry remembers."""
    return isolate_apps("config.apps.CourtyardConfig")


@contextmanager
def tables(*tables_of: type[models.Model], using: str = "default") -> Iterator[None]:
    """Make the tables of models, and take them away again.

    The models are declared under ``scratch()``, with ``app_label = "config"``. Within a test's
    transaction the rollback takes their tables away.
    """
    connection = connections[using]
    with connection.schema_editor() as editor:
        for model in tables_of:
            editor.create_model(model)
    try:
        yield
    finally:
        if not connection.in_atomic_block:
            with connection.schema_editor() as editor:
                for model in reversed(tables_of):
                    editor.delete_model(model)
