"""Why an offer cannot be made, answered or taken back."""

from config.shared.errors import ConflictError, NotAllowedError, TooManyRequestsError


class PhoneRequiredError(NotAllowedError):
    """Whoever buys from neighbours has proved a phone number."""

    code = "phone_required"
    title = "Verify your phone number first"


class NotYourTurnError(NotAllowedError):
    """The other side answers an offer; who made it may take it back."""

    code = "not_your_turn"
    title = "This is for the other side to do"


class OfferOpenError(ConflictError):
    """The two have an open offer about the product; the document names it (``offer``)."""

    code = "offer_open"
    title = "There is an open offer between you already"


class AcceptInsteadError(ConflictError):
    """The price meets what the other side has proposed: ``offer`` can be accepted."""

    code = "accept_instead"
    title = "The other side already proposes this: accept their offer"


class ChainOverError(ConflictError):
    """The bargaining has as many moves as it may have; the last one is accepted or declined."""

    code = "too_many_moves"
    title = "After ten moves the bargaining is over"


class OfferLimitError(TooManyRequestsError):
    """The buyer has begun to bargain about the product as often today as one person may."""

    code = "offer_limit_reached"
    title = "You have made as many offers for this product today as one person may"


class NoContactError(ConflictError):
    """The person has neither asked about the product nor made an offer for it."""

    code = "no_contact"
    title = "This person has not asked about the product"


class PriceCameDownError(ConflictError):
    """The product costs less than the offer by now (``price``): it can be had for that."""

    code = "price_came_down"
    title = "The product costs less than this offer now"


class CurrencyChangedError(ConflictError):
    """The seller sells in another currency since; the offer can be declined or taken back."""

    code = "currency_changed"
    title = "The product is sold in another currency now"
