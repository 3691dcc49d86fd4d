"""Telling everybody whom it concerns of published news from a site, each of them once."""

from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import User
from bookings.choices import BookingStatus
from bookings.models import Booking
from catalog.models import ConstructionUpdate, DevelopmentFollow
from config.shared.retries import retry_transaction
from messaging.services.notifications import notify

TEMPLATE = "construction_update"
BATCH = 200


def tell_of_update(*, update_id: UUID) -> int:
    """Tell followers and buyers of a published update; returns how many were told now.

    May be run again at any time, also after it broke off: what somebody was told is committed
    with every batch, and nobody is told twice. An update that was withdrawn meanwhile is told to
    nobody further.
    """
    told = 0
    after: UUID | None = None
    while True:
        update = (
            ConstructionUpdate.objects.published()
            .select_related("development")
            .filter(pk=update_id)
            .first()
        )
        if update is None:
            return told
        people = concerned(update)
        if after is not None:
            people = people.filter(pk__gt=after)
        batch = list(people.order_by("pk")[:BATCH])
        if not batch:
            return told
        told += _tell_batch(update=update, people=batch)
        after = batch[-1].pk


def concerned(update: ConstructionUpdate) -> QuerySet[User]:
    """Who follows the development, and who has bought in it or is about to; not the author."""
    development = update.development_id
    followers = DevelopmentFollow.objects.filter(development=development)
    bookings = Booking.objects.filter(development=development)
    live = bookings.claiming().order_by().values("customer")
    completed = bookings.filter(status=BookingStatus.COMPLETED).order_by().values("customer")
    return (
        User.objects.active()
        .filter(
            Q(pk__in=followers.order_by().values("user")) | Q(pk__in=live) | Q(pk__in=completed)
        )
        .exclude(pk=update.author_id)
    )


@retry_transaction
def _tell_batch(*, update: ConstructionUpdate, people: list[User]) -> int:
    context = {
        "development": update.development.name,
        "title": update.title,
        "percent": percent_text(update),
    }
    told = [
        notify(
            user=person,
            template=TEMPLATE,
            context=context,
            dedupe_key=f"{update.pk.hex}:{person.pk.hex}",
            link=f"/api/v1/updates/{update.pk}/",
        )
        for person in people
    ]
    return sum(made is not None for made in told)


def percent_text(update: ConstructionUpdate) -> str:
    """The percent built when it was published, in whole per cents."""
    return str(int(update.percent_snapshot or 0))
