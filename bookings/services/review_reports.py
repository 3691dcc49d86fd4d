"""Reviews can be reported; the staff who agree hide them."""

from typing import Any

from accounts.models import User
from bookings.market_choices import ReviewStatus
from bookings.models import Review
from bookings.services.review_moderation import hide_review
from messaging.services.reportables import Reportable, register_reportable


def _as_it_was(review: Review) -> dict[str, str]:
    return {"rating": str(review.rating), "text": review.text, "reply": review.reply}


def _hide(review: Any, actor: User, reason: str) -> object:
    if review.status == ReviewStatus.HIDDEN:
        return review
    return hide_review(review=review, actor=actor, reason=reason)


register_reportable(
    Reportable(
        name="review",
        label="bookings.review",
        accused=lambda review: review.author,
        snapshot=_as_it_was,
        remove=_hide,
    )
)
