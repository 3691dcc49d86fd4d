"""What both sides of a reservation are told, in the transaction of what happened."""

from collections.abc import Iterable
from typing import Any

from accounts.models import User
from bookings.models import Transaction
from catalog.models import Product
from config.shared.money import grouped
from config.shared.realtime import publish
from messaging.services.notifications import notify


def publish_sale(*, sale: Transaction) -> None:
    """Let the clients of both sides know that the sale has changed."""
    publish(
        users=[sale.buyer_id, sale.seller_id],
        event="transaction.changed",
        data={"transaction": sale.pk, "product": sale.product_id, "status": sale.status},
    )


def tell_of_reservation(*, sale: Transaction) -> None:
    """Tell the buyer that the seller keeps the product for them."""
    _tell(sale, "product_reserved", [sale.buyer], amount=_price(sale), until=sale.reserved_until)


def tell_of_lapse(*, sale: Transaction) -> None:
    """Tell both that the time is over, and that the product is for sale again."""
    _tell(sale, "reservation_lapsed", [sale.buyer, sale.seller])


def tell_of_cancellation(*, sale: Transaction, actor: User | None) -> None:
    """Tell whoever did not end it that the reservation is over."""
    others = [person for person in (sale.buyer, sale.seller) if person != actor]
    _tell(sale, "reservation_cancelled", others, reason=sale.ended_reason)


def tell_of_removal(*, product: Product, reason: str) -> None:
    """Tell the seller that the staff have taken a product down, and why."""
    notify(
        user=product.seller,
        template="product_removed",
        context={"product": product.title, "reason": reason},
        dedupe_key=product.pk.hex,
        link=f"/api/v1/products/{product.pk}/",
    )


def _tell(sale: Transaction, template: str, people: Iterable[User], **values: Any) -> None:
    for person in people:
        notify(
            user=person,
            template=template,
            context={"product": sale.product.title, "reference": sale.reference, **values},
            dedupe_key=f"{sale.pk}:{person.pk}",
            link=f"/api/v1/transactions/{sale.pk}/",
        )


def _price(sale: Transaction) -> str:
    return grouped(sale.amount, sale.currency)
