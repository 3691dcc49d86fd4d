"""More time for a sale whose money could not be taken, because the gateway did not answer."""

from datetime import timedelta

from accounts.services.settings import get_setting
from bookings.choices import TransactionStatus
from bookings.models import Payment
from bookings.services.product_claims import has_lapsed
from bookings.services.sale_locks import lock_sale_payment
from bookings.services.subjects import sale_of
from config.shared import audit
from config.shared.clock import database_now
from config.shared.retries import retry_transaction

# By this much at most may outages of the gateway extend the time for a payment, in all.
LONGEST_EXTENSION = timedelta(hours=24)


@retry_transaction
def extend_sale_for_outage(*, payment: Payment) -> None:
    """Leave the buyer some time after the gateway could not be reached.

    By the setting ``outage_extension_minutes`` from now, and never later than a day after the
    payment was begun, however often it happens.
    """
    payment = lock_sale_payment(payment=payment)
    sale, now = sale_of(payment), database_now()
    if sale.status != TransactionStatus.PENDING or has_lapsed(sale, now):
        return
    minutes = timedelta(minutes=get_setting("outage_extension_minutes"))
    until = min(now + minutes, payment.created_at + LONGEST_EXTENSION)
    if until <= sale.reserved_until:
        return
    before, sale.reserved_until = sale.reserved_until, until
    sale.save(update_fields=["reserved_until", "updated_at"])
    sale.product.claimed_until = until
    sale.product.save(update_fields=["claimed_until", "updated_at"])
    audit.record(
        "bookings.transaction.extended",
        target=sale,
        before={"reserved_until": before},
        after={"reserved_until": until},
        reason="The payment gateway did not answer.",
    )
