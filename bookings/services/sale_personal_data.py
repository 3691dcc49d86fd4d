"""What sales keep about a person: taken away, what stands against forgetting, and forgotten.

Sales, payments and the ledger stay: the other side and the books need them. While money is held,
disputed or waits to be paid out, a person cannot be forgotten, since it could go nowhere.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from accounts.models import User
from accounts.services.erasure_steps import scrub_history
from accounts.services.personal_data import MOST_ROWS, facts
from bookings.choices import ReleaseState, TransactionStatus
from bookings.models import Transaction
from bookings.services.payouts import waiting_payouts
from config.shared.personal_data import Obstacle, collects, erases, obstructs
from messaging.models import Notification

UNSETTLED = (ReleaseState.HELD, ReleaseState.FROZEN)
# Who the other side and the staff are, and what proves a handover, is not theirs to take away.
OTHERS = {
    "buyer",
    "seller",
    "handover_code_hash",
    "handover_attempts",
    "dispute_opened_by",
    "dispute_first_by",
    "dispute_decided_by",
}
# What one of the staff proposes is the staff's alone until it is decided.
PROPOSED = {"dispute_outcome", "dispute_refund", "dispute_note"}


@collects("bookings.sales")
def sales(person: User) -> list[dict[str, Any]]:
    """What they bought and sold."""
    rows = Transaction.objects.filter(_of(person)).select_related("product").order_by("pk")
    return [
        {"product_title": row.product.title, "as_seller": row.seller_id == person.pk}
        | facts(row, without=_hidden_from(person, row))
        for row in rows[:MOST_ROWS]
    ]


@obstructs("bookings.sales")
def unsettled_sales(person: User) -> Iterable[Obstacle]:
    """Sales whose money is between two people, or was not paid out yet."""
    held = Transaction.objects.filter(_of(person), release_state__in=UNSETTLED)
    for sale in held.order_by("pk"):
        yield _obstacle(
            "sale_open", sale, f"The money of the sale {sale.reference} is held: finish it first."
        )
    for sale in waiting_payouts().filter(seller=person):
        yield _obstacle(
            "payout_open",
            sale,
            f"The money of the sale {sale.reference} waits for you: open an account for payouts.",
        )


@erases("bookings.disputes")
def forget_disputes(person: User) -> int:
    """Take out why the person disputed sales, also where the seller was told."""
    said = Transaction.objects.filter(buyer=person).exclude(dispute_reason="")
    # One that is open stands against forgetting.
    said = said.exclude(status=TransactionStatus.DISPUTED)
    links = [f"/api/v1/transactions/{key}/" for key in said.values_list("pk", flat=True)]
    for notice in Notification.objects.filter(link__in=links, type="dispute_opened"):
        if notice.data.get("reason"):
            notice.data["reason"] = ""
            notice.save(update_fields=["data"])
    scrub_history(said, dispute_reason="")
    return said.update(dispute_reason="")


def _hidden_from(person: User, sale: Transaction) -> set[str]:
    hidden = set(OTHERS)
    if sale.buyer_id != person.pk:
        hidden.add("dispute_reason")
    if sale.dispute_decided_at is None:
        hidden |= PROPOSED
    return hidden


def _obstacle(code: str, sale: Transaction, sentence: str) -> Obstacle:
    return Obstacle(code, sentence, {"transaction": str(sale.pk), "reference": sale.reference})


def _of(person: User) -> Q:
    return Q(buyer=person) | Q(seller=person)
