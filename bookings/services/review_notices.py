"""Who is told what about reviews, in the transaction of what happened."""

from datetime import timedelta
from typing import Any

from django.db.models.functions import Now

from accounts.models import User
from accounts.querysets.organizations import LEADING_ROLES
from accounts.services.settings import get_setting
from bookings.models import Review
from bookings.services.deal_notices import team_of
from bookings.services.one_by_one import one_by_one
from config.shared.retries import retry_transaction
from messaging.services.notifications import notify

BATCH = 1000
# Whoever was not told within this time, because nobody worked, is not told at all.
LATEST = timedelta(days=2)


def ask_other_side(*, review: Review) -> None:
    """Tell the other side that a review of them waits for their own; never what it says."""
    for person in people_of(review=review):
        _tell(
            review,
            "review_awaited",
            person,
            name=review.author.full_name,
            days=get_setting("review_days"),
        )


def tell_of_review(*, review: Review) -> None:
    """Tell whom the review is about that everybody can read it now."""
    for person in people_of(review=review):
        _tell(
            review,
            "review_received",
            person,
            name=review.author.full_name,
            rating=review.rating,
        )


def tell_of_reply(*, review: Review) -> None:
    """Tell the author that their review was answered."""
    subject = review.subject_user or review.subject_organization
    name = getattr(subject, "full_name", None) or getattr(subject, "name", "")
    _tell(review, "review_replied", review.author, name=name)


def tell_of_hiding(*, review: Review) -> None:
    """Tell the author that nobody else can read their review any more, and why."""
    _tell(review, "review_hidden", review.author, reason=review.hidden_reason)


def tell_of_shown_reviews() -> int:
    """Tell of reviews that are shown because their time has come; each is told of once."""
    due = Review.objects.shown().filter(visible_from__gt=Now() - LATEST)
    rows = due.select_related("author", "subject_user", "subject_organization")
    return one_by_one(rows.order_by("visible_from", "pk")[:BATCH], _told)


def people_of(*, review: Review) -> list[User]:
    """Whom the review is about: a person, or those who lead an organization."""
    if review.subject_organization is not None:
        return team_of(review.subject_organization, LEADING_ROLES)
    return [] if review.subject_user is None else [review.subject_user]


@retry_transaction
def _told(review: Review) -> bool:
    tell_of_review(review=review)
    return True


def _tell(review: Review, template: str, person: User, **values: Any) -> None:
    notify(
        user=person,
        template=template,
        context=values,
        dedupe_key=f"{review.pk}:{person.pk}",
        link=f"/api/v1/reviews/{review.pk}/",
    )
