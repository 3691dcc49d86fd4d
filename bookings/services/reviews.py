"""Reviews: what the two sides of a deal say of each other once it is completed.

Neither reads what the other wrote before writing their own: a review is shown when both have
written, or by itself after some days.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Organization, User
from accounts.services.settings import get_setting
from bookings.choices import AppointmentStatus, ReleaseState, TransactionStatus
from bookings.market_choices import ReviewStatus
from bookings.models import Appointment, Review, Transaction
from bookings.review_exceptions import (
    DealNotCompletedError,
    RepliedAlreadyError,
    ReviewedAlreadyError,
    ReviewNotShownError,
    ReviewShownError,
)
from bookings.services import review_notices as notices
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError, NotAllowedError
from config.shared.locks import lock
from config.shared.retries import retry_transaction

PERMISSION = "bookings.moderate_review"


@dataclass(frozen=True, slots=True)
class Sides:
    """Who reviews whom: the author, and the person or the organization that it is about."""

    subject_user: User | None = None
    subject_organization: Organization | None = None

    def as_values(self) -> dict[str, Any]:
        """The columns of a review."""
        return {
            "subject_user": self.subject_user,
            "subject_organization": self.subject_organization,
        }


@retry_transaction
def write_review(
    *,
    author: User,
    rating: int,
    text: str = "",
    transaction: Transaction | None = None,
    appointment: Appointment | None = None,
) -> Review:
    """Review the other side of a sale or an appointment that is completed, once.

    The deal is locked, so that of two who write at once the second shows both reviews, from the
    same moment on. Raises ``InvalidInputError`` unless there is exactly one deal,
    ``NotAllowedError`` for others than the two, ``DealNotCompletedError``, and
    ``ReviewedAlreadyError``.
    """
    deal = transaction or appointment
    if deal is None or (transaction is not None and appointment is not None):
        raise InvalidInputError.at("", "one_deal", "Name one deal: a sale or an appointment.")
    (deal,) = lock(deal)
    now = database_now()
    sides = _sides(deal, author)
    _check_completed(deal)
    written = list(deal.reviews.order_by("created_at", "pk"))
    own = next((review for review in written if review.author_id == author.pk), None)
    if own is not None:
        raise ReviewedAlreadyError(review=str(own.pk))
    review = Review.objects.create(
        author=author,
        rating=rating,
        text=text.strip(),
        transaction=transaction,
        appointment=appointment,
        visible_from=now if written else now + timedelta(days=get_setting("review_days")),
        created_at=now,
        **sides.as_values(),
    )
    audit.record("bookings.review.written", target=review, actor=author, after={"rating": rating})
    _show_together(review, written, now)
    return review


@retry_transaction
def change_review(
    *, review: Review, author: User, rating: int | None = None, text: str | None = None
) -> Review:
    """Change what one wrote, as long as nobody else can read it.

    Raises ``NotAllowedError`` and ``ReviewShownError``.
    """
    if review.author_id != author.pk:
        raise NotAllowedError("Only the author changes a review.")
    review, now = _locked(review)
    if review.visible_from <= now or review.status != ReviewStatus.PUBLISHED:
        raise ReviewShownError(_state(review), ())
    review.rating = review.rating if rating is None else rating
    review.text = review.text if text is None else text.strip()
    review.save(update_fields=["rating", "text", "updated_at"])
    audit.record("bookings.review.changed", target=review, actor=author)
    return review


@retry_transaction
def reply_to_review(*, review: Review, actor: User, text: str) -> Review:
    """Answer a review about oneself, or about an organization that one leads, once.

    Raises ``NotAllowedError``, ``ReviewNotShownError`` and ``RepliedAlreadyError``.
    """
    if not speaks_for_subject(review=review, actor=actor):
        raise NotAllowedError("Only whom a review is about replies to it.")
    review, now = _locked(review)
    if review.visible_from > now or review.status != ReviewStatus.PUBLISHED:
        raise ReviewNotShownError(current=_state(review))
    if review.reply:
        raise RepliedAlreadyError
    review.reply = text.strip()
    review.replied_at = now
    review.save(update_fields=["reply", "replied_at", "updated_at"])
    audit.record("bookings.review.replied", target=review, actor=actor)
    notices.tell_of_reply(review=review)
    return review


def speaks_for_subject(*, review: Review, actor: User) -> bool:
    """Whether the review is about ``actor``, or about an organization that they lead."""
    organization = review.subject_organization
    if organization is None:
        return review.subject_user_id == actor.pk
    led = Organization.objects.led_by(actor).filter(pk=organization.pk)
    return bool(led.exists())


def is_about(*, review: Review, person: User) -> bool:
    """Whether ``person`` has a stake in the review: wrote it, is its subject, or works for it."""
    if person.pk in {review.author_id, review.subject_user_id}:
        return True
    organization = review.subject_organization
    return organization is not None and (
        Organization.objects.of_member(person).filter(pk=organization.pk).exists()
    )


def _locked(review: Review) -> tuple[Review, datetime]:
    """The review, locked after its deal, and the time of that."""
    *_, found = lock(review.transaction or review.appointment, review)
    return found, database_now()


def _sides(deal: Transaction | Appointment, author: User) -> Sides:
    if isinstance(deal, Transaction):
        pair = {deal.buyer_id: deal.seller, deal.seller_id: deal.buyer}
    else:
        pair = {deal.guest_id: deal.host, deal.host_id: deal.guest}
    if author.pk not in pair:
        raise NotAllowedError("Only the two whose deal it is review each other.")
    if isinstance(deal, Appointment) and author.pk == deal.guest_id and deal.organization:
        return Sides(subject_organization=deal.organization)
    return Sides(subject_user=pair[author.pk])


def _check_completed(deal: Transaction | Appointment) -> None:
    if isinstance(deal, Transaction):
        released = deal.release_state == ReleaseState.RELEASED
        done = deal.status == TransactionStatus.COMPLETED and released
    else:
        done = deal.status == AppointmentStatus.COMPLETED
    if not done:
        raise DealNotCompletedError(current=deal.status)


def _show_together(review: Review, written: list[Review], now: datetime) -> None:
    """The second review shows both; the first one asks the other side for theirs."""
    if not written:
        notices.ask_other_side(review=review)
        return
    for other in lock(*written):
        if other.visible_from > now:
            other.visible_from = now
            other.save(update_fields=["visible_from", "updated_at"])
            notices.tell_of_review(review=other)
    notices.tell_of_review(review=review)


def _state(review: Review) -> str:
    return "hidden" if review.status == ReviewStatus.HIDDEN else "shown"
