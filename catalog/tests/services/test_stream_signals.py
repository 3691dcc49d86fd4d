"""Keys, and what the media server says: who publishes, goes on, falls silent and comes back."""

from datetime import timedelta

import pytest

from accounts.services.deactivation import put_to_rest
from accounts.services.standing import suspend
from accounts.tests.factories.buildings import BuildingFactory
from accounts.tests.factories.people import UserFactory
from catalog.models import Stream
from catalog.services.stream_keys import (
    delete_permanent_key,
    rotate_permanent_key,
    rotate_stream_key,
)
from catalog.services.stream_shows import end_stream, go_live, sweep
from catalog.services.stream_signals import (
    PublisherThereError,
    Signal,
    WrongKeyError,
    publishing_begins,
    publishing_goes_on,
    publishing_stopped,
)
from catalog.services.stream_times import streams_for
from catalog.services.streams import cancel_stream
from catalog.stream_exceptions import (
    LiveAlreadyError,
    PermanentKeyMissingError,
    PermanentKeyUsedError,
)
from catalog.tests.factories.streams import (
    StreamFactory,
    key_of,
    neighbour_in,
    publish,
    silence_of,
)
from config.shared.clock import database_now
from config.tests.support import waiting_jobs

pytestmark = pytest.mark.django_db


@pytest.mark.capability("K20")
def test_keys_are_long_random_and_kept_as_hashes(live_video):
    stream = StreamFactory()

    rotated, secret = rotate_stream_key(stream=stream, actor=stream.user)
    _, other = rotate_stream_key(stream=stream, actor=stream.user)

    assert len(secret) == 32
    assert secret != other
    assert rotated.key_hint == secret[-4:]
    assert secret not in str(Stream.objects.filter(pk=stream.pk).values().get())


@pytest.mark.capability("K20")
def test_the_old_key_is_dead_at_once_also_for_who_publishes_with_it(live_video):
    stream = StreamFactory()
    old = publish(stream)
    publishing_goes_on(old)

    new = Signal(old.name, key_of(stream))

    with pytest.raises(WrongKeyError):
        publishing_goes_on(old)
    publishing_goes_on(new)


@pytest.mark.capability("K20")
@pytest.mark.parametrize("key", ["", "x", "é", "x" * 200])
def test_wrong_keys_open_nothing(live_video, key):
    stream = StreamFactory()
    key_of(stream)

    with pytest.raises(WrongKeyError):
        publishing_begins(Signal(str(stream.pk), key))
    with pytest.raises(WrongKeyError):
        publishing_begins(Signal("no such name", key))

    stream.refresh_from_db()
    assert stream.status == "scheduled"


@pytest.mark.capability("K20")
def test_a_stream_without_a_key_is_not_opened_by_an_empty_one(live_video):
    stream = StreamFactory()

    with pytest.raises(WrongKeyError):
        publishing_begins(Signal(str(stream.pk), ""))


@pytest.mark.capability("K20")
def test_the_right_key_begins_the_show_without_going_live_first(live_video):
    stream = StreamFactory()

    publish(stream)

    assert stream.status == "live"


@pytest.mark.capability("K20")
def test_a_second_publisher_is_refused(live_video):
    stream = StreamFactory()
    signal = publish(stream)

    with pytest.raises(PublisherThereError):
        publishing_begins(signal)


@pytest.mark.capability("K20")
def test_one_person_has_one_live_stream(live_video):
    first = StreamFactory(on_air=True)
    second = StreamFactory(user=first.user)
    key = key_of(second)

    with pytest.raises(LiveAlreadyError):
        go_live(stream=second, actor=first.user)
    with pytest.raises(LiveAlreadyError):
        publishing_begins(Signal(str(second.pk), key))

    second.refresh_from_db()
    assert second.status == "scheduled"
    silence_of(first, 61)
    begun, _ = go_live(stream=second, actor=first.user)
    first.refresh_from_db()
    assert (first.status, begun.status) == ("ended", "live")


@pytest.mark.capability("K20")
def test_over_called_off_and_of_the_suspended_nothing_is_published(live_video):
    over, off, banned, gone = (StreamFactory() for _ in range(4))
    boss = UserFactory(superuser=True)
    signals = {stream.pk: Signal(str(stream.pk), key_of(stream)) for stream in (off, banned, gone)}
    signals[over.pk] = publish(over)
    running = publish(going := StreamFactory())
    end_stream(stream=over, actor=over.user)
    cancel_stream(stream=off, actor=off.user)
    suspend(user=banned.user, actor=boss, reason="Fraud")
    suspend(user=going.user, actor=boss, reason="Fraud")
    put_to_rest(gone.user, actor=gone.user)

    for signal in signals.values():
        with pytest.raises(WrongKeyError):
            publishing_begins(signal)
        with pytest.raises(WrongKeyError):
            publishing_goes_on(signal)
    with pytest.raises(WrongKeyError):
        publishing_goes_on(running)


@pytest.mark.capability("K21")
def test_a_picture_that_comes_back_in_time_goes_on_with_the_show(live_video):
    stream = StreamFactory()
    signal = publish(stream)
    began = stream.started_at

    publishing_stopped(signal)
    silence_of(stream, 59)
    Stream.objects.filter(pk=stream.pk).update(started_at=began)
    publishing_begins(signal)

    stream.refresh_from_db()
    assert (stream.status, stream.signal_lost_at, stream.started_at) == ("live", None, began)
    assert sweep() == 0
    assert len(waiting_jobs("messaging.tell_of_stream")) == 1


@pytest.mark.capability("K21")
def test_silence_ends_the_show_on_read_and_for_good(live_video):
    stream = StreamFactory()
    signal = publish(stream)
    publishing_stopped(signal)
    silence_of(stream, 61)

    shown = streams_for(None).get(pk=stream.pk)
    assert (shown.status, shown.live_status) == ("live", "ended")
    with pytest.raises(WrongKeyError):
        publishing_begins(signal)

    assert sweep() == 1
    assert sweep() == 0
    stream.refresh_from_db()
    assert (stream.status, stream.duration_seconds, stream.ended_by) == ("ended", 100, None)
    assert stream.ended_at == stream.signal_lost_at
    with pytest.raises(WrongKeyError):
        publishing_begins(signal)


@pytest.mark.capability("K21")
def test_a_media_server_that_falls_silent_ends_it_too_and_so_does_no_picture(live_video):
    silent, waiting = StreamFactory(on_air=True), StreamFactory(live=True)
    silence_of(silent, 61)
    Stream.objects.filter(pk=silent.pk).update(signal_lost_at=None)
    Stream.objects.filter(pk=waiting.pk).update(
        started_at=database_now() - timedelta(seconds=901), last_signal_at=None
    )

    assert sweep() == 2
    waiting.refresh_from_db()
    assert (waiting.status, waiting.duration_seconds) == ("ended", 0)


@pytest.mark.capability("K21")
def test_a_permanent_key_publishes_to_ones_own_address(live_video):
    stream = StreamFactory(uses_permanent_key=True)
    with pytest.raises(PermanentKeyMissingError):
        go_live(stream=stream, actor=stream.user)
    kept, secret = rotate_permanent_key(actor=stream.user)

    begun, shown = go_live(stream=stream, actor=stream.user)
    publishing_begins(Signal(str(stream.user_id), secret))

    assert (shown, begun.ingest_name) == (None, str(stream.user_id))
    assert kept.key_hint == secret[-4:]
    with pytest.raises(PermanentKeyUsedError):
        rotate_stream_key(stream=stream, actor=stream.user)
    with pytest.raises(WrongKeyError):
        publishing_begins(Signal(str(stream.pk), secret))
    rotate_permanent_key(actor=stream.user)
    with pytest.raises(WrongKeyError):
        publishing_goes_on(Signal(str(stream.user_id), secret))
    assert delete_permanent_key(actor=stream.user)
    assert not delete_permanent_key(actor=stream.user)


@pytest.mark.capability("K21", "K24")
def test_nothing_public_is_shown_at_once_where_something_private_was(live_video):
    building = BuildingFactory()
    person = neighbour_in(building)
    private = StreamFactory(
        user=person, uses_permanent_key=True, visibility="building", building=building
    )
    publish(private)
    end_stream(stream=private, actor=person)
    public = StreamFactory(user=person, uses_permanent_key=True)
    signal = Signal(str(person.pk), key_of(public))

    with pytest.raises(WrongKeyError):
        publishing_begins(signal)

    Stream.objects.filter(pk=private.pk).update(
        started_at=database_now() - timedelta(seconds=200),
        ended_at=database_now() - timedelta(seconds=61),
    )
    assert publishing_begins(signal).pk == public.pk
