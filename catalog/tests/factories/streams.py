"""Streams for tests, made and moved by the services that move the real ones."""

from datetime import timedelta
from typing import Any

import factory

from accounts.models import Building, User
from accounts.tests.factories.buildings import ResidencyFactory
from accounts.tests.factories.people import UserFactory
from catalog.models import Stream
from catalog.services.stream_keys import rotate_permanent_key, rotate_stream_key
from catalog.services.stream_shows import end_stream, go_live
from catalog.services.stream_signals import Signal, publishing_begins
from catalog.services.streams import schedule_stream
from config.shared.clock import database_now

RTMP_URL = "rtmp://live.courtyard.example/live"
HLS_URL = "https://courtyard.example/hls"
SECRET = "the media server and the site share this secret"


class StreamFactory(factory.Factory):
    """A show that ``user`` has announced.

    ``live`` has gone live and waits for its picture; ``on_air`` has a picture; ``over`` has ended.
    These need the fixture ``live_video``.
    """

    class Meta:
        model = Stream

    user = factory.SubFactory(UserFactory)
    title = factory.Sequence(lambda n: f"Show {n}")
    live = False
    on_air = False
    over = False

    @classmethod
    def _create(cls, model_class: type[Stream], *args: Any, **kwargs: Any) -> Stream:
        user = kwargs.pop("user")
        live, on_air, over = (kwargs.pop(name) for name in ("live", "on_air", "over"))
        stream = schedule_stream(actor=user, values=kwargs)
        if live:
            stream, _ = go_live(stream=stream, actor=user)
        if on_air or over:
            publish(stream)
        if over:
            stream = end_stream(stream=stream, actor=user)
        stream.refresh_from_db()
        return stream


def key_of(stream: Stream) -> str:
    """A new key that publishes ``stream``."""
    if stream.uses_permanent_key:
        return rotate_permanent_key(actor=stream.user)[1]
    return rotate_stream_key(stream=stream, actor=stream.user)[1]


def publish(stream: Stream) -> Signal:
    """Have an encoder publish ``stream`` with a new key; returns what it shows."""
    name = stream.user_id if stream.uses_permanent_key else stream.pk
    signal = Signal(name=str(name), key=key_of(stream))
    publishing_begins(signal)
    stream.refresh_from_db()
    return signal


def silence_of(stream: Stream, seconds: int) -> Stream:
    """Have the picture of ``stream`` been away for so many seconds."""
    stream.refresh_from_db()
    gone = database_now() - timedelta(seconds=seconds)
    began = min(stream.started_at or gone, gone - timedelta(seconds=100))
    Stream.objects.filter(pk=stream.pk).update(
        signal_lost_at=gone, last_signal_at=gone, started_at=began
    )
    stream.refresh_from_db()
    return stream


def neighbour_in(building: Building, **changes: Any) -> User:
    """A verified resident of ``building``."""
    person: User = UserFactory(**changes)
    ResidencyFactory(building=building, user=person, verified=True)
    return person
