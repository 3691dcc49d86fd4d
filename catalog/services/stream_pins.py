"""Pins: things for sale, shown at a place and a moment of a show."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max

from accounts.models import User
from catalog.choices import ProductStatus, StreamStatus
from catalog.models import Product, Stream, StreamPin, Unit
from catalog.services.stream_rights import require_owner
from catalog.stream_exceptions import PinLimitError, PinsDifferError
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError, InvalidTransitionError, MissingError
from config.shared.locks import lock
from config.shared.retries import retry_transaction

MOST_PINS = 100
PLACE_FIELDS = ("x", "y", "shown_at")


@retry_transaction
def pin(*, stream: Stream, actor: User, values: Mapping[str, Any]) -> StreamPin:
    """Show a product of ``actor``'s, or a unit of the stream's development, in the picture.

    ``values`` are ``product`` or ``unit``, ``x`` and ``y`` from 0 to 1, and ``shown_at``: seconds
    after the beginning, which is now where it is left out. The last pin comes last. Raises
    ``InvalidInputError`` for a thing of somebody else or one that nobody could buy, and
    ``PinLimitError``.
    """
    stream = _locked(stream, actor)
    now = database_now()
    product, unit = values.get("product"), values.get("unit")
    _check_thing(stream, actor, product, unit, now)
    pins = StreamPin.objects.filter(stream=stream)
    if pins.count() >= MOST_PINS:
        raise PinLimitError(limit=MOST_PINS)
    last = pins.aggregate(last=Max("order"))["last"]
    shown_at = values.get("shown_at")
    return StreamPin.objects.create(
        stream=stream,
        product=product,
        unit=unit,
        x=values["x"],
        y=values["y"],
        shown_at=_seconds_on(stream, now) if shown_at is None else shown_at,
        order=0 if last is None else last + 1,
    )


@retry_transaction
def move_pin(*, entry: StreamPin, actor: User, changes: Mapping[str, Any]) -> StreamPin:
    """Show a pin at another place or moment."""
    stream = _locked(entry.stream, actor)
    written = {name: changes[name] for name in PLACE_FIELDS if name in changes}
    if written and not StreamPin.objects.filter(pk=entry.pk, stream=stream).update(**written):
        raise MissingError
    entry.refresh_from_db()
    return entry


@retry_transaction
def unpin(*, entry: StreamPin, actor: User) -> None:
    """Take a pin off."""
    _locked(entry.stream, actor)
    entry.delete()


@retry_transaction
def order_pins(*, stream: Stream, actor: User, pins: Sequence[StreamPin]) -> Stream:
    """Have all pins of a stream stand in this order. Raises ``PinsDifferError`` for others."""
    stream = _locked(stream, actor)
    rows = {row.pk: row for row in StreamPin.objects.filter(stream=stream)}
    if {entry.pk for entry in pins} != rows.keys():
        raise PinsDifferError
    for place, entry in enumerate(pins):
        rows[entry.pk].order = place
    StreamPin.objects.bulk_update(rows.values(), ["order"])
    return stream


def _locked(stream: Stream, actor: User) -> Stream:
    locked: Stream
    (locked,) = lock(stream)
    require_owner(actor=actor, stream=locked)
    if locked.status == StreamStatus.CANCELLED:
        raise InvalidTransitionError(locked.status, (), "This show was called off.")
    return locked


def _check_thing(
    stream: Stream, actor: User, product: Product | None, unit: Unit | None, now: datetime
) -> None:
    if (product is None) == (unit is None):
        raise InvalidInputError.at("", "one_thing", "A pin shows one product or one unit.")
    if product is not None:
        if product.seller_id != actor.pk:
            raise InvalidInputError.at("/product", "not_yours", "Pin what you sell yourself.")
        lapsed = (
            product.status == ProductStatus.RESERVED
            and product.claimed_until is not None
            and product.claimed_until <= now
        )
        if product.status != ProductStatus.ACTIVE and not lapsed:
            raise InvalidInputError.at("/product", "not_active", "This is not for sale now.")
    elif unit is not None and unit.development_id != stream.development_id:
        raise InvalidInputError.at(
            "/unit", "another_development", "Pin units of the development that the show is about."
        )
    things = StreamPin.objects.filter(stream=stream)
    if things.filter(product=product, unit=unit).exists():
        where = "/product" if product is not None else "/unit"
        raise InvalidInputError.at(where, "pinned_already", "This is pinned already.")


def _seconds_on(stream: Stream, now: datetime) -> int:
    if stream.status != StreamStatus.LIVE or stream.started_at is None:
        return 0
    return max(0, round((now - stream.started_at).total_seconds()))
