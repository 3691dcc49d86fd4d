"""What is remembered of every act, and what must never be."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from config.shared.context import current

_SECRET_WORDS = frozenset(
    {"code", "codes", "cvv", "hash", "key", "keys", "otp", "passcode", "passphrase", "password"}
    | {"passwd", "pepper", "pin", "secret", "secrets", "signature", "token", "tokens"}
)
_HARMLESS = frozenset(
    {"area_code", "country_code", "currency_code", "error_code", "key", "language_code"}
    | {"postal_code", "reason_code", "token_version", "zip_code"}
)
_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def record(
    action: str,
    *,
    target: models.Model,
    actor: Any = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Any:
    """Write down that ``actor`` did ``action`` to ``target``, in the transaction at hand.

    The actor, when left out, the request id and the shortened address are those of the request.
    ``before`` and ``after`` hold plain values, identifiers, amounts and times. Raises
    ``ValueError`` for a name that promises a secret, ``TypeError`` for a value that is not plain.
    Returns the ``AuditEvent``.
    """
    context = current()
    who = context.actor if actor is None else actor
    return apps.get_model("accounts", "AuditEvent").objects.create(
        action=action,
        actor_id=getattr(who, "pk", None),
        object_type=target._meta.label_lower,
        object_id=str(target.pk),
        before=_plain_mapping(before or {}),
        after=_plain_mapping(after or {}),
        reason=reason,
        request_id=context.request_id,
        ip_prefix=context.ip_prefix or "",
    )


def names_a_secret(name: str) -> bool:
    """Whether a field or key of this name may hold a secret: ``new_password``, ``apiToken``."""
    if name in _HARMLESS:
        return False
    return any(word.lower() in _SECRET_WORDS for word in _WORD.findall(name))


def _plain_mapping(values: Mapping[str, Any]) -> dict[str, Json]:
    for name in values:
        if not isinstance(name, str):
            raise TypeError(f"An audited value has a name, not {type(name).__name__}.")
        if names_a_secret(name):
            raise ValueError(f"{name} may hold a secret: it is not written into the audit.")
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Json:
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, float) and value - value == 0:
        return value
    if isinstance(value, Mapping):
        return _plain_mapping(value)
    if isinstance(value, set | frozenset):
        value = sorted(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} is not written into the audit.")
