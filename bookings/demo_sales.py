"""Sales of the demo, in every state, with their money, claims and reviews."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Model

from bookings.choices import (
    ClaimOutcome,
    ClaimSubject,
    DisputeOutcome,
    GatewayName,
    LedgerAccount,
    PaymentMethod,
    PaymentPurpose,
    PaymentStatus,
    RefundReason,
    RefundStatus,
    ReleaseState,
    SaleMethod,
    TransactionOrigin,
    TransactionStatus,
)
from bookings.demo_payments import posted
from bookings.demo_refunds import refund
from bookings.demo_trade import Trade
from bookings.models import ClaimLog, Payment, Refund, Review, Transaction
from bookings.services.sale_fees import fee_for_sale
from catalog.choices import ProductStatus
from config.shared.money import fee

A_WEEK, A_DAY, TWO_WEEKS = timedelta(days=7), timedelta(hours=24), timedelta(days=14)
PAID_AFTER = timedelta(minutes=20)
MET_AFTER = timedelta(hours=20)
ENDED = {"lapsed": "lapsed", "cancelled": "The buyer changed their mind."}
HELD, DONE = ("held", "disputed"), ("released", "refunded", "split")
CASH = ("cash", "cash_marked")
PAID = (*HELD, *DONE, "cash")
_A = LedgerAccount


def stands(trade: Trade) -> str:
    """Where the sale of a deal stands; empty where there is none."""
    return str(trade.words.get("sale", {}).get("stands", ""))


def sale_of(trade: Trade) -> Transaction:
    """The sale of a deal."""
    state, offer = stands(trade), trade.agreed
    amount = offer.offered_price if offer else trade.product.price
    terms = fee_for_sale(product=trade.product, buyer=trade.buyer, amount=amount)
    kept = Decimal(0) if state in CASH else terms.platform_fee
    made = Transaction(
        id=trade.seed.key("sale", *trade.topic),
        product=trade.product,
        buyer=trade.buyer,
        seller=trade.product.seller,
        offer=offer,
        origin=_origin(trade),
        amount=amount,
        currency=trade.product.currency,
        platform_fee=kept,
        seller_payout=amount - kept,
        feed_type=str(terms.feed_type),
        payment_method=SaleMethod.CASH if state in CASH else SaleMethod.CARD,
        status=TransactionStatus.FAILED if state in ENDED else TransactionStatus.PENDING,
        ended_reason=ENDED.get(state, ""),
        reserved_until=trade.agreed_at + A_DAY,
        created_at=trade.agreed_at,
    )
    if state in CASH:
        made.cash_marked_at = made.created_at + PAID_AFTER
    if state in PAID:
        _pay(trade, made, state)
    return made


def _origin(trade: Trade) -> TransactionOrigin:
    if trade.agreed:
        return TransactionOrigin.OFFER
    return TransactionOrigin.SELLER if stands(trade) in CASH else TransactionOrigin.CHECKOUT


def _pay(trade: Trade, made: Transaction, state: str) -> None:
    """What follows once the money is here."""
    paid = made.created_at + PAID_AFTER
    met = min(paid + MET_AFTER, trade.seed.present)
    words = trade.words["sale"]
    made.status, made.completed_at = TransactionStatus.COMPLETED, paid
    made.release_state = ReleaseState.HELD if state == "held" else ReleaseState.RELEASED
    if state != "cash":
        made.auto_release_at = paid + A_WEEK
    if state in {"released", "cash"}:
        made.handover_confirmed_at = made.released_at = met
    if state == "refunded":
        made.status, made.release_state = TransactionStatus.REFUNDED, ReleaseState.RETURNED
    if state in {"disputed", "split"}:
        made.dispute_opened_at, made.dispute_opened_by = met, trade.buyer
        made.dispute_reason = words["reason"]
    if state == "disputed":
        made.status, made.release_state = TransactionStatus.DISPUTED, ReleaseState.FROZEN
    if state == "split":
        made.dispute_outcome = DisputeOutcome.SPLIT
        made.dispute_refund = Decimal(words["back"])
        made.dispute_note = "Both have seen the photographs and agree."
        made.dispute_decided_by = trade.decider
        made.dispute_decided_at = made.released_at = met + A_DAY


def payment_of(trade: Trade, made: Transaction) -> Payment | None:
    """The payment of a sale by card that was paid."""
    if made.completed_at is None or made.payment_method == SaleMethod.CASH:
        return None
    key = trade.seed.key("payment", made.pk)
    return Payment(
        id=key,
        purpose=PaymentPurpose.SALE,
        payer=trade.buyer,
        payee_user=trade.product.seller,
        transaction=made,
        amount=made.amount,
        currency=made.currency,
        platform_fee=made.platform_fee,
        status=PaymentStatus.COMPLETED,
        payment_method=PaymentMethod.CARD,
        gateway=GatewayName.TEST,
        stripe_payment_intent_id=f"test_pi_{key.hex[-20:]}",
        stripe_charge_id=f"test_ch_{key.hex[-20:]}",
        completed_at=made.completed_at,
        created_at=made.completed_at - timedelta(minutes=3),
    )


def refund_of(trade: Trade, row: Payment) -> Refund | None:
    """What of a sale's money went back: all of it, or what a decision says."""
    state, made = stands(trade), row.transaction
    if state not in {"refunded", "split"} or made is None:
        return None
    amount = row.amount if state == "refunded" else Decimal(trade.words["sale"]["back"])
    at = made.dispute_decided_at or trade.times[-1]
    reason = RefundReason.DISPUTE if state == "split" else RefundReason.GOODWILL
    asked_by = None if state == "split" else trade.product.seller
    given = refund(
        trade.seed,
        row,
        amount,
        reason=reason,
        status=RefundStatus.COMPLETED,
        at=at,
        people=(asked_by, None),
    )
    share = row.platform_fee * amount / row.amount
    given.platform_fee = fee(share, Decimal(100), row.currency)
    return given


def ledger_of(trade: Trade, row: Payment, back: Refund | None) -> Iterator[Model]:
    """What the ledger says of a sale (see ``services.sale_ledger``)."""
    seed, made, kept = trade.seed, row.transaction, row.platform_fee
    if made is None or row.completed_at is None:
        return
    owed = {_A.CUSTOMER: row.amount, _A.HELD: kept - row.amount, _A.PLATFORM_FEE: -kept}
    here = {_A.GATEWAY_CLEARING: row.amount, _A.CUSTOMER: -row.amount}
    yield from _posted(trade, row, "charge", owed, row.completed_at)
    yield from _posted(trade, row, "capture", here, row.completed_at)
    left = row.amount - kept
    if back is not None and back.decided_at is not None:
        net = back.amount - back.platform_fee
        left -= net
        steps = {_A.HELD: net, _A.PLATFORM_FEE: back.platform_fee, _A.REFUND: -back.amount}
        yield from _posted(trade, row, f"refund:{back.reference}", steps, back.decided_at)
        gone = {_A.REFUND: back.amount, _A.GATEWAY_CLEARING: -back.amount}
        at = back.completed_at or seed.present
        yield from _posted(trade, row, f"refund_paid:{back.reference}", gone, at)
    if made.released_at is not None and left:
        free = {_A.HELD: left, _A.SELLER: -left}
        yield from _posted(trade, row, "release", free, made.released_at)


def _posted(
    trade: Trade,
    row: Payment,
    step: str,
    entries: Mapping[LedgerAccount, Decimal],
    at: datetime,
) -> Iterator[Model]:
    moved = {account: amount for account, amount in entries.items() if amount}
    yield from posted(trade.seed, row, step, moved, at)


def claims_of(trade: Trade, made: Transaction) -> Iterator[ClaimLog]:
    """Who had the product, and how that ended."""
    about: dict[str, Any] = {
        "subject": ClaimSubject.PRODUCT,
        "object_id": made.product_id,
        "who": trade.buyer,
        "transaction": made,
        "asked_at": made.created_at,
    }
    key = trade.seed.key
    yield ClaimLog(id=key("claim", made.pk, "won"), outcome=ClaimOutcome.WON, **about)
    if made.status == TransactionStatus.FAILED:
        lapsed = made.ended_reason == "lapsed"
        outcome = ClaimOutcome.EXPIRED if lapsed else ClaimOutcome.RELEASED
        ended = made.reserved_until if lapsed else trade.times[-1]
        yield ClaimLog(id=key("claim", made.pk, "ended"), outcome=outcome, ended_at=ended, **about)


def reviews_of(trade: Trade, made: Transaction) -> Iterator[Review]:
    """What the two said of each other: shown at once where both wrote."""
    rows = trade.words.get("reviews", ())
    at = (made.released_at or trade.times[-1]) + timedelta(hours=1)
    for number, (side, stars, text) in enumerate(rows):
        written = min(at + timedelta(hours=number), trade.seed.present)
        yield Review(
            id=trade.seed.key("review", made.pk, side),
            author=trade.side(side),
            subject_user=trade.side("seller" if side == "buyer" else "buyer"),
            transaction=made,
            rating=stars,
            text=text,
            visible_from=written if len(rows) > 1 else written + TWO_WEEKS,
            created_at=written,
        )


def shadow_product(trade: Trade, made: Transaction) -> None:
    """Let the product follow its sale, as the services would have left it."""
    product = trade.product
    if made.status == TransactionStatus.PENDING:
        product.status, product.claimed_until = ProductStatus.RESERVED, made.reserved_until
    elif made.completed_at is not None:
        product.status, product.sold_at = ProductStatus.SOLD, made.completed_at
    else:
        return
    product.save(update_fields=["status", "claimed_until", "sold_at", "updated_at"])
