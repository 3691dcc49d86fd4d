"""What waits for somebody."""

from dataclasses import dataclass

from django.db.models import Count, Sum

from accounts.models import User
from messaging.models import Participant


@dataclass(frozen=True, slots=True)
class Waiting:
    """In how many conversations something waits to be read, and how much in all."""

    conversations: int
    messages: int


def what_waits(*, user: User) -> Waiting:
    """What ``user`` has not read of what others said, counted as far as 100 a conversation."""
    places = Participant.objects.seated(user).with_news().with_unread_count()
    found = places.aggregate(conversations=Count("pk"), messages=Sum("unread_count", default=0))
    return Waiting(**found)
