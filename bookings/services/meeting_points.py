"""Where buyer and seller meet: for the two of them, once there is a deal."""

from dataclasses import dataclass

from accounts.models import User
from bookings.choices import TransactionOrigin, TransactionStatus
from bookings.models import Transaction
from catalog.models import Product

PAID = (TransactionStatus.COMPLETED, TransactionStatus.DISPUTED)
# Reservations that both sides agreed to; whoever merely begins to pay has no deal yet.
AGREED = (TransactionOrigin.OFFER, TransactionOrigin.SELLER)


@dataclass(frozen=True, slots=True)
class MeetingPoint:
    """The exact place of a product, and what its seller says of it."""

    lat: float | None
    lng: float | None
    note: str


def meeting_point_of(*, sale: Transaction, reader: User) -> MeetingPoint | None:
    """Where to meet, for the buyer and the seller of a paid or agreed sale; None for others.

    A lapsed or failed reservation, and a sale that was given back, is no deal any more: ``sale``
    is loaded with its live status.
    """
    if reader.pk not in {sale.buyer_id, sale.seller_id}:
        return None
    status = getattr(sale, "live_status", sale.status)
    agreed = status == TransactionStatus.PENDING and sale.origin in AGREED
    if not agreed and status not in PAID:
        return None
    product: Product = sale.product
    return MeetingPoint(lat=product.lat, lng=product.lng, note=product.meeting_note)
