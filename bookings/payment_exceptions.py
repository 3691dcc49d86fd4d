"""What the services of payments and refunds refuse with."""

from config.shared.errors import (
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    UnavailableError,
)


class NotPayerError(NotAllowedError):
    """Only the customer of a booking pays for it."""

    code = "not_payer"
    title = "Only the booking's customer pays for it"


class NothingOwedError(ConflictError):
    """The instalment is paid, waived or cancelled."""

    code = "nothing_owed"
    title = "Nothing is owed for this"


class BookingClosedError(ConflictError):
    """The booking takes no money in its present state."""

    code = "booking_closed"
    title = "This booking takes no payments now"


class PaymentTimeOverError(ConflictError):
    """The time for the deposit is over."""

    code = "payment_time_over"
    title = "The time for paying the deposit is over"


class ClientKeyUsedError(ConflictError):
    """The client key belongs to another payment."""

    code = "client_key_used"
    title = "There is another payment with this client key"


class TooMuchError(InvalidInputError):
    """More than is owed, or more than is left to be given back."""

    code = "too_much"
    title = "That is more than there is"


class NotReceivedError(ConflictError):
    """The money of a payment has not arrived, so nothing can be given back."""

    code = "not_received"
    title = "The money has not arrived"


class OwnPaymentError(NotAllowedError):
    """Nobody confirms or gives back money that they paid themselves."""

    code = "own_payment"
    title = "This is your own payment"


class SamePersonError(NotAllowedError):
    """Whoever asked for a refund does not approve it."""

    code = "second_person"
    title = "A second person decides about this"


class GatewayMismatchError(ConflictError):
    """The operation does not fit the way in which the payment is made."""

    code = "wrong_gateway"
    title = "This payment is made in another way"


class InboxFailedError(UnavailableError):
    """A message of a gateway could not be applied; it is kept and may be sent again."""

    code = "webhook_failed"
    title = "The message could not be applied"

    def __init__(self) -> None:
        super().__init__(retry_after=30)
