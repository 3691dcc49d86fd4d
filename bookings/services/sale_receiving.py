"""Money that arrives for a sale: the thing is sold, or the money goes back to the last coin."""

from datetime import datetime, timedelta

from accounts.services.settings import get_setting
from bookings.choices import (
    RefundReason,
    ReleaseState,
    SaleMethod,
    TransactionStatus,
)
from bookings.models import Payment, Transaction
from bookings.services import product_claim_log
from bookings.services.confirming import AGREED_FOR
from bookings.services.offer_rules import may_deal
from bookings.services.offers import decline_others
from bookings.services.open_payments import cancel_sale_payments
from bookings.services.payouts import owe_payout
from bookings.services.product_claims import LAPSED, has_lapsed, settle_product
from bookings.services.refunds import owe_refund, refundable
from bookings.services.sale_ledger import post_payout, post_release
from bookings.services.sale_notices import say, tell_of_payment, tell_of_returned_money
from bookings.services.sale_states import shift
from bookings.services.subjects import sale_of
from catalog.choices import ProductStatus
from catalog.flows import PRODUCT_FLOW
from config.shared import metrics
from config.shared.flows import move

# What money that comes may still make a sale of.
AWAITING = (TransactionStatus.PENDING, TransactionStatus.FAILED)


def receive_sale(*, payment: Payment, now: datetime) -> None:
    """Do what the locked ``payment``, whose money is here and booked, was made for.

    The thing is sold to the buyer. Money that comes after the time for it was over buys it all
    the same while nobody else has it; otherwise, and the second time, all of it is given back.
    """
    sale = sale_of(payment)
    if sale.status not in AWAITING:
        return _return(payment, RefundReason.SURPLUS)
    late = sale.status == TransactionStatus.FAILED or has_lapsed(sale, now)
    if late and not _is_still_free(sale, now):
        return _return(payment, RefundReason.LATE_MONEY)
    _sell(sale, payment, now)
    if late:
        product_claim_log.log_won(sale=sale, asked_at=now, reason="late_money")
    return None


def _is_still_free(sale: Transaction, now: datetime) -> bool:
    """Whether a sale whose time was over may go on: nobody gave it up or has the thing, which is
    on sale and, within a week, at the price that was agreed."""
    other = settle_product(product=sale.product, now=now)
    sale.refresh_from_db(fields=["status", "ended_reason", "updated_at"])
    if other is not None or sale.product.status != ProductStatus.ACTIVE:
        return False
    if sale.ended_reason != LAPSED:
        return False
    if sale.reserved_until + AGREED_FOR < now:
        return False
    return may_deal(buyer=sale.buyer, seller=sale.seller)


def _sell(sale: Transaction, payment: Payment, now: datetime) -> None:
    held = not payment.destination_account and get_setting("hold_sales")
    days = timedelta(days=get_setting("auto_release_days"))
    shift(
        sale,
        actor=None,
        status=TransactionStatus.COMPLETED,
        release=ReleaseState.HELD if held else ReleaseState.RELEASED,
        completed_at=now,
        auto_release_at=now + days if held else None,
        released_at=None if held else now,
        ended_reason="",
        payment_method=SaleMethod.CARD,
        platform_fee=payment.platform_fee,
        seller_payout=payment.amount - payment.platform_fee,
    )
    mark_sold(sale, now)
    if payment.destination_account:
        post_payout(payment, payment.amount - payment.platform_fee)
    elif not held:
        post_release(payment)
        owe_payout(sale=sale, payment=payment)
    tell_of_payment(sale, payment)
    say(sale, "sale_paid" if held else "sale_paid_out")
    metrics.count("sales", "completed")


def mark_sold(sale: Transaction, now: datetime) -> None:
    """The product of a locked sale is sold: whoever else wanted it, or was paying, hears so."""
    move(
        sale.product,
        ProductStatus.SOLD,
        flow=PRODUCT_FLOW,
        actor=None,
        sold_at=now,
        claimed_until=None,
    )
    cancel_sale_payments(transaction=sale)
    decline_others(product=sale.product, winner=sale, now=now)


def _return(payment: Payment, reason: RefundReason) -> None:
    owe_refund(payment=payment, amount=refundable(payment), reason=reason)
    tell_of_returned_money(sale_of(payment), payment)
    metrics.count("sales", "returned")
