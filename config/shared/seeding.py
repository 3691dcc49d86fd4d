"""What the parts of the demo community share: chance, keys, time and the way into the tables.

Each app has its part in ``<app>/demo.py``: a function ``build(seed)`` that adds rows to what the
apps below it have made. All of it follows from one number, so two machines that seed with the
same number have the same people, with the same keys.
"""

import hashlib
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from config.shared.bulk import copy_rows

SCALES = {"small": 50, "medium": 5_000, "large": 500_000}
BLOCK = 50
# Keys are ordered by when things were made; this is when the first of them was.
FIRST_KEY_AT = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A person of the demo whom one can sign in as."""

    identifier: str
    password: str
    name: str
    roles: list[str]
    organization: str
    phone_number: str
    staff_groups: list[str]
    note: str


@dataclass
class Seed:
    """One run of the seed.

    Args:
        number: what everything follows from.
        people: how many people there are in the end, in blocks of ``BLOCK``.
        today: the day that expiry dates and the like are counted from.
        pictures: whether they are drawn and stored as well.
        contents: whether the contents of files may be stored at all.
        step: called with a sentence whenever a part is done, and how far the whole is (0 to 1).
    """

    number: int
    people: int
    today: date
    pictures: bool = True
    contents: bool = True
    step: Callable[[str, float], None] = lambda label, share: None
    accounts: list[DemoAccount] = field(default_factory=list)
    made: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)

    @property
    def blocks(self) -> range:
        """The blocks of people; the first is written by hand, the others by chance."""
        return range(self.people // BLOCK)

    @property
    def now(self) -> datetime:
        """The moment that times of the past are counted back from."""
        return datetime.combine(self.today, datetime.min.time(), UTC)

    @cached_property
    def present(self) -> datetime:
        """The moment that what is going on counts from: now, or the beginning of another day."""
        now = timezone.now()
        return now if now.date() == self.today else self.now

    def random(self, *topic: Any) -> random.Random:
        """A source of chance of its own for ``topic``, the same in every run."""
        return random.Random(self._digest("random", *topic))

    def key(self, *topic: Any) -> UUID:
        """The key of the thing that ``topic`` names: a UUIDv7, the same in every run."""
        digest = self._digest("key", *topic)
        at = FIRST_KEY_AT + timedelta(milliseconds=int.from_bytes(digest[:4]) * 8)
        value = int(at.timestamp() * 1000) << 80 | int.from_bytes(digest[4:14])
        value = (value & ~(0xF << 76)) | (0x7 << 76)
        return UUID(int=(value & ~(0x3 << 62)) | (0x2 << 62))

    def ago(self, *, days: float = 0, hours: float = 0) -> datetime:
        """A moment before today."""
        return self.now - timedelta(days=days, hours=hours)

    def after(self, moment: datetime, *, days: float) -> datetime:
        """So many days after ``moment``, but sooner where that is not half as long ago."""
        return min(moment + timedelta(days=days), moment + (self.now - moment) / 2)

    def add(self, rows: Iterable[models.Model]) -> None:
        """Put rows of any models into their tables, leaving alone what is there already.

        They may point at each other in any order: it is one transaction.
        """
        with transaction.atomic():
            for model, group in grouped(rows).items():
                inserted = copy_rows(group)
                self.made[str(model._meta.verbose_name_plural)] += inserted
                self.found[str(model._meta.verbose_name_plural)] += len(group) - inserted

    def account_list(self) -> list[dict[str, Any]]:
        """The accounts for a file."""
        return [asdict(account) for account in self.accounts]

    def _digest(self, *topic: Any) -> bytes:
        text = "\x1f".join(map(str, ("courtyard", self.number, *topic)))
        return hashlib.sha256(text.encode()).digest()


def grouped(rows: Iterable[models.Model]) -> dict[type[models.Model], list[models.Model]]:
    """``rows`` by their model, in the order in which the models first appear."""
    groups: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        groups.setdefault(type(row), []).append(row)
    return groups


def chunks(numbers: range, size: int) -> Iterator[range]:
    """``numbers`` in pieces of at most ``size``."""
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]
