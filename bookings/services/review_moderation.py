"""Reviews that the staff take out of sight, and put back."""

from accounts.models import User
from bookings.flows import REVIEW_FLOW
from bookings.market_choices import ReviewStatus
from bookings.models import Review
from bookings.review_exceptions import OwnReviewError
from bookings.services.review_notices import tell_of_hiding
from bookings.services.reviews import PERMISSION, is_about
from config.shared.errors import NotAllowedError
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.retries import retry_transaction


@retry_transaction
def hide_review(*, review: Review, actor: User, reason: str) -> Review:
    """Show ``review`` to nobody but its author, who reads why.

    For staff who moderate reviews, and never about themselves. Raises ``NotAllowedError``,
    ``OwnReviewError``, and ``InvalidTransitionError`` for one that is hidden already.
    """
    _check_moderator(review, actor)
    (review,) = lock(review)
    move(
        review,
        ReviewStatus.HIDDEN,
        flow=REVIEW_FLOW,
        actor=actor,
        reason=reason,
        hidden_by=actor,
        hidden_reason=reason,
    )
    tell_of_hiding(review=review)
    return review


@retry_transaction
def unhide_review(*, review: Review, actor: User, reason: str) -> Review:
    """Show a hidden review again. For staff who moderate reviews, and never about themselves."""
    _check_moderator(review, actor)
    (review,) = lock(review)
    move(
        review,
        ReviewStatus.PUBLISHED,
        flow=REVIEW_FLOW,
        actor=actor,
        reason=reason,
        hidden_by=None,
        hidden_reason="",
    )
    return review


def _check_moderator(review: Review, actor: User) -> None:
    if not (actor.is_active and actor.is_staff and actor.has_perm(PERMISSION)):
        raise NotAllowedError
    if is_about(review=review, person=actor):
        raise OwnReviewError
