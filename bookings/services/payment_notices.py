"""Who is told what about payments: whoever paid, and the builder's people for money."""

from decimal import Decimal
from typing import Any

from accounts.choices import UserStatus
from accounts.models import Membership, Organization, User
from bookings.models import Payment
from bookings.services.subjects import booking_of
from catalog.services.teams import FINANCE_ROLES
from config.shared.money import EXPONENTS
from messaging.services.notifications import notify


def tell_received(payment: Payment) -> None:
    """Tell the payer that the money is here, with the number of the receipt."""
    _tell_payer(payment, "payment_received", receipt=payment.receipt_no)


def tell_payment_failed(payment: Payment, attempt: str) -> None:
    """Tell the payer that an attempt failed."""
    key = f"{payment.pk.hex}:{attempt}"
    _tell(payment.payer, payment, "payment_failed", key)


def tell_late_money(payment: Payment) -> None:
    """Tell both sides that money came when nothing could be done with it, and goes back."""
    _tell_payer(payment, "payment_returned", receipt=payment.receipt_no)
    for person in money_people(payment.payee_organization):
        _tell(person, payment, "late_money_returned", f"{payment.pk.hex}:{person.pk.hex}")


def tell_announced(payment: Payment) -> None:
    """Tell the builder's people for money that a payment outside the gateway is on its way."""
    for person in money_people(payment.payee_organization):
        _tell(person, payment, "payment_announced", f"{payment.pk.hex}:{person.pk.hex}")


def money_people(builder: Organization | None) -> list[User]:
    """The active people of ``builder`` who see to its money."""
    seats = Membership.objects.live().filter(
        organization=builder, role__in=FINANCE_ROLES, user__status=UserStatus.ACTIVE
    )
    return [seat.user for seat in seats.select_related("user").order_by("pk")]


def facts_of(payment: Payment, amount: Decimal, reference: str) -> dict[str, Any]:
    """What the messages about a payment show."""
    return {
        "amount": money_text(amount, payment.currency),
        **dict(zip(("unit", "development"), thing_of(payment), strict=True)),
        "reference": reference,
    }


def thing_of(payment: Payment) -> tuple[str, str]:
    """What was paid for: a unit and its development, or a product and its sale."""
    if payment.transaction is not None:
        return payment.transaction.product.title, payment.transaction.reference
    unit = booking_of(payment).unit
    return str(unit), unit.development.name


def money_text(amount: Decimal, currency: str) -> str:
    """An amount for people: ``1,250.00 AED``."""
    return f"{amount:,.{EXPONENTS.get(currency, 2)}f} {currency}"


def _tell_payer(payment: Payment, template: str, **more: Any) -> None:
    _tell(payment.payer, payment, template, payment.pk.hex, **more)


def _tell(person: User, payment: Payment, template: str, key: str, **more: Any) -> None:
    notify(
        user=person,
        template=template,
        context={**facts_of(payment, payment.amount, payment.reference), **more},
        dedupe_key=key,
        link=f"/api/v1/payments/{payment.pk}/",
    )
