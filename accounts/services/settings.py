"""Settings that staff change while Courtyard runs: typed, bounded, audited, cheap to read.

Each process keeps a copy of all values for at most ten seconds. The processes of one machine
notice a change at once: whoever makes it touches a file in ``DATA_DIR``, and a copy that is older
than the file is dropped. Other machines follow within the ten seconds.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings as environment
from django.db import connection, models, transaction

from accounts.models import SystemSetting, User
from accounts.services import identity_settings  # noqa: F401 (declares the settings)
from accounts.services.setting_types import (
    Setting,
    UnknownSettingError,
    known_settings,
    setting_of,
)
from config.shared import audit
from config.shared.errors import InvalidInputError
from config.shared.locks import lock_one

NEVER = datetime.min.replace(tzinfo=UTC)
FRESH_SECONDS = 10.0
STAMP = "settings.stamp"
_UNCOMMITTED = "_courtyard_settings_changed"


@dataclass(frozen=True, slots=True)
class _Copy:
    values: dict[str, Any]
    stamp: int
    read_at: float


@dataclass(frozen=True, slots=True)
class Value:
    """A setting with the value it has now; ``row`` is None while nobody has changed it."""

    setting: Setting
    value: Any
    row: SystemSetting | None

    @property
    def pk(self) -> str:
        """What the value is told apart by."""
        return self.setting.key

    @property
    def updated_at(self) -> datetime:
        """When somebody last changed it; long ago, while nobody has."""
        row = self.row
        if row is None or (row.value is None and row.updated_by_id is None):
            return NEVER
        return row.updated_at


_copies: dict[str, _Copy] = {}


def get_setting(key: str) -> Any:
    """The present value of the setting ``key``, of its declared type.

    Costs no query while this process's copy is fresh. Raises ``UnknownSettingError``.
    """
    setting = setting_of(key)
    values = _values()
    return _readable(setting, values.get(key))


def change_setting(
    *,
    key: str,
    value: Any,
    actor: User | None,
    reason: str = "",
    check: Callable[[Value], None] | None = None,
) -> SystemSetting:
    """Give the setting ``key`` a new value, or None for its default; write down who did it.

    ``check`` sees what is about to be changed, and may raise. Raises ``UnknownSettingError``, or
    ``InvalidInputError`` for a value of the wrong type or out of its bounds. An unchanged value
    changes nothing and leaves no trace.
    """
    setting = setting_of(key)
    stored = None if value is None else setting.stored(setting.validated(value))
    with transaction.atomic():
        _ensure([setting])
        row = lock_one(SystemSetting.objects.all(), key=key)
        if check is not None:
            check(_value(setting, row))
        if row.value == stored and type(row.value) is type(stored):
            return row
        before, row.value, row.updated_by = row.value, _as_json(stored), actor
        row.save(update_fields=["value", "updated_by", "updated_at"])
        row.value = stored
        audit.record(
            "accounts.setting.changed",
            target=row,
            actor=actor,
            before={"value": before},
            after={"value": stored},
            reason=reason,
        )
        _forget_uncommitted()
        transaction.on_commit(forget_settings)
    return row


def current_values(*, public_only: bool) -> list[Value]:
    """Every known setting with its present value, by key: one query."""
    rows = {row.key: row for row in SystemSetting.objects.select_related("updated_by")}
    return [
        _value(setting, rows.get(setting.key))
        for setting in known_settings()
        if setting.is_public or not public_only
    ]


def reads_all_settings(reader: Any) -> bool:
    """Whether ``reader`` may see settings that are not public: staff with the permission."""
    return bool(reader.is_staff and reader.has_perm("accounts.view_systemsetting"))


def readable_value(key: str, *, reader: Any) -> Value:
    """One setting with its present value, as the database has it.

    Raises ``UnknownSettingError`` for one that is unknown, or not for ``reader`` to see.
    """
    setting = setting_of(key)
    if not setting.is_public and not reads_all_settings(reader):
        raise UnknownSettingError
    row = SystemSetting.objects.select_related("updated_by").filter(key=key).first()
    return _value(setting, row)


def ensure_settings() -> int:
    """Give every known setting a row, so that staff find it in the back office.

    A new row holds no value: the default goes on following the environment. Rows that are there
    keep their values; their descriptions follow the code. Returns how many rows were missing.
    Reading a setting does not need its row.
    """
    missing = _ensure(known_settings())
    for row in SystemSetting.objects.filter(key__in=[item.key for item in known_settings()]):
        setting = setting_of(row.key)
        described = (setting.value_type, setting.is_public, setting.description)
        if (row.value_type, row.is_public, row.description) != described:
            row.value_type, row.is_public, row.description = described
            row.save(update_fields=["value_type", "is_public", "description", "updated_at"])
    return missing


def forget_settings() -> None:
    """Drop the copies of every process on this machine."""
    drop_copies()
    path = environment.DATA_DIR / STAMP
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        now = time.time_ns()
        os.utime(path, ns=(now, now))
    except OSError:
        # A process that may not write there is one whose neighbours wait for the ten seconds.
        return


def drop_copies() -> None:
    """Drop the copies of this process alone."""
    _copies.clear()
    setattr(connection, _UNCOMMITTED, False)


def _values() -> dict[str, Any]:
    stamp, now = _stamp(), time.monotonic()
    if not connection.in_atomic_block:
        setattr(connection, _UNCOMMITTED, False)
    changed_here = getattr(connection, _UNCOMMITTED, False)
    copy = _copies.get(connection.alias)
    fresh = copy and copy.stamp == stamp and now - copy.read_at < FRESH_SECONDS
    if copy and fresh and not changed_here:
        return copy.values
    values = dict(SystemSetting.objects.values_list("key", "value"))
    if not changed_here:
        _copies[connection.alias] = _Copy(values, stamp, now)
    return values


def _stamp() -> int:
    try:
        return (environment.DATA_DIR / STAMP).stat().st_mtime_ns
    except OSError:
        return 0


def _forget_uncommitted() -> None:
    """Read past the copy until this connection's transaction ends: it must see its own change."""
    setattr(connection, _UNCOMMITTED, True)


def _ensure(settings: Any) -> int:
    found = set(
        SystemSetting.objects.filter(key__in=[item.key for item in settings]).values_list(
            "key", flat=True
        )
    )
    missing = [item for item in settings if item.key not in found]
    SystemSetting.objects.bulk_create(
        [
            SystemSetting(
                key=setting.key,
                value=_as_json(None),
                value_type=setting.value_type,
                is_public=setting.is_public,
                description=setting.description,
            )
            for setting in missing
        ],
        ignore_conflicts=True,
    )
    return len(missing)


def _value(setting: Setting, row: SystemSetting | None) -> Value:
    return Value(setting, _readable(setting, row and row.value), row)


def _readable(setting: Setting, stored: Any) -> Any:
    """A stored value; the default where there is none, or where the bounds now exclude it."""
    try:
        return setting.default_value() if stored is None else setting.converted(stored)
    except InvalidInputError:
        return setting.default_value()


def _as_json(value: Any) -> Any:
    """``value`` for its column, where None is the JSON ``null`` that stands for the default."""
    return models.Value(None, models.JSONField()) if value is None else value
