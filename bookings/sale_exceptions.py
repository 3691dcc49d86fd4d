"""What the services of sales refuse with."""

from config.shared.errors import (
    ConflictError,
    InvalidInputError,
    InvalidTransitionError,
    NotAllowedError,
)


class NotBuyerError(NotAllowedError):
    """Only the buyer does this."""

    code = "not_buyer"
    title = "Only the buyer of this sale does that"


class NotSellerError(NotAllowedError):
    """Only the seller does this."""

    code = "not_seller"
    title = "Only the seller of this sale does that"


class OwnSaleError(NotAllowedError):
    """Nobody decides about a sale in which they buy or sell."""

    code = "own_sale"
    title = "This is your own sale"


class SaleClosedError(InvalidTransitionError):
    """The sale waits for no money: it is paid, or over."""

    code = "sale_closed"
    title = "Nothing is to be paid for this sale"


class ReservationLapsedError(ConflictError):
    """The time of the reservation is over."""

    code = "reservation_lapsed"
    title = "The time for paying is over"


class NotHeldError(InvalidTransitionError):
    """The money of the sale is not held (any more)."""

    code = "not_held"
    title = "The money of this sale is not held"


class SaleDisputedError(InvalidTransitionError):
    """While the sale is disputed, its money goes nowhere but by the decision."""

    code = "sale_disputed"
    title = "This sale is disputed"


class NotDisputedError(InvalidTransitionError):
    """There is no dispute to decide."""

    code = "not_disputed"
    title = "This sale is not disputed"


class DisputeTimeOverError(ConflictError):
    """The money is the seller's by now, since nobody objected in time."""

    code = "dispute_time_over"
    title = "The time for a dispute is over"


class DecisionWaitsError(ConflictError):
    """Somebody has decided already, and a second person has not agreed yet."""

    code = "decision_waits"
    title = "A decision waits for a second person"


class NoDecisionError(ConflictError):
    """There is no decision that a second person could agree to."""

    code = "no_decision"
    title = "Nobody has decided yet"


class NoHandoverCodeError(ConflictError):
    """The buyer has no code at present: they have not asked for one, or it was used up."""

    code = "no_handover_code"
    title = "The buyer needs a new code"


class WrongHandoverCodeError(InvalidInputError):
    """The code is not the one that the buyer was shown."""

    code = "wrong_code"
    title = "This is not the buyer's code"


class NotCashError(InvalidTransitionError):
    """The seller has not said that cash was paid."""

    code = "not_cash"
    title = "Nobody said that cash was paid"
