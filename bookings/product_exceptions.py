"""Why a product cannot be claimed, offered for, or let go."""

from config.shared.errors import ConflictError, InvalidTransitionError


class ProductUnavailableError(InvalidTransitionError):
    """The product is not for sale at this moment: reserved, sold, a draft or removed.

    The document says its state (``current``), which ones may follow (``allowed``) and, for a
    reserved one, when it may be free (``free_at``).
    """

    code = "product_unavailable"
    title = "This product is not available at present"


class SaleOpenError(ConflictError):
    """Money for the product has come and is not with the seller yet."""

    code = "sale_open"
    title = "This product is sold, and the sale is not over"


class ReservationPaidError(InvalidTransitionError):
    """The reservation has been paid for, so that it ends by a handover or a dispute."""

    code = "reservation_paid"
    title = "This reservation has been paid for"
