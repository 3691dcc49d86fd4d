"""What a decision about a dispute does to the money, to the last coin."""

from datetime import datetime
from decimal import Decimal

from accounts.models import User
from bookings.choices import DisputeOutcome, RefundStatus, TransactionStatus
from bookings.flows import REFUND_FLOW
from bookings.models import Payment, Refund, Transaction
from bookings.services.refunds import refund_by_decision, refundable
from bookings.services.releasing import release
from bookings.services.sale_notices import say, tell_of_decision
from bookings.services.sale_states import paid_by
from config.shared.errors import InvalidInputError
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.money import check_amount, written

DECISIONS = (DisputeOutcome.RELEASED, DisputeOutcome.REFUNDED, DisputeOutcome.SPLIT)


def checked_refund(
    sale: Transaction, outcome: DisputeOutcome, amount: Decimal | None
) -> Decimal | None:
    """What goes back to the buyer by ``outcome``; None where all of it is the seller's.

    Raises ``InvalidInputError`` for an amount where none is wanted, or a part that is no part.
    """
    if outcome != DisputeOutcome.SPLIT:
        if amount is not None:
            raise InvalidInputError.at("/refund_amount", "not_wanted", "Only a split has a part.")
        return there_is(sale) if outcome == DisputeOutcome.REFUNDED else None
    most = there_is(sale)
    if amount is None:
        raise InvalidInputError.at("/refund_amount", "required", "A split says the buyer's part.")
    part = check_amount(amount, sale.currency, pointer="/refund_amount")
    if not 0 < part < most:
        raise InvalidInputError.at(
            "/refund_amount",
            "out_of_range",
            f"A part lies between nothing and {written(most, sale.currency)} {sale.currency}.",
        )
    return part


def there_is(sale: Transaction) -> Decimal:
    """What of the sale's money can be decided about: what nobody has given back for certain."""
    payment = paid_by(sale)
    return refundable(payment) + sum((each.amount for each in _asked(payment)), Decimal(0))


def carry_out_decision(
    *, sale: Transaction, first: User | None, second: User | None, now: datetime
) -> None:
    """Move the money of a locked sale as its decision says, and tell both sides.

    What was asked to be given back before, and waited for somebody, is decided by this.
    """
    (payment,) = lock(paid_by(sale))
    payment.transaction = sale
    _reject_asked(payment, second or first, now)
    sale.dispute_decided_by, sale.dispute_decided_at = second or first, now
    sale.save(
        update_fields=[
            "dispute_refund",
            "dispute_outcome",
            "dispute_note",
            "dispute_decided_by",
            "dispute_decided_at",
            "updated_at",
        ]
    )
    if sale.dispute_refund is not None:
        refund_by_decision(
            payment=payment, amount=sale.dispute_refund, requested_by=first, approved_by=second
        )
    if sale.dispute_outcome != DisputeOutcome.REFUNDED:
        release(
            sale=sale,
            now=now,
            actor=second or first,
            reason=sale.dispute_note,
            status=TransactionStatus.COMPLETED,
        )
    tell_of_decision(sale)
    say(sale, "dispute_decided")


def _asked(payment: Payment) -> list[Refund]:
    return list(Refund.objects.filter(payment=payment, status=RefundStatus.REQUESTED))


def _reject_asked(payment: Payment, actor: User | None, now: datetime) -> None:
    asked = _asked(payment)
    for refund in lock(*asked) if asked else ():
        move(
            refund,
            RefundStatus.REJECTED,
            flow=REFUND_FLOW,
            actor=actor,
            reason="The dispute was decided.",
            decided_at=now,
        )
