"""What change requests refuse with."""

from config.shared.errors import ConflictError


class BookingNotConfirmedError(ConflictError):
    """Only who has a unit for certain can have it changed."""

    code = "booking_not_confirmed"
    title = "Changes are for bookings that are confirmed and not yet handed over"


class TooLateError(ConflictError):
    """The phase of construction by which the change had to be agreed on has begun."""

    code = "too_late"
    title = "It is too late for this change: the work has begun"


class QuoteExpiredError(ConflictError):
    """The builder's quote no longer holds."""

    code = "quote_expired"
    title = "This quote no longer holds"


class NotDraftError(ConflictError):
    """What was submitted is not written again."""

    code = "not_a_draft"
    title = "Only a draft can be changed"
