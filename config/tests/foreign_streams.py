"""One of everything that streams know, of somebody who gives them."""

from typing import Any

from accounts.choices import MediaPurpose
from accounts.models import User
from accounts.tests.factories.papers import CheckedFileFactory
from catalog.choices import ReplayVisibility, StreamStatus
from catalog.models import Stream, StreamPin
from catalog.tests.factories.market import ProductFactory
from catalog.tests.factories.streams import StreamFactory
from config.shared.clock import database_now

# A show that everybody may watch is watched by everybody.
OPEN_TO_ALL = frozenset({"streams_retrieve", "streams_heartbeat", "streams_pins_list"})
# That it is there is no secret, so a refusal may say that it is one.
SEEN_BY_ALL = frozenset(
    {
        *(f"streams_{act}" for act in ("cancel", "end", "go_live", "recording", "rotate_key")),
        "streams_partial_update",
        "streams_pins_create",
        "streams_pins_destroy",
        "streams_pins_partial_update",
        "streams_pins_reorder",
        # named in a body
        "streams_create/building",
        "streams_partial_update/building",
    }
)


def bodies() -> dict[str, dict[str, Any]]:
    """Bodies that are well-formed, with what everybody sees where something has to be named."""
    film = CheckedFileFactory(purpose=MediaPurpose.LISTING, is_private=False)
    return {
        "streams_create": {"title": "New"},
        "streams_partial_update": {"title": "Mine now"},
        "streams_end": {"reason": "Mine now"},
        "streams_cancel": {"reason": "Mine now"},
        "streams_recording": {"recording": str(film.pk)},
        "streams_pins_create": {"x": 0.5, "y": 0.5, "product": str(ProductFactory().pk)},
        "streams_pins_partial_update": {"x": 0.1},
        "streams_pins_reorder": {"pins": []},
    }


def streams_of(owner: User) -> dict[str, dict[str, Any]]:
    """Keys of a show that ``owner`` has announced, and of what is pinned in it."""
    stream = StreamFactory(user=owner)
    pin = pinned(stream)
    return {
        "streams/": {"id": stream.pk},
        "streams/{stream_id}/pins/": {"stream_id": stream.pk, "id": pin.pk},
    }


def named_streams_of(owner: User) -> dict[str, Any]:
    """What bodies can name of shows: a file, a product that is a draft, pins that nobody sees."""
    hidden = StreamFactory(user=owner)
    pin, now = pinned(hidden), database_now()
    Stream.objects.filter(pk=hidden.pk).update(
        status=StreamStatus.ENDED,
        replay_visibility=ReplayVisibility.NOBODY,
        started_at=now,
        ended_at=now,
    )
    return {
        "recording": CheckedFileFactory(owner=owner).pk,
        "product": ProductFactory(seller=owner, draft=True).pk,
        "pins": [pin.pk],
    }


def pinned(stream: Stream) -> StreamPin:
    """Something of its owner's, pinned in ``stream``."""
    product = ProductFactory(seller=stream.user)
    return StreamPin.objects.create(stream=stream, product=product, x=0.5, y=0.5)
