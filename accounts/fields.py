"""Fields of people that are not plain columns."""

from typing import Any

from django.db import models


class CredentialPasswordField(models.CharField):
    """The password hash of a person, kept in the credentials database.

    Django's forms, commands and backends look for a model field named
    ``password``. This one is there for them, but has no column: reading it
    loads ``Credential.password_hash`` once, and what is assigned is written
    there by :meth:`store` after the person's own row is saved.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 256)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def get_attname_column(self) -> tuple[str, None]:
        return self.get_attname(), None

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False
    ) -> None:
        super().contribute_to_class(cls, name, private_only=True)
        setattr(cls, name, self)

    def __get__(self, instance: models.Model | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        state = instance.__dict__
        if "_password_hash" not in state:
            state["_password_hash"] = self._load(instance)
        return state["_password_hash"]

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__["_password_hash"] = value or ""
        instance.__dict__["_password_changed"] = True

    def store(self, instance: models.Model) -> None:
        """Write an assigned hash to the credentials database; do nothing when none was assigned."""
        if not instance.__dict__.pop("_password_changed", False):
            return
        value = instance.__dict__["_password_hash"]
        if not value and instance._state.adding:
            return
        self._credentials().upsert_hash(user_id=instance.pk, password_hash=value)

    def _load(self, instance: models.Model) -> str:
        return self._credentials().hash_of(instance.pk) if instance.pk else ""

    @staticmethod
    def _credentials() -> Any:
        from accounts.credentials.models import Credential

        return Credential.objects
