"""Shows: who may announce, begin, change and end them."""

from datetime import timedelta

import pytest

from accounts.choices import MembershipRole
from accounts.models import AuditEvent
from accounts.tests.factories.buildings import BuildingFactory
from accounts.tests.factories.people import UserFactory
from catalog.models import Stream
from catalog.services.stream_keys import (
    rotate_stream_key,
)
from catalog.services.stream_shows import end_stream, go_live
from catalog.services.stream_signals import (
    Signal,
    WrongKeyError,
    publishing_begins,
)
from catalog.services.streams import cancel_stream, change_stream, schedule_stream
from catalog.stream_exceptions import (
    LiveVideoOffError,
    PhoneUnverifiedError,
)
from catalog.tests.factories.homes import DevelopmentFactory, member_of
from catalog.tests.factories.streams import (
    StreamFactory,
    key_of,
    neighbour_in,
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
        with pytest.raises((InvalidInputError, NotAllowedError)):
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


@pytest.mark.capability("K19", "K24")
def test_who_has_moved_out_begins_nothing_and_may_still_hide_what_they_showed(live_video):
    building = BuildingFactory()
    person = neighbour_in(building)
    private = {"user": person, "visibility": "building", "building": building}
    over, planned = StreamFactory(over=True, **private), StreamFactory(**private)
    signal = Signal(str(planned.pk), key_of(planned))
    person.residencies.all().delete()

    with pytest.raises(NotAllowedError):
        go_live(stream=planned, actor=person)
    with pytest.raises(WrongKeyError):
        publishing_begins(signal)
    hidden = change_stream(stream=over, actor=person, changes={"replay_visibility": "nobody"})
    with pytest.raises(NotAllowedError):
        change_stream(stream=over, actor=person, changes={"replay_visibility": "building"})

    planned.refresh_from_db()
    assert (planned.status, hidden.replay_visibility) == ("scheduled", "nobody")


@pytest.mark.capability("K19")
def test_the_owners_devices_hear_what_becomes_of_a_show(live_video, monkeypatch):
    heard = []
    monkeypatch.setattr(
        "catalog.services.streams.publish",
        lambda users, event, data: heard.append((list(users), event, str(data["status"]))),
    )
    stream, planned = StreamFactory(over=True), StreamFactory()
    cancel_stream(stream=planned, actor=planned.user)

    assert heard == [
        ([stream.user_id], "stream.changed", "live"),
        ([stream.user_id], "stream.changed", "ended"),
        ([planned.user_id], "stream.changed", "cancelled"),
    ]
