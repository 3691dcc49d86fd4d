"""Paying for a product: it is reserved and written down first, then announced at the gateway."""

from datetime import datetime, timedelta

from accounts.models import User
from accounts.services.settings import get_setting
from bookings.choices import (
    PaymentMethod,
    PaymentPurpose,
    SaleMethod,
    TransactionOrigin,
    TransactionStatus,
)
from bookings.models import Payment, Transaction
from bookings.payment_exceptions import ClientKeyUsedError
from bookings.sale_exceptions import NotBuyerError, ReservationLapsedError, SaleClosedError
from bookings.services.intents import announce, present_name
from bookings.services.offer_rules import check_between, check_buyer, check_phone
from bookings.services.open_payments import OPEN
from bookings.services.payouts import account_of
from bookings.services.product_claims import claim_product, has_lapsed, lost_claim, settle_product
from bookings.services.references import PAYMENT, next_reference
from bookings.services.sale_fees import fee_for_sale
from bookings.services.sale_locks import lock_sale
from catalog.models import Product
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import AlreadyClaimedError
from config.shared.locks import lock
from config.shared.retries import retry_transaction


def buy_product(*, buyer: User, product: Product, client_key: str = "") -> Payment:
    """Buy ``product`` at its price: it is reserved for some minutes, and the payment begins.

    The gateway is told after both are written down and outside any transaction; a repetition with
    the same client key goes on where the first was cut short. Raises ``AlreadyClaimedError`` where
    somebody else has it, which is written down, whatever ``check_buyer`` raises, and
    ``GatewayDownError``, after the time has been extended.
    """
    outcome = _reserve(buyer, product, client_key)
    if isinstance(outcome, AlreadyClaimedError):
        raise outcome
    return announce(payment=outcome)


def pay_sale(*, sale: Transaction, buyer: User, client_key: str = "") -> Payment:
    """Begin to pay for what is reserved for ``buyer``; a payment that is open is gone on with.

    Raises ``NotBuyerError``, ``SaleClosedError``, ``ReservationLapsedError``,
    ``NotReachableError`` where either has shut the other out, or the seller is gone or suspended,
    ``ClientKeyUsedError``, and ``GatewayDownError`` as above.
    """
    return announce(payment=_open(sale, buyer, client_key))


@retry_transaction
def _reserve(buyer: User, product: Product, client_key: str) -> Payment | AlreadyClaimedError:
    (product,) = lock(product)
    known = _known(buyer, client_key)
    if known is not None:
        if known.transaction is None or known.transaction.product_id != product.pk:
            raise ClientKeyUsedError
        return known
    now = database_now()
    taken = settle_product(product=product, now=now) is not None
    if not taken:
        check_buyer(product=product, buyer=buyer)
    try:
        sale = claim_product(
            product=product,
            buyer=buyer,
            amount=product.price,
            origin=TransactionOrigin.CHECKOUT,
            until=now + timedelta(minutes=get_setting("sale_checkout_minutes")),
            actor=buyer,
        )
    except AlreadyClaimedError as refusal:
        return lost_claim(refusal=refusal, product=product, who=buyer, asked_at=now, now=now)
    sale.product = product
    return _write_down(sale, client_key)


@retry_transaction
def _open(sale: Transaction, buyer: User, client_key: str) -> Payment:
    if sale.buyer_id != buyer.pk:
        raise NotBuyerError
    sale = lock_sale(sale=sale)
    known = _known(buyer, client_key)
    if known is not None:
        if known.transaction_id != sale.pk:
            raise ClientKeyUsedError
        return known
    _check_waits(sale, database_now())
    check_between(buyer=buyer, seller=sale.seller)
    check_phone(buyer)
    found = Payment.objects.filter(transaction=sale, status__in=OPEN).order_by("created_at", "pk")
    return found.first() or _write_down(sale, client_key)


def _check_waits(sale: Transaction, now: datetime) -> None:
    """Refuse money that would have to go back: for what is paid, or over."""
    if sale.status != TransactionStatus.PENDING:
        raise SaleClosedError(sale.status, ())
    if has_lapsed(sale, now):
        raise ReservationLapsedError(
            current=TransactionStatus.FAILED, reserved_until=sale.reserved_until
        )


def _write_down(sale: Transaction, client_key: str) -> Payment:
    """The payment of all that a locked sale costs, and the fee on it by today's settings."""
    fees = fee_for_sale(product=sale.product, buyer=sale.buyer, amount=sale.amount)
    gateway = present_name()
    direct = not get_setting("hold_sales")
    payment = Payment.objects.create(
        reference=next_reference(PAYMENT),
        purpose=PaymentPurpose.SALE,
        payer=sale.buyer,
        payee_user=sale.seller,
        transaction=sale,
        amount=sale.amount,
        currency=sale.currency,
        platform_fee=fees.platform_fee if _is_card_again(sale) else sale.platform_fee,
        payment_method=PaymentMethod.CARD,
        gateway=gateway,
        destination_account=account_of(sale.seller, gateway) if direct else "",
        client_key=client_key,
    )
    audit.record(
        "bookings.payment.begun",
        target=payment,
        actor=sale.buyer,
        after={"transaction": sale.pk, "amount": payment.amount, "gateway": gateway},
    )
    return payment


def _is_card_again(sale: Transaction) -> bool:
    """Whether it was to be paid in cash, without a fee."""
    return sale.payment_method == SaleMethod.CASH


def _known(payer: User, client_key: str) -> Payment | None:
    mine = Payment.objects.filter(payer=payer, client_key=client_key)
    return mine.select_related("transaction").first() if client_key else None
