"""Shows on the front page of the back office: what is live now."""

from datetime import timedelta

from django.db.models import Count, Q, Sum
from django.db.models.functions import Now

from accounts.groups import MODERATION, SITE_ADMINISTRATION, SUPPORT
from catalog.choices import StreamStatus
from catalog.models import Stream
from config.shared.dashboard import Content, Figure, panel
from config.shared.dashboard_parts import by_day, list_of


@panel("Streams", groups=(MODERATION, SUPPORT, SITE_ADMINISTRATION), place=45)
def streams() -> Content:
    """What is live now and who watches, and what is coming."""
    soon = Q(
        status=StreamStatus.SCHEDULED,
        scheduled_for__gt=Now(),
        scheduled_for__lt=Now() + timedelta(days=1),
    )
    live = Q(status=StreamStatus.LIVE)
    found = Stream.objects.aggregate(
        live=Count("pk", filter=live),
        watching=Sum("viewer_count", filter=live, default=0),
        soon=Count("pk", filter=soon),
    )
    figures = [
        Figure(
            "Live now",
            found["live"],
            list_of("catalog.stream", status__exact=StreamStatus.LIVE.value),
            f"{found['watching']} watching",
        ),
        Figure(
            "Announced for the next day",
            found["soon"],
            list_of("catalog.stream", status__exact=StreamStatus.SCHEDULED.value),
        ),
    ]
    return figures, [by_day("Streams", Stream.objects.all(), "created_at")]
