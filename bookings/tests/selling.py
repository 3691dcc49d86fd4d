"""Sales in tests, through the test gateway and its signed messages."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from accounts.tests.factories.people import UserFactory
from bookings.choices import TransactionStatus
from bookings.models import LedgerEntry, Payment, Transaction
from bookings.services.payouts import pay_out
from bookings.services.sale_payments import buy_product
from bookings.services.simulation import simulate
from catalog.models import Product
from catalog.tests.factories.market import ProductFactory
from config.shared.clock import database_now


def begin_purchase(product: Product | None = None, buyer: User | None = None) -> Payment:
    """The payment for a product at its price, which the buyer has not made yet."""
    return buy_product(buyer=buyer or UserFactory(), product=product or ProductFactory())


def succeed(payment: Payment) -> Transaction:
    """The sale of ``payment`` after its money has come."""
    simulate(payment=payment, actor=payment.payer, outcome="succeed")
    return Transaction.objects.get(payments=payment)


def sold(product: Product | None = None, buyer: User | None = None) -> Transaction:
    """A sale whose money is here and held until the handover."""
    sale = succeed(begin_purchase(product, buyer))
    assert sale.status == TransactionStatus.COMPLETED
    return sale


def with_account(seller: User, account: str = "") -> User:
    """``seller``, who has an account at the test gateway."""
    seller.stripe_connect_account_id = account or f"test_acct_{seller.pk.hex}"
    seller.save(update_fields=["stripe_connect_account_id", "updated_at"])
    return seller


def paid_out(sale: Transaction) -> Payment:
    """The payment of ``sale`` after the job of its payout has run."""
    payment = Payment.objects.get(transaction=sale)
    pay_out(payment_id=payment.pk)
    payment.refresh_from_db()
    return payment


def days_pass(sale: Transaction, days: int = 30) -> Transaction:
    """Let ``sale`` have been paid so many days earlier than it was; no job notices."""
    sale.refresh_from_db()
    past = timedelta(days=days)
    Transaction.objects.filter(pk=sale.pk).update(
        auto_release_at=(sale.auto_release_at or database_now()) - past
    )
    sale.refresh_from_db()
    return sale


def balances(payment: Payment) -> dict[str, Decimal]:
    """What stands on each account of a payment's ledger, without those that are even."""
    found: dict[str, Decimal] = {}
    for entry in LedgerEntry.objects.filter(payment=payment):
        found[entry.account] = found.get(entry.account, Decimal(0)) + entry.amount
    return {account: amount for account, amount in found.items() if amount}


def states(sale: Transaction) -> tuple[Any, ...]:
    """How a sale, its money and its product stand in the database."""
    sale.refresh_from_db()
    product = Product.objects.get(pk=sale.product_id)
    return sale.status, sale.release_state, product.status
