"""What passes in conversations and streams: heard by whoever is there, and kept nowhere."""

from uuid import uuid4

import pytest

from accounts.models import Block
from accounts.tests.factories.people import UserFactory
from catalog.models import Stream
from config.shared import realtime
from config.tests.server_process import ServerProcess
from messaging.models import Conversation, LiveEvent, Participant
from messaging.sockets.answers import TOPICS
from messaging.tests.factories.conversations import direct
from messaging.tests.sockets.clients import LiveClient, live


def follow(client: LiveClient, topic: str) -> None:
    client.send("follow", topic=topic)
    assert client.next("following")["topic"] == topic


def of(conversation: Conversation) -> str:
    return f"conversation:{conversation.pk}"


@pytest.mark.capability("M05", "M06")
def test_typing_is_heard_by_the_other_and_kept_nowhere(server: ServerProcess) -> None:
    one, other = UserFactory.create_batch(2)
    conversation = direct(one, other)
    LiveEvent.objects.all().delete()

    with live(server, one) as mine, live(server, other) as theirs:
        follow(mine, of(conversation))
        follow(theirs, of(conversation))
        mine.send("typing", conversation=str(conversation.pk))
        frame = theirs.next("now")
        while frame["event"] != "typing":
            frame = theirs.next("now")

    assert frame == {
        "type": "now",
        "topic": of(conversation),
        "event": "typing",
        "data": {"conversation": str(conversation.pk), "user": str(one.pk)},
    }
    assert not LiveEvent.objects.exists()


@pytest.mark.capability("M05", "M06")
def test_people_see_each_other_come_and_go(server: ServerProcess) -> None:
    one, other = UserFactory.create_batch(2)
    conversation = direct(one, other)

    with live(server, one) as mine:
        follow(mine, of(conversation))
        with live(server, other) as theirs:
            follow(theirs, of(conversation))
            assert presence(theirs) == (str(one.pk), "here")
            assert presence(mine) == (str(other.pk), "here")
        assert presence(mine) == (str(other.pk), "gone")


def presence(client: LiveClient) -> tuple[str, str]:
    """Who came or went; the first that one hears."""
    frame = client.next("now")
    assert frame["event"] == "presence"
    assert set(frame["data"]) == {"conversation", "user", "state"}
    return frame["data"]["user"], frame["data"]["state"]


@pytest.mark.capability("M06")
def test_viewers_of_a_stream_are_told_to_whoever_follows_it(server: ServerProcess) -> None:
    host, guest = UserFactory.create_batch(2)
    stream = Stream.objects.create(user=host, title="Sofas")
    topic = f"stream:{stream.pk}"

    with live(server, guest) as watching, live(server, host) as elsewhere:
        follow(watching, topic)
        realtime.broadcast(topic=topic, event="stream.viewers", data={"viewers": 3})
        assert watching.next("now")["data"] == {"viewers": 3}

        watching.send("unfollow", topic=topic)
        watching.next("unfollowed")
        realtime.broadcast(topic=topic, event="stream.viewers", data={"viewers": 4})
        for client in (watching, elsewhere):
            client.send("ping")
            assert client.next("pong", "now")["type"] == "pong"


def test_what_one_may_not_see_one_cannot_follow(server: ServerProcess) -> None:
    stranger, one, other, left = UserFactory.create_batch(4)
    theirs, gone, blocked = direct(one, other), direct(left, other), direct(stranger, other)
    hidden = Stream.objects.create(user=other, title="Hidden")
    place = Participant.objects.get(conversation=gone, user=left)
    Participant.objects.filter(pk=place.pk).update(left_at=place.joined_at, left_seq=0)
    Block.objects.create(blocker=other, blocked=stranger)

    with live(server, stranger) as client:
        for topic in (
            of(theirs),
            of(blocked),
            f"stream:{hidden.pk}",
            f"conversation:{uuid4()}",
            f"stream:{theirs.pk}",
        ):
            client.send("follow", topic=topic)
            frame = client.next("error", "following")
            assert (frame["type"], frame["code"], frame["topic"]) == ("error", "not_found", topic)
        client.send("typing", conversation=str(theirs.pk))
        assert client.next("error")["code"] == "not_followed"
    with live(server, left) as client:
        client.send("follow", topic=of(gone))
        assert client.next("error", "following")["code"] == "not_found"


def test_a_socket_follows_so_many_topics(server: ServerProcess) -> None:
    user = UserFactory.create()
    streams = [Stream.objects.create(user=user, title=f"{n}") for n in range(TOPICS + 1)]

    with live(server, user) as client:
        for stream in streams[:-1]:
            follow(client, f"stream:{stream.pk}")
        client.send("follow", topic=f"stream:{streams[-1].pk}")
        assert client.next("error", "following")["code"] == "too_many_topics"

        client.send("unfollow", topic=f"stream:{streams[0].pk}")
        follow(client, f"stream:{streams[-1].pk}")
