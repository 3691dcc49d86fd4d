"""Model fields whose values are encrypted in the database (docs/adr/0004-sealed-fields.md).

The keys come from the setting ``FIELD_ENCRYPTION_KEYS``: URL-safe base64 of 32 bytes each, the
newest first. The newest seals, all of them open. A value is sealed together with the name of its
column, so a ciphertext that is copied into another column does not open there.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, ClassVar

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models
from django.db.models.functions import Cast

SEPARATOR = b"\x00"
BATCH = 500


class SealedValueError(RuntimeError):
    """A stored value does not open: its key is gone, or it was not sealed for this column."""


def seal(value: bytes, *, context: str) -> str:
    """Encrypt ``value`` for the column that ``context`` names."""
    return _ring().encrypt(context.encode() + SEPARATOR + value).decode("ascii")


def unseal(token: str, *, context: str) -> bytes:
    """Decrypt what ``seal`` made for the same ``context``, or raise ``SealedValueError``."""
    try:
        opened = _ring().decrypt(token.encode())
    except InvalidToken as error:
        raise SealedValueError(f"No key opens a value of {context}.") from error
    owner, separator, value = opened.partition(SEPARATOR)
    if not separator or owner != context.encode():
        raise SealedValueError(f"A value of {context} was sealed for another column.")
    return value


def _ring() -> MultiFernet:
    return _ring_of(tuple(getattr(settings, "FIELD_ENCRYPTION_KEYS", ()) or ()))


@lru_cache(maxsize=4)
def _ring_of(keys: tuple[str, ...]) -> MultiFernet:
    if not keys:
        raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS is empty: sealed fields need a key.")
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError as error:
        raise ImproperlyConfigured(
            "FIELD_ENCRYPTION_KEYS holds a key that is not URL-safe base64 of 32 bytes."
        ) from error


@lru_cache(maxsize=4)
def _newest_of(key: str) -> Fernet:
    return Fernet(key)


class _SealedField(models.Field):
    """What the sealed fields share; a subclass says how its values become bytes and back.

    Args:
        context: the name that values are bound to, by default ``app.model.field``. Give it when a
            model or field is renamed, or when a history table copies the column.
    """

    plain_type: ClassVar[type]

    def __init__(self, *args: Any, context: str = "", **kwargs: Any) -> None:
        if kwargs.get("unique") or kwargs.get("db_index") or kwargs.get("primary_key"):
            raise TypeError("A sealed field cannot be indexed or unique.")
        self._explicit_context = context
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    @property
    def context(self) -> str:
        """The name that this column's values are sealed for."""
        return self._explicit_context or f"{self.model._meta.label_lower}.{self.name}"

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self._explicit_context:
            kwargs["context"] = self._explicit_context
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "TextField"

    def to_bytes(self, value: Any) -> bytes:
        """The bytes that stand for ``value``."""
        return bytes(value)

    def from_bytes(self, value: bytes) -> Any:
        """The value that ``value`` stands for."""
        return value

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        if value is None:
            return None
        if not isinstance(value, self.plain_type):
            raise TypeError(f"{self.context} holds {self.plain_type.__name__}, not {type(value)}.")
        return seal(self.to_bytes(value), context=self.context)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        if value is None:
            return None
        return self.from_bytes(unseal(value, context=self.context))

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is sealed: it can be compared with nothing.")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(f"{self.name} is sealed: it has no {lookup_name}.")

    def value_to_string(self, obj: models.Model) -> str:
        raise FieldError(f"{self.name} is sealed: it is not written into a fixture.")


class SealedTextField(_SealedField):
    """Text that only the application can read; ``""`` and ``None`` stay different."""

    description = "Encrypted text"
    plain_type = str

    def to_bytes(self, value: str) -> bytes:
        return value.encode()

    def from_bytes(self, value: bytes) -> str:
        return value.decode()


class SealedBytesField(_SealedField):
    """Bytes that only the application can read; ``b""`` and ``None`` stay different."""

    description = "Encrypted bytes"
    plain_type = bytes


def reseal(
    queryset: models.QuerySet[Any], field: str, *, dry_run: bool = False
) -> Iterator[tuple[Any, str]]:
    """Put every value of ``field`` in ``queryset`` under the newest key, row by row.

    Yields ``(pk, outcome)`` for each row that holds a value: ``"current"`` (already under the
    newest key), ``"resealed"`` (with ``dry_run``: would be) or ``"broken"`` (does not open; left
    as it is). A row that is changed by somebody else meanwhile is left to them, as ``"current"``.
    """
    column = queryset.model._meta.get_field(field)
    if not isinstance(column, _SealedField):
        raise TypeError(f"{field} is not a sealed field.")
    rows = (
        queryset.order_by("pk")
        .annotate(_token=Cast(field, models.TextField()))
        .filter(_token__isnull=False)
    )
    last = None
    while True:
        page = rows if last is None else rows.filter(pk__gt=last)
        batch = list(page.values_list("pk", "_token")[:BATCH])
        for pk, token in batch:
            yield pk, _reseal_one(queryset, column, pk, token, dry_run=dry_run)
        if len(batch) < BATCH:
            return
        last = batch[-1][0]


def _reseal_one(
    queryset: models.QuerySet[Any], column: _SealedField, pk: Any, token: str, *, dry_run: bool
) -> str:
    try:
        unseal(token, context=column.context)
    except SealedValueError:
        return "broken"
    try:
        _newest_of(settings.FIELD_ENCRYPTION_KEYS[0]).decrypt(token)
    except InvalidToken:
        if dry_run:
            return "resealed"
    else:
        return "current"
    fresh = models.Value(_ring().rotate(token).decode("ascii"), output_field=models.TextField())
    changed = (
        queryset.filter(pk=pk)
        .annotate(_token=Cast(column.name, models.TextField()))
        .filter(_token=token)
        .update(**{column.name: fresh})
    )
    return "resealed" if changed else "current"


def sealed_columns() -> list[tuple[type[models.Model], str]]:
    """Every sealed field of every model, as ``(model, field name)``, by label."""
    return sorted(
        (
            (model, field.name)
            for model in apps.get_models()
            if model._meta.managed and not model._meta.proxy
            for field in model._meta.local_concrete_fields
            if isinstance(field, _SealedField)
        ),
        key=lambda column: (column[0]._meta.label, column[1]),
    )
