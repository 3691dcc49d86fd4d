"""Which database a model lives in."""

from typing import Any

CREDENTIALS = "credentials"


class CredentialsRouter:
    """Keeps ``accounts.credentials`` in a database of its own, and all else out of that."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return CREDENTIALS if model._meta.app_label == CREDENTIALS else None

    def db_for_write(self, model: Any, **hints: Any) -> str | None:
        return CREDENTIALS if model._meta.app_label == CREDENTIALS else None

    def allow_relation(self, obj1: Any, obj2: Any, **hints: Any) -> bool | None:
        labels = {obj1._meta.app_label, obj2._meta.app_label}
        return None if CREDENTIALS not in labels else len(labels) == 1

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return (app_label == CREDENTIALS) == (db == CREDENTIALS)
