"""What people and organizations are rated, on average, by the reviews that everybody reads."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Avg, Count, Exists, F, OuterRef, Subquery
from django.db.models.functions import Cast, Round

from accounts.models import Organization, User
from accounts.querysets.figures import RATING_FIELD
from bookings.models import Review
from bookings.services.one_by_one import one_by_one

STARS = range(1, 6)
_CENTS = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Rating:
    """An average of 1 to 5 stars, None without reviews; how many there are, and of which."""

    average: Decimal | None
    count: int
    stars: dict[str, int]


def rating_of(subject: User | Organization) -> Rating:
    """What ``subject`` is rated by now."""
    column = "subject_user" if isinstance(subject, User) else "subject_organization"
    rows = Review.objects.shown().filter(**{column: subject}).order_by()
    found = dict(rows.values_list("rating").annotate(number=Count("pk")))
    count = sum(found.values())
    total = sum(stars * number for stars, number in found.items())
    average = (Decimal(total) / count).quantize(_CENTS, ROUND_HALF_UP) if count else None
    return Rating(average, count, {str(stars): found.get(stars, 0) for stars in STARS})


def average_rating() -> Any:
    """The expression behind a person's public rating, see ``register_figure``."""
    shown = Review.objects.shown().filter(subject_user=OuterRef("pk")).order_by()
    average = shown.values("subject_user").annotate(found=Avg("rating")).values("found")
    return Cast(Round(Subquery(average), 2), RATING_FIELD)


def refresh_organization_ratings() -> int:
    """Write down what organizations are rated by now; returns how many ratings have changed.

    Reviews come to be shown by the mere passing of time, so that this is done every hour.
    """
    shown = Review.objects.shown().filter(subject_organization=OuterRef("pk")).order_by()
    average = shown.values("subject_organization").annotate(found=Avg("rating")).values("found")
    reviewed = Exists(Review.objects.filter(subject_organization=OuterRef("pk")))
    found = Organization.objects.annotate(now=Cast(Round(Subquery(average), 2), RATING_FIELD))
    changed = found.filter(reviewed).exclude(rating_avg__isnull=True, now__isnull=True)
    return one_by_one(changed.exclude(rating_avg=F("now")).order_by("pk"), _refresh)


def _refresh(organization: Any) -> int:
    rows = Organization.objects.filter(pk=organization.pk)
    return rows.update(rating_avg=organization.now)
