"""Row locks, taken in one order by everybody, so that two services never wait for each other.

The order is by rank of the model (a lower app before a higher one), then by key. Locks are
``FOR NO KEY UPDATE``: rows that point to a locked row can still be inserted.
"""

from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import connections, models, router

from config.shared.errors import MissingError

ModelT = TypeVar("ModelT", bound=models.Model)

LOCK_RANKS: dict[str, int] = {
    "accounts.user": 100,
    "accounts.profile": 105,
    "accounts.organization": 110,
    "accounts.building": 120,
    "accounts.membership": 130,
    "accounts.residency": 140,
    "accounts.verification": 150,
    "accounts.contractorpaper": 160,
    "accounts.mediafile": 170,
    "accounts.systemsetting": 180,
    "accounts.erasurerequest": 190,
    "accounts.outgoingmessage": 190,
    "credentials.credential": 500,
    "credentials.session": 510,
    "credentials.onetimecode": 520,
    "credentials.passkey": 530,
    "credentials.challenge": 540,
}


class LockOrderError(RuntimeError):
    """A lock was asked for outside a transaction, out of order, or on a model without a rank."""


def register_rank(label: str, rank: int) -> None:
    """Give the model ``app.Model`` its place in the order; ranks are unique.

    Accounts have ranks from 100, the second database from 500, catalog from 1000, messaging from
    2000 and bookings from 3000; an app registers its models in its ``AppConfig.ready``.
    """
    label = label.lower()
    holder = next((other for other, taken in LOCK_RANKS.items() if taken == rank), label)
    if holder != label or LOCK_RANKS.get(label, rank) != rank:
        raise LockOrderError(f"Rank {rank} for {label} conflicts with {holder}.")
    LOCK_RANKS[label] = rank


def lock(*instances: Any) -> tuple[Any, ...]:
    """Lock the rows of ``instances`` and return them as they are now, in the order given.

    Call it once, first in the transaction, with everything that the service will decide about.
    Raises ``LockOrderError`` outside a transaction and ``MissingError`` for a row that is gone.
    """
    wanted: dict[int, list[models.Model]] = {}
    for instance in instances:
        wanted.setdefault(_rank(_model_of(instance)), []).append(instance)
    fresh: dict[tuple[int, Any], models.Model] = {}
    for rank in sorted(wanted):
        for row in _lock_rows(wanted[rank]):
            fresh[rank, row.pk] = row
    try:
        return tuple(fresh[_rank(_model_of(instance)), instance.pk] for instance in instances)
    except KeyError as error:
        raise MissingError from error


def lock_one(queryset: models.QuerySet[ModelT], **lookup: Any) -> ModelT:
    """Lock and return the one row of ``queryset`` that ``lookup`` finds.

    The queryset may be an audience (``visible_to``): a row outside it is missing, also one that
    left it while the lock was waited for. Raises ``MissingError``, and ``LockOrderError`` outside
    a transaction.
    """
    _rank(queryset.model)
    _require_transaction(queryset.db)
    found = queryset.filter(**lookup)
    query = found.query
    try:
        if not (query.distinct or query.combinator or query.group_by is not None):
            return _locking(found.using(queryset.db)).get()
        # PostgreSQL locks no grouped rows: lock the row behind, then look again.
        key = found.values_list("pk", flat=True).get()
        lockable = queryset.model._base_manager.using(queryset.db)
        _locking(lockable).get(pk=key)
        return found.get(pk=key)
    except ObjectDoesNotExist as error:
        raise MissingError from error


def _lock_rows(instances: list[models.Model]) -> models.QuerySet[Any]:
    model = _model_of(instances[0])
    using = router.db_for_write(model, instance=instances[0])
    _require_transaction(using)
    rows = model._base_manager.using(using).filter(pk__in={row.pk for row in instances})
    return _locking(rows).order_by("pk")


def _locking(queryset: models.QuerySet[ModelT]) -> models.QuerySet[ModelT]:
    return queryset.select_for_update(no_key=True, of=("self",))


def _model_of(instance: models.Model) -> type[models.Model]:
    """The model of a row, also of one that a request loads only when somebody looks at it."""
    return instance.__class__


def _rank(model: type[models.Model]) -> int:
    label = model._meta.concrete_model._meta.label_lower  # type: ignore[union-attr]
    try:
        return LOCK_RANKS[label]
    except KeyError as error:
        raise LockOrderError(f"{label} has no rank: see register_rank.") from error


def _require_transaction(using: str) -> None:
    if not connections[using].in_atomic_block:
        raise LockOrderError("Locks are taken inside a transaction.")
