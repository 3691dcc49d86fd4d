"""Whether the states of products are those that follow from their sales."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from bookings.choices import TransactionStatus
from bookings.models import Transaction
from bookings.services.one_by_one import one_by_one
from catalog.choices import ProductStatus
from catalog.models import Product
from config.shared import audit
from config.shared.locks import lock
from config.shared.retries import retry_transaction

PAID = (TransactionStatus.COMPLETED, TransactionStatus.DISPUTED)
# What may be said of a product whose sale is paid: sold, and maybe taken away since.
OVER = (ProductStatus.SOLD, ProductStatus.REMOVED)

Progress = Callable[[int], None]


@dataclass(slots=True)
class ProductReport:
    """How many products there are, and how many of them contradict their sales."""

    products: int = 0
    problems: int = 0


def check_products(
    *, repair: bool = False, progress: Progress = lambda _count: None
) -> ProductReport:
    """Compare the state and the end of the reservation of every product with its sales.

    What seems to differ is looked at once more under the product's lock, since others go on
    buying meanwhile; with ``repair`` it is put right there. What has merely lapsed, or was sold
    and given back, is no contradiction.
    """
    report = ProductReport(products=Product.objects.count())
    suspects = contradicting().order_by("pk")
    report.problems = one_by_one(suspects, lambda product: _differs(product=product, repair=repair))
    progress(report.products)
    return report


def contradicting() -> Any:
    """Products whose columns are not what their sales say."""
    sales = Transaction.objects.order_by().filter(product=OuterRef("pk"))
    pending = sales.filter(status=TransactionStatus.PENDING)
    in_time = pending.filter(reserved_until=OuterRef("claimed_until"))
    reserved = Q(status=ProductStatus.RESERVED)
    return Product.objects.filter(
        (reserved & ~Exists(in_time))
        | (~reserved & Exists(pending))
        | (~Q(status__in=OVER) & Exists(sales.filter(status__in=PAID)))
    )


@retry_transaction
def _differs(*, product: Product, repair: bool) -> bool:
    (product,) = lock(product)
    if not contradicting().filter(pk=product.pk).exists():
        return False
    if repair:
        before = _columns(product)
        _mend(product, Transaction.objects.live().filter(product=product).first())
        product.save(update_fields=["status", "claimed_until", "sold_at", "updated_at"])
        audit.record(
            "catalog.product.mended",
            target=product,
            before=before,
            after=_columns(product),
            reason="It contradicted its sales.",
        )
    return True


def _mend(product: Product, sale: Transaction | None) -> None:
    product.claimed_until = product.sold_at = None
    if sale is None:
        product.status = ProductStatus.ACTIVE
    elif sale.status == TransactionStatus.PENDING:
        product.status, product.claimed_until = ProductStatus.RESERVED, sale.reserved_until
    else:
        product.status, product.sold_at = ProductStatus.SOLD, sale.completed_at


def _columns(product: Product) -> dict[str, Any]:
    return {"status": product.status, "claimed_until": product.claimed_until}
