"""What both sides of a sale are told once it is paid, in the transaction of what happened."""

from collections.abc import Iterable
from typing import Any

from accounts.models import User
from accounts.querysets.connections import without_blocks
from bookings.models import Payment, Refund, Transaction
from bookings.services.reservation_notices import publish_sale
from config.shared.money import grouped
from messaging.models import Conversation
from messaging.services.conversations import open_product_conversation
from messaging.services.messages import post_system
from messaging.services.notifications import notify

# What Courtyard itself says between the two; clients know the codes and say it their own way.
SAID = {
    "sale_paid": "It is paid. The money is held until the handover.",
    "sale_paid_out": "It is paid.",
    "sale_cash": "The seller says that it was paid in cash. The buyer confirms it.",
    "sale_handed_over": "It was handed over, and the money is the seller's.",
    "sale_released": "The money is the seller's.",
    "cash_confirmed": "The buyer confirmed that it was paid in cash and handed over.",
    "sale_disputed": "The buyer opened a dispute. The money goes nowhere until it is decided.",
    "dispute_withdrawn": "The buyer took the dispute back.",
    "dispute_decided": "The dispute was decided.",
    "sale_refunded": "The money goes back to the buyer.",
}

# Of these nobody has a notification but that of a new message.
SAID_ALONE = {"dispute_withdrawn"}


def say(sale: Transaction, code: str) -> None:
    """Let Courtyard say between buyer and seller what happened, and tell their clients."""
    publish_sale(sale=sale)
    conversation = _conversation(sale)
    if conversation is not None:
        told = code not in SAID_ALONE
        post_system(conversation=conversation, content=SAID[code], code=code, is_told=told)


def tell_of_payment(sale: Transaction, payment: Payment) -> None:
    """Tell the buyer that the money is here, with the receipt, and the seller that it is sold."""
    _tell(sale, "sale_paid", [sale.buyer], receipt=payment.receipt_no)
    _tell(sale, "product_sold", [sale.seller], payout=_money(sale, "seller_payout"))


def tell_of_returned_money(sale: Transaction, payment: Payment) -> None:
    """Tell both that money came when nothing could be done with it, and goes back."""
    for person in (sale.buyer, sale.seller):
        _tell(sale, "sale_money_returned", [person], key=payment.pk.hex)


def tell_of_release(sale: Transaction) -> None:
    """Tell both that the money is the seller's."""
    _tell(sale, "sale_released", [sale.buyer, sale.seller])


def tell_of_waiting_payout(sale: Transaction) -> None:
    """Tell the seller that their money waits for an account to be paid to."""
    _tell(sale, "payout_waiting", [sale.seller], payout=_money(sale, "seller_payout"))


def tell_of_spent_code(sale: Transaction, *, key: str) -> None:
    """Tell the buyer that wrong codes were typed, and that the next handover needs a new one."""
    _tell(sale, "handover_code_spent", [sale.buyer], key=key)


def tell_of_cash(sale: Transaction) -> None:
    """Ask the buyer whether the thing was paid in cash."""
    key = f"{sale.cash_marked_at:%Y%m%d%H%M%S%f}"
    _tell(sale, "cash_marked", [sale.buyer], key=key, until=sale.reserved_until)


def tell_of_cash_sale(sale: Transaction) -> None:
    """Tell the seller that the buyer has confirmed it."""
    _tell(sale, "cash_confirmed", [sale.seller])


def tell_of_dispute(sale: Transaction) -> None:
    """Tell the seller that the buyer objects."""
    _tell(sale, "dispute_opened", [sale.seller], key=_dispute(sale), reason=sale.dispute_reason)


def tell_of_decision(sale: Transaction) -> None:
    """Tell both what became of the dispute."""
    _tell(
        sale,
        "dispute_decided",
        [sale.buyer, sale.seller],
        key=_dispute(sale),
        outcome=sale.dispute_outcome,
        refund=grouped(sale.dispute_refund or sale.amount * 0, sale.currency),
    )


def tell_of_refund(sale: Transaction, refund: Refund) -> None:
    """Tell the seller that money of the sale goes back; the buyer hears when it has."""
    amount = grouped(refund.amount, refund.currency)
    _tell(sale, "sale_refunded", [sale.seller], key=refund.pk.hex, refund=amount)


def _tell(
    sale: Transaction, template: str, people: Iterable[User], *, key: str = "", **more: Any
) -> None:
    for person in people:
        notify(
            user=person,
            template=template,
            context={
                "product": sale.product.title,
                "reference": sale.reference,
                "amount": _money(sale, "amount"),
                **more,
            },
            dedupe_key=":".join(part for part in (sale.pk.hex, key, person.pk.hex) if part),
            link=f"/api/v1/transactions/{sale.pk}/",
        )


def _money(sale: Transaction, name: str) -> str:
    return grouped(getattr(sale, name), sale.currency)


def _dispute(sale: Transaction) -> str:
    """Which of the disputes of a sale it is."""
    return f"{sale.dispute_opened_at:%Y%m%d%H%M%S%f}"


def _conversation(sale: Transaction) -> Conversation | None:
    found = Conversation.objects.filter(product=sale.product_id, buyer=sale.buyer_id).first()
    people = User.objects.filter(pk=sale.seller_id)
    if found is None and without_blocks(people.active(), sale.buyer).exists():
        return open_product_conversation(product=sale.product, buyer=sale.buyer, counted=False)
    return found
