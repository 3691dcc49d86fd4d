"""Many who open, write and read in the same moment, with real threads and connections."""

import random

import pytest
from django.db import IntegrityError, transaction

from accounts.services.connections import block_user
from accounts.tests.clients import client_of
from accounts.tests.factories.people import UserFactory
from catalog.tests.factories.market import ProductFactory
from config.shared.errors import DomainError
from config.tests.racing import race
from messaging.conversation_exceptions import ClientIdUsedError, NotReachableError
from messaging.models import Conversation, Message, Participant
from messaging.services.conversations import open_direct, open_product_conversation
from messaging.services.inbox import what_waits
from messaging.services.message_changes import delete_message, edit_message
from messaging.services.messages import post_message, send_message
from messaging.services.reading import mark_read
from messaging.tests.factories.conversations import direct, people, say

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.capability("M01")
def test_a_conversation_opened_by_many_at_once_is_one():
    buyer, product, other = UserFactory(), ProductFactory(), UserFactory()

    about = race(
        *[
            lambda: open_product_conversation(product=product, buyer=buyer, counted=False)
            for _ in range(12)
        ]
    )
    between = race(
        *[lambda: open_direct(user=buyer, other=other)] * 4,
        *[lambda: open_direct(user=other, other=buyer)] * 4,
    )

    assert len({one.pk for one in about}) == 1
    assert len({one.pk for one in between}) == 1
    assert Conversation.objects.count() == 2
    assert Participant.objects.count() == 4


@pytest.mark.capability("M04")
def test_fifty_who_write_at_once_leave_no_hole_and_no_reader_misses_or_sees_anything_twice():
    talk = direct()
    writers = people(talk)
    seen = {number: [] for number in range(4)}

    def write(number):
        return lambda: post_message(
            conversation=talk, sender=writers[number % 2], content=str(number)
        )

    def follow(number):
        """Ask for news again and again, as a client without sockets does."""

        def ask():
            while len(seen[number]) < 50:
                last = seen[number][-1] if seen[number] else 0
                news = Message.objects.filter(conversation=talk, seq__gt=last).in_order()
                seen[number] += news.values_list("seq", flat=True)[:7]

        return ask

    results = race(*map(write, range(50)), *map(follow, seen))

    assert [result for result in results if isinstance(result, Exception)] == []
    assert all(places == list(range(1, 51)) for places in seen.values())
    talk.refresh_from_db()
    assert (talk.last_seq, talk.last_message.seq) == (50, 50)
    assert Message.objects.values("content").distinct().count() == 50


@pytest.mark.capability("M03")
def test_a_message_that_is_retried_at_once_is_one():
    talk = direct()
    one, _ = people(talk)

    results = race(
        *[
            lambda: send_message(conversation=talk, sender=one, content="Hi", client_id="c")
            for _ in range(12)
        ]
    )

    assert len({result.message.pk for result in results}) == 1
    assert sorted(result.is_new for result in results) == [False] * 11 + [True]
    assert Message.objects.count() == 1


@pytest.mark.capability("M03")
def test_one_client_id_with_two_contents_at_once_is_one_message_and_a_refusal():
    talk = direct()
    one, _ = people(talk)

    results = race(
        *[
            lambda content=content: post_message(
                conversation=talk, sender=one, content=content, client_id="c"
            )
            for content in ("this", "that")
        ]
    )

    assert sum(isinstance(result, ClientIdUsedError) for result in results) == 1
    assert Message.objects.count() == 1


@pytest.mark.capability("M03", "M04")
def test_the_database_is_the_second_net():
    talk = direct()
    one, other = people(talk)
    values = {"conversation": talk, "seq": 1, "sender": one, "content": "1", "client_id": "c"}
    Message.objects.create(**values)

    for changed in ({"sender": other}, {"seq": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.create(**{**values, **changed})


@pytest.mark.capability("M05")
def test_of_several_devices_the_one_that_read_most_counts():
    talk = direct()
    one, other = people(talk)
    say(talk, other, *[str(number) for number in range(20)])
    wanted = random.sample(range(1, 21), 10)

    race(*[lambda seq=seq: mark_read(conversation=talk, user=one, seq=seq) for seq in wanted])

    assert Participant.objects.get(user=one).last_read_seq == max(wanted)
    assert what_waits(user=one).messages == 20 - max(wanted)


@pytest.mark.capability("M04")
def test_what_is_edited_and_deleted_at_once_is_deleted():
    talk = direct()
    one, _ = people(talk)
    (message,) = say(talk, one, "Hello")

    results = race(
        lambda: edit_message(message=message, actor=one, content="Goodbye"),
        lambda: delete_message(message=message, actor=one),
        lambda: delete_message(message=message, actor=one),
    )

    assert sum(isinstance(result, DomainError) for result in results) <= 1
    message.refresh_from_db()
    assert (message.content, message.deleted_at is None) == ("", False)


@pytest.mark.capability("M08")
def test_nothing_is_said_after_a_block_that_came_at_the_same_time():
    talk = direct()
    one, other = people(talk)

    race(
        lambda: block_user(blocker=other, blocked=one),
        *[lambda: post_message(conversation=talk, sender=one, content="Hi") for _ in range(10)],
    )

    with pytest.raises(NotReachableError):
        post_message(conversation=talk, sender=one, content="Still there?")
    talk.refresh_from_db()
    assert talk.last_seq == Message.objects.count() <= 10


@pytest.mark.capability("M03", "M09")
def test_requests_that_are_counted_may_have_a_key_and_count_once():
    person, other = UserFactory(), UserFactory()
    client = client_of(person)
    path, body = "/api/v1/conversations/", {"kind": "direct", "user": str(other.pk)}

    opened = [client.post(path, body, HTTP_IDEMPOTENCY_KEY="k-1") for _ in range(7)]
    said = [
        client.post(
            f"{path}{opened[0].data['id']}/messages/",
            {"content": "Hello"},
            HTTP_IDEMPOTENCY_KEY="k-2",
        )
        for _ in range(25)
    ]

    assert {answer.status_code for answer in opened} == {200}
    assert {answer.status_code for answer in said} == {201}
    assert said[1].headers["Idempotent-Replayed"] == "true"
    assert (Conversation.objects.count(), Message.objects.count()) == (1, 1)
