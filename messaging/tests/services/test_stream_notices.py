"""Followers are told that somebody is live."""

import pytest

from accounts.services.connections import block_user, follow_user
from accounts.services.standing import suspend
from accounts.tests.factories.buildings import BuildingFactory
from accounts.tests.factories.people import UserFactory
from catalog.services.stream_shows import end_stream
from catalog.services.streams import cancel_stream
from catalog.tests.factories.streams import RTMP_URL, SECRET, StreamFactory, neighbour_in, publish
from config.tests.support import drain
from messaging.choices import NotificationCategory
from messaging.models import Notification
from messaging.services.categories import category_of
from messaging.services.stream_notices import tell_of_end, tell_of_stream

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def live_video(settings):
    settings.MEDIA_SERVER_RTMP_URL, settings.MEDIA_SERVER_SECRET = RTMP_URL, SECRET


def told():
    return set(Notification.objects.filter(type="stream_live").values_list("user", flat=True))


@pytest.mark.capability("K19")
def test_followers_are_told_once_when_a_picture_comes():
    stream, follower = StreamFactory(user=UserFactory(full_name="Amina")), UserFactory()
    UserFactory()
    follow_user(follower=follower, followed=stream.user)

    drain()
    assert told() == set()
    publish(stream)
    drain()
    tell_of_stream(stream_id=stream.pk)

    made = Notification.objects.get(type="stream_live")
    assert made.user == follower
    assert made.data == {"name": "Amina", "title": stream.title}
    assert made.link == f"/api/v1/streams/{stream.pk}/"
    assert category_of("stream_live") == NotificationCategory.MARKET


@pytest.mark.capability("K19", "K24")
def test_only_those_are_told_who_may_watch():
    building = BuildingFactory()
    person = neighbour_in(building)
    neighbour, stranger, shut_out, banned = (
        neighbour_in(building),
        UserFactory(),
        neighbour_in(building),
        neighbour_in(building),
    )
    for follower in (neighbour, stranger, shut_out, banned):
        follow_user(follower=follower, followed=person)
    block_user(blocker=person, blocked=shut_out)
    suspend(user=banned, actor=UserFactory(superuser=True), reason="Fraud")

    publish(StreamFactory(user=person, visibility="building", building=building))
    drain()

    assert told() == {neighbour.pk}


@pytest.mark.capability("K19")
def test_nobody_is_told_of_what_is_over():
    stream, follower = StreamFactory(), UserFactory()
    follow_user(follower=follower, followed=stream.user)
    publish(stream)
    end_stream(stream=stream, actor=stream.user)

    drain()

    assert told() == set()


@pytest.mark.capability("K19")
def test_somebody_is_told_why_a_moderator_ended_their_show():
    live, planned, own = StreamFactory(), StreamFactory(), StreamFactory()
    for stream in (live, own):
        publish(stream)
    moderator = UserFactory(superuser=True)

    end_stream(stream=live, actor=moderator, reason="Counterfeits")
    cancel_stream(stream=planned, actor=moderator, reason="Spam")
    end_stream(stream=own, actor=own.user)
    drain()
    tell_of_end(stream_id=live.pk)

    made = Notification.objects.filter(type="stream_ended").order_by("created_at", "pk")
    assert {(row.user, row.data["reason"]) for row in made} == {
        (live.user, "Counterfeits"),
        (planned.user, "Spam"),
    }
    assert len(made) == 2
