"""Paying an instalment: the payment is written down first, then announced at the gateway."""

from decimal import Decimal

from django.db.models import Q

from accounts.models import User
from bookings.choices import (
    PAYABLE_INSTALMENTS,
    SOLD_BOOKINGS,
    BookingStatus,
    GatewayName,
    InstalmentKind,
    PaymentMethod,
    PaymentPurpose,
)
from bookings.models import Booking, Instalment, Payment
from bookings.payment_exceptions import (
    BookingClosedError,
    ClientKeyUsedError,
    NothingOwedError,
    NotPayerError,
    PaymentTimeOverError,
    TooMuchError,
)
from bookings.services.fees import calculate_fee
from bookings.services.instalments import received_for
from bookings.services.intents import announce, present_name
from bookings.services.open_payments import cancel_open_payments
from bookings.services.payment_notices import tell_announced
from bookings.services.references import PAYMENT, next_reference
from bookings.services.settling import has_lapsed
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError
from config.shared.locks import lock
from config.shared.money import check_amount, written
from config.shared.retries import retry_transaction

__all__ = ["begin_payment", "cancel_open_payments", "open_payment"]

PURPOSES = {
    InstalmentKind.DEPOSIT: PaymentPurpose.DEPOSIT,
    InstalmentKind.PLAN: PaymentPurpose.INSTALMENT,
    InstalmentKind.CHANGE: PaymentPurpose.CHANGE,
}


def begin_payment(
    *,
    payer: User,
    instalment: Instalment,
    amount: Decimal | None = None,
    client_key: str = "",
    payment_method: str = PaymentMethod.CARD,
) -> Payment:
    """Begin to pay ``amount``, or all that is left, of an instalment.

    By card the gateway is told, after the payment is written down and outside any transaction; a
    repetition with the same client key goes on where the first was cut short. Any other method is
    an announcement, which the builder confirms once the money is there. Raises
    ``GatewayDownError`` when the gateway does not answer; the deposit's time is extended then.
    """
    payment = open_payment(
        payer=payer,
        instalment=instalment,
        amount=amount,
        client_key=client_key,
        payment_method=payment_method,
    )
    return announce(payment=payment)


@retry_transaction
def open_payment(
    *,
    payer: User,
    instalment: Instalment,
    amount: Decimal | None,
    client_key: str,
    payment_method: str,
) -> Payment:
    """Write down what is about to be paid; the same client key finds the same payment.

    Booking and instalment are locked first. Raises ``NotPayerError``, ``BookingClosedError``,
    ``PaymentTimeOverError``, ``NothingOwedError``, ``TooMuchError``.
    """
    booking, instalment = lock(instalment.booking, instalment)
    if booking.customer_id != payer.pk:
        raise NotPayerError
    known = _known(payer, client_key)
    if known is not None:
        return _same(known, instalment, amount, payment_method)
    _check_booking(booking, instalment)
    amount = _check_amount(instalment, amount)
    offline = payment_method != PaymentMethod.CARD
    fee = calculate_fee(
        amount=amount, currency=instalment.currency, purpose=PURPOSES[_kind(instalment)]
    )
    payment = Payment.objects.create(
        reference=next_reference(PAYMENT),
        purpose=fee.purpose,
        payer=payer,
        payee_organization_id=booking.builder_id,
        booking=booking,
        instalment=instalment,
        amount=amount,
        currency=instalment.currency,
        # Offline money goes to the builder directly: nothing of it passes through here.
        platform_fee=Decimal(0) if offline else fee.platform_fee,
        payment_method=payment_method,
        gateway=GatewayName.OFFLINE if offline else present_name(),
        client_key=client_key,
    )
    _record(payment)
    return payment


def _record(payment: Payment) -> None:
    audit.record(
        "bookings.payment.begun",
        target=payment,
        actor=payment.payer,
        after={
            "instalment": payment.instalment_id,
            "amount": payment.amount,
            "gateway": payment.gateway,
        },
    )
    if payment.gateway == GatewayName.OFFLINE:
        tell_announced(payment)


def _known(payer: User, client_key: str) -> Payment | None:
    mine = Q(payer=payer, client_key=client_key)
    return Payment.objects.filter(mine).first() if client_key else None


def _same(
    known: Payment, instalment: Instalment, amount: Decimal | None, payment_method: str
) -> Payment:
    """``known``, if it is what is being asked for once more."""
    differs = known.instalment_id != instalment.pk or known.payment_method != payment_method
    if differs or amount not in {None, known.amount}:
        raise ClientKeyUsedError
    return known


def _check_booking(booking: Booking, instalment: Instalment) -> None:
    """Refuse money that would have to go back: for what has ended, or lapsed."""
    if booking.status in SOLD_BOOKINGS:
        return
    lapsed = has_lapsed(booking, database_now())
    if booking.status == BookingStatus.EXPIRED or lapsed:
        raise PaymentTimeOverError(pay_until=booking.pay_until)
    if booking.status != BookingStatus.PENDING_PAYMENT:
        raise BookingClosedError(current=booking.status)
    if instalment.kind != InstalmentKind.DEPOSIT:
        raise BookingClosedError("The deposit comes first.", current=booking.status)


def _check_amount(instalment: Instalment, amount: Decimal | None) -> Decimal:
    """What is to be paid: no more than is owed, and a deposit in one piece."""
    if instalment.status not in PAYABLE_INSTALMENTS:
        raise NothingOwedError(current=instalment.status)
    owed = instalment.amount + instalment.late_fee - received_for(instalment)
    if owed <= 0:
        raise NothingOwedError(current=instalment.status)
    amount = check_amount(owed if amount is None else amount, instalment.currency)
    if amount == 0:
        raise InvalidInputError.at("/amount", "amount_not_positive", "More than nothing.")
    shown = f"{written(owed, instalment.currency)} {instalment.currency}"
    if amount > owed:
        raise TooMuchError.at("/amount", TooMuchError.code, f"At most {shown} is owed.")
    if instalment.kind == InstalmentKind.DEPOSIT and amount != owed:
        raise InvalidInputError.at(
            "/amount", "deposit_in_one_piece", f"The deposit is paid in one piece: {shown}."
        )
    return amount


def _kind(instalment: Instalment) -> InstalmentKind:
    return InstalmentKind(instalment.kind)
