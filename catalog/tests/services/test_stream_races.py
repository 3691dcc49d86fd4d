"""Streams under several callers at once."""

import pytest

from accounts.tests.factories.people import UserFactory
from catalog.models import Stream, StreamPin, StreamViewer
from catalog.services.stream_keys import rotate_permanent_key
from catalog.services.stream_pins import pin
from catalog.services.stream_shows import end_stream, go_live, sweep
from catalog.services.stream_signals import Signal, publishing_begins
from catalog.services.stream_times import streams_for
from catalog.services.stream_viewers import heartbeat
from catalog.stream_exceptions import LiveAlreadyError
from catalog.tests.factories.market import ProductFactory
from catalog.tests.factories.streams import StreamFactory, key_of, silence_of
from config.shared.errors import DomainError, InvalidTransitionError
from config.tests.racing import race
from config.tests.support import waiting_jobs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.capability("K20")
def test_of_several_streams_that_one_person_begins_at_once_one_is_live(live_video):
    person = UserFactory()
    streams = [StreamFactory(user=person) for _ in range(6)]
    keys = {stream.pk: key_of(stream) for stream in streams[3:]}

    results = race(
        *(lambda s=s: go_live(stream=s, actor=person) for s in streams[:3]),
        *(lambda s=s: publishing_begins(Signal(str(s.pk), keys[s.pk])) for s in streams[3:]),
    )

    assert sum(isinstance(result, LiveAlreadyError) for result in results) == 5
    assert Stream.objects.live().filter(user=person).count() == 1


@pytest.mark.capability("K20")
def test_the_database_refuses_a_second_live_stream_too(live_video, monkeypatch):
    person = UserFactory()
    StreamFactory(user=person, on_air=True)
    second = StreamFactory(user=person)
    monkeypatch.setattr(Stream.objects, "live", Stream.objects.none)

    with pytest.raises(LiveAlreadyError):
        go_live(stream=second, actor=person)

    second.refresh_from_db()
    assert second.status == "scheduled"


@pytest.mark.capability("K20")
def test_of_several_encoders_with_the_right_key_one_publishes(live_video):
    stream = StreamFactory()
    signal = Signal(str(stream.pk), key_of(stream))

    results = race(*(lambda: publishing_begins(signal) for _ in range(6)))

    assert sum(isinstance(result, Stream) for result in results) == 1
    assert sum(isinstance(result, DomainError) for result in results) == 5
    assert len(waiting_jobs("messaging.tell_of_stream")) == 1


@pytest.mark.capability("K21")
def test_a_show_ends_once(live_video):
    stream = StreamFactory(on_air=True)
    silence_of(stream, 61)

    results = race(*(sweep for _ in range(5)))

    assert sum(result for result in results if isinstance(result, int)) == 1
    again = StreamFactory(on_air=True)
    ends = race(*(lambda: end_stream(stream=again, actor=again.user) for _ in range(5)))
    assert sum(isinstance(result, InvalidTransitionError) for result in ends) == 4


@pytest.mark.capability("K21")
def test_permanent_keys_made_at_once_leave_one(live_video):
    person = UserFactory()

    results = race(*(lambda: rotate_permanent_key(actor=person) for _ in range(5)))

    person.stream_key.refresh_from_db()
    assert sum(person.stream_key.key_hint == secret[-4:] for _, secret in results) == 1


@pytest.mark.capability("K22")
def test_pins_set_at_once_stand_one_after_the_other(live_video):
    stream = StreamFactory()
    things = [ProductFactory(seller=stream.user) for _ in range(5)]

    race(
        *(
            lambda thing=thing: pin(
                stream=stream, actor=stream.user, values={"product": thing, "x": 0, "y": 0}
            )
            for thing in [*things, things[0]]
        )
    )

    orders = sorted(StreamPin.objects.filter(stream=stream).values_list("order", flat=True))
    assert orders == [0, 1, 2, 3, 4]


@pytest.mark.capability("K23")
def test_fifty_viewers_at_once_are_counted_exactly(live_video):
    stream = StreamFactory(on_air=True)
    people = [UserFactory() for _ in range(25)]
    beats = [{"viewer": person, "visitor": ""} for person in people]
    beats += [{"viewer": None, "visitor": f"{number:064d}"} for number in range(25)]

    for _ in range(2):
        race(*(lambda beat=beat: heartbeat(stream=stream, **beat) for beat in beats))

    shown = streams_for(None).get(pk=stream.pk)
    assert (shown.viewers_now, shown.total_views) == (50, 50)
    assert StreamViewer.objects.filter(stream=stream).count() == 50
    same = race(*(lambda: heartbeat(stream=stream, **beats[0]) for _ in range(10)))
    assert {result.total_views for result in same} == {50}
