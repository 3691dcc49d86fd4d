"""Shows: who may announce them, how they begin, go on, fall silent and end."""

from datetime import timedelta

import pytest

from accounts.choices import MembershipRole
from accounts.models import AuditEvent
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
from catalog.services.streams import cancel_stream, change_stream, schedule_stream
from catalog.stream_exceptions import (
    LiveAlreadyError,
    LiveVideoOffError,
    PermanentKeyMissingError,
    PermanentKeyUsedError,
    PhoneUnverifiedError,
)
from catalog.tests.factories.homes import DevelopmentFactory, member_of
from catalog.tests.factories.streams import (
    StreamFactory,
    key_of,
    neighbour_in,
    publish,
    silence_of,
)
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError, InvalidTransitionError, NotAllowedError
from config.tests.support import waiting_jobs

pytestmark = pytest.mark.django_db


@pytest.mark.capability("K19")
def test_a_show_goes_live_and_counts_from_its_first_picture(live_video):
    stream = StreamFactory()

    begun, secret = go_live(stream=stream, actor=stream.user)
    waited_since = begun.started_at
    publishing_begins(Signal(str(stream.pk), secret))
    stream.refresh_from_db()

    assert (stream.status, stream.ingest_name) == ("live", str(stream.pk))
    assert stream.started_at > waited_since
    assert stream.last_signal_at == stream.started_at
    assert [job.task_kwargs for job in waiting_jobs("messaging.tell_of_stream")] == [
        {"stream_id": str(stream.pk)}
    ]
    ended = end_stream(stream=stream, actor=stream.user)
    assert (ended.status, ended.ended_by, ended.duration_seconds) == ("ended", stream.user, 0)
    moves = AuditEvent.objects.filter(object_id=str(stream.pk)).order_by("at", "pk")
    assert [row.action.rpartition(".")[2] for row in moves] == ["scheduled", "live", "ended"]


@pytest.mark.capability("K19")
def test_without_a_media_server_nobody_goes_live():
    stream = StreamFactory()

    with pytest.raises(LiveVideoOffError):
        go_live(stream=stream, actor=stream.user)

    stream.refresh_from_db()
    assert (stream.status, stream.key_hash) == ("scheduled", "")


@pytest.mark.capability("K19")
def test_a_recorded_show_is_never_live(live_video):
    stream = StreamFactory(stream_type="recorded")

    with pytest.raises(InvalidTransitionError):
        go_live(stream=stream, actor=stream.user)
    rotated, secret = rotate_stream_key(stream=stream, actor=stream.user)
    with pytest.raises(WrongKeyError):
        publishing_begins(Signal(str(rotated.pk), secret))


@pytest.mark.capability("K19", "K24")
def test_who_may_announce_what():
    building, development = BuildingFactory(), DevelopmentFactory()
    stranger, silent = UserFactory(), UserFactory(unverified=True)
    seller = member_of(development.builder, MembershipRole.SALES)
    neighbour = neighbour_in(building)
    private = {"title": "For us", "visibility": "building", "building": building}
    tour = {"title": "Our site", "development": development}

    with pytest.raises(PhoneUnverifiedError):
        schedule_stream(actor=silent, values={"title": "Hello"})
    refused = [
        {**private},
        {"title": "For us", "visibility": "building"},
        {"title": "For us", "replay_visibility": "building"},
        {"title": "For us", "building": building},
        {**tour},
        {"title": "Past", "scheduled_for": database_now() - timedelta(minutes=1)},
    ]
    for values in refused:
        with pytest.raises(InvalidInputError):
            schedule_stream(actor=stranger, values=values)

    assert not Stream.objects.exists()
    assert schedule_stream(actor=neighbour, values=private).building == building
    assert schedule_stream(actor=seller, values=tour).development == development


@pytest.mark.capability("K19")
def test_others_change_end_and_call_off_nothing(live_video):
    planned, on_air = StreamFactory(), StreamFactory(on_air=True)
    stranger = UserFactory()

    acts = [
        lambda: change_stream(stream=planned, actor=stranger, changes={"title": "Mine"}),
        lambda: cancel_stream(stream=planned, actor=stranger),
        lambda: go_live(stream=planned, actor=stranger),
        lambda: rotate_stream_key(stream=planned, actor=stranger),
        lambda: end_stream(stream=on_air, actor=stranger, reason="Mine"),
    ]
    for act in acts:
        with pytest.raises(NotAllowedError):
            act()

    planned.refresh_from_db()
    on_air.refresh_from_db()
    assert (planned.status, planned.key_hash, on_air.status) == ("scheduled", "", "live")


@pytest.mark.capability("K19")
def test_moderators_end_a_show_with_a_reason(live_video):
    stream, moderator = StreamFactory(on_air=True), UserFactory(superuser=True)

    with pytest.raises(InvalidInputError):
        end_stream(stream=stream, actor=moderator, reason=" ")
    ended = end_stream(stream=stream, actor=moderator, reason="Counterfeits")

    assert (ended.end_reason, ended.ended_by) == ("Counterfeits", moderator)
    with pytest.raises(InvalidTransitionError):
        end_stream(stream=stream, actor=moderator, reason="Again")


@pytest.mark.capability("K19")
def test_what_is_settled_does_not_change_once_it_is_on(live_video):
    stream = StreamFactory(on_air=True)

    changed = change_stream(
        stream=stream, actor=stream.user, changes={"title": "New", "replay_visibility": "nobody"}
    )
    with pytest.raises(InvalidInputError) as refused:
        change_stream(stream=stream, actor=stream.user, changes={"uses_permanent_key": True})

    assert (changed.title, changed.replay_visibility) == ("New", "nobody")
    assert refused.value.errors[0].pointer == "/uses_permanent_key"


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
    assert (shown.status, shown.live_status, shown.is_live) == ("live", "ended", False)
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
