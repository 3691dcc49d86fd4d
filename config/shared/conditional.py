"""ETags and ``If-Match``: nobody overwrites what they have not seen (RFC 9110 §13)."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models, transaction

from config.shared.errors import StaleError
from config.shared.locks import lock_one

ETAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e]*)"')


def etag_of(instance: models.Model) -> str:
    """A weak ETag: the same as long as nobody saves the row."""
    changed = instance.updated_at.isoformat()  # type: ignore[attr-defined]
    digest = hashlib.sha256(f"{instance.pk}:{changed}".encode()).hexdigest()
    return f'W/"{digest[:32]}"'


def refuse_stale(instance: models.Model, if_match: str | None) -> None:
    """Raise ``StaleError`` unless ``instance`` is one of the versions that ``if_match`` names.

    Our tags are weak, so they are compared weakly; ``*`` means any version.
    """
    if if_match is None or if_match.strip() == "*":
        return
    if ETAG.findall(etag_of(instance))[0] not in ETAG.findall(if_match):
        raise StaleError(current=etag_of(instance))


class ConditionalWritesMixin:
    """Gives representations an ETag, and lets a stale ``If-Match`` stop a write with a 412.

    Models need ``updated_at`` and, for the lock, a place in ``config.shared.locks``. A write goes
    through ``to_change``, which holds the row's lock from the comparison until the change is made.
    """

    conditional_writes = True

    @contextmanager
    def to_change(self: Any) -> Iterator[Any]:
        """The object to be changed: ``with self.to_change() as flat: …``."""
        if_match = self.request.headers.get("If-Match")
        if if_match is None:
            yield self.get_object()
            return
        with transaction.atomic():
            lookup = {self.lookup_field: self.kwargs[self.lookup_url_kwarg or self.lookup_field]}
            instance = lock_one(self.get_queryset(), **lookup)
            self.check_object_permissions(self.request, instance)
            refuse_stale(instance, if_match)
            yield instance
