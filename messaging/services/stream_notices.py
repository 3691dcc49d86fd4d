"""Telling followers that somebody is live, and somebody that their show was ended."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.choices import ResidencyStatus
from accounts.models import Follow, Residency, User
from accounts.querysets.connections import without_blocks
from catalog.choices import StreamVisibility
from catalog.models import Stream
from config.shared.retries import retry_transaction
from messaging.services.notifications import notify

TEMPLATE = "stream_live"
ENDED_TEMPLATE = "stream_ended"
BATCH = 200


def tell_of_stream(*, stream_id: UUID) -> int:
    """Tell the followers of who is live that they are; returns how many were told now.

    May be run again at any time, also after it broke off: nobody is told twice. A show that is
    over by then is told to nobody further.
    """
    told = 0
    after: UUID | None = None
    while True:
        stream = Stream.objects.live().select_related("user").filter(pk=stream_id).first()
        if stream is None:
            return told
        people = audience_of(stream)
        if after is not None:
            people = people.filter(pk__gt=after)
        batch = list(people.order_by("pk")[:BATCH])
        if not batch:
            return told
        told += _tell_batch(stream=stream, people=batch)
        after = batch[-1].pk


@retry_transaction
def tell_of_end(*, stream_id: UUID) -> bool:
    """Tell whoever gave a show that a moderator ended it, or called it off, and why."""
    stream = Stream.objects.select_related("user").filter(pk=stream_id).first()
    if stream is None or stream.ended_by_id in {None, stream.user_id}:
        return False
    made = notify(
        user=stream.user,
        template=ENDED_TEMPLATE,
        context={"title": stream.title, "reason": stream.end_reason},
        dedupe_key=stream.pk.hex,
        link=f"/api/v1/streams/{stream.pk}/",
    )
    return made is not None


def audience_of(stream: Stream) -> QuerySet[User]:
    """The active followers of whoever gives the show, as far as they may watch it."""
    followers = Follow.objects.filter(followed=stream.user_id).order_by().values("follower")
    people: QuerySet[User] = without_blocks(
        User.objects.active().filter(pk__in=followers), stream.user
    )
    if stream.visibility == StreamVisibility.PUBLIC:
        return people
    neighbours = Residency.objects.filter(
        building=stream.building_id, status=ResidencyStatus.VERIFIED
    )
    return people.filter(pk__in=neighbours.order_by().values("user"))


@retry_transaction
def _tell_batch(*, stream: Stream, people: list[User]) -> int:
    told = [
        notify(
            user=person,
            template=TEMPLATE,
            context={"name": str(stream.user), "title": stream.title},
            dedupe_key=f"{stream.pk.hex}:{person.pk.hex}",
            link=f"/api/v1/streams/{stream.pk}/",
        )
        for person in people
    ]
    return sum(made is not None for made in told)
