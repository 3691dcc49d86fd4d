"""Unread counts, against a recount by hand after any history."""

import random

import pytest

from accounts.tests.factories.people import UserFactory
from messaging.models import Message, Participant
from messaging.querysets.conversations import MOST_UNREAD
from messaging.services.inbox import what_waits
from messaging.services.message_changes import delete_message
from messaging.services.messages import post_system
from messaging.services.reading import archive, mark_read
from messaging.tests.factories.conversations import about_product, direct, people, say

pytestmark = [pytest.mark.django_db, pytest.mark.capability("M05")]


def recount(place):
    """What has not been read, counted one by one."""
    return sum(
        message.seq > place.last_read_seq
        and message.sender_id != place.user_id
        and message.deleted_at is None
        for message in Message.objects.filter(conversation=place.conversation_id)
    )


@pytest.mark.parametrize("seed", range(6))
def test_after_any_history_the_count_is_that_of_a_recount(seed):
    chance = random.Random(seed)
    person = UserFactory()
    talks = [direct(user=person), about_product(buyer=person)]

    for _ in range(60):
        talk = chance.choice(talks)
        someone = chance.choice(people(talk))
        what = chance.random()
        own = Message.objects.filter(conversation=talk, sender=someone)
        if what < 0.5:
            say(talk, someone, "Hello")
        elif what < 0.6:
            post_system(conversation=talk, content="Something happened")
        elif what < 0.8:
            mark_read(conversation=talk, user=someone, seq=chance.randrange(60))
        elif what < 0.9:
            archive(conversation=talk, user=someone)
        elif own.exists():
            delete_message(message=chance.choice(list(own)), actor=someone)

    places = list(Participant.objects.with_unread_count())
    assert [place.unread_count for place in places] == [recount(place) for place in places]
    assert set(Participant.objects.with_news()) == {place for place in places if recount(place)}
    mine = [place for place in places if place.user_id == person.pk]
    waits = what_waits(user=person)
    assert waits.messages == sum(map(recount, mine))
    assert waits.conversations == sum(recount(place) > 0 for place in mine)


def test_counting_stops_at_a_hundred():
    talk = direct()
    one, other = people(talk)
    say(talk, one, *["Hello"] * (MOST_UNREAD + 5))

    assert what_waits(user=other).messages == MOST_UNREAD
