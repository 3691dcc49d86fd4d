"""What came of everybody's claim to a product: written once, never changed."""

from datetime import datetime

from accounts.models import User
from bookings.choices import ClaimOutcome, ClaimSubject
from bookings.models import ClaimLog, Transaction
from catalog.models import Product


def log_won(*, sale: Transaction, asked_at: datetime | None = None, reason: str = "") -> ClaimLog:
    """Write down that ``sale`` has its product, since it was asked for or since ``asked_at``."""
    return ClaimLog.objects.create(
        subject=ClaimSubject.PRODUCT,
        object_id=sale.product_id,
        who_id=sale.buyer_id,
        transaction=sale,
        asked_at=sale.created_at if asked_at is None else asked_at,
        outcome=ClaimOutcome.WON,
        reason=reason,
    )


def log_lost(
    *, product: Product, who: User, asked_at: datetime, now: datetime, reason: str, to: Transaction
) -> ClaimLog:
    """Write down that ``who`` asked in vain; ``to`` is the sale that stood in the way."""
    return ClaimLog.objects.create(
        subject=ClaimSubject.PRODUCT,
        object_id=product.pk,
        who=who,
        transaction=to,
        asked_at=asked_at,
        outcome=ClaimOutcome.LOST,
        ended_at=now,
        reason=reason[:200],
    )


def log_ended(*, sale: Transaction, outcome: str, now: datetime) -> ClaimLog:
    """Write down that the claim of ``sale`` has ended: it expired, or was released."""
    return ClaimLog.objects.create(
        subject=ClaimSubject.PRODUCT,
        object_id=sale.product_id,
        who_id=sale.buyer_id,
        transaction=sale,
        asked_at=sale.created_at,
        outcome=outcome,
        ended_at=now,
    )
