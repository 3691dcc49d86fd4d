"""Why a review cannot be written, changed, answered or hidden."""

from config.shared.errors import ConflictError, InvalidTransitionError, NotAllowedError


class DealNotCompletedError(ConflictError):
    """The deal is not over; the document says how it stands (``current``)."""

    code = "deal_not_completed"
    title = "A deal is reviewed once it is completed"


class ReviewedAlreadyError(ConflictError):
    """The author has reviewed this deal already; the document names the review."""

    code = "reviewed_already"
    title = "You have reviewed this deal already"


class ReviewShownError(InvalidTransitionError):
    """Others can read the review by now, so that it stays as it is."""

    code = "review_shown"
    title = "A review that others can read is not changed any more"


class ReviewNotShownError(ConflictError):
    """The review is not shown yet, or was hidden: there is nothing to reply to."""

    code = "review_not_shown"
    title = "This review is not shown"


class RepliedAlreadyError(ConflictError):
    """One reply is all that a review gets."""

    code = "replied_already"
    title = "This review has a reply already"


class OwnReviewError(NotAllowedError):
    """Nobody moderates what they wrote, or what was written about them."""

    code = "own_review"
    title = "Somebody else has to decide about a review of yours"
