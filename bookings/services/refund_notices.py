"""Who is told what about refunds."""

from typing import Any

from accounts.models import User
from bookings.models import Refund
from bookings.services.payment_notices import facts_of, money_people
from messaging.services.notifications import notify


def tell_refund_requested(refund: Refund) -> None:
    """Tell those of the builder who could be the second person."""
    for person in money_people(refund.payment.payee_organization):
        if person.pk != refund.requested_by_id:
            _tell(person, refund, "refund_requested")


def tell_refund_decided(refund: Refund, reason: str) -> None:
    """Tell whoever asked that the refund was turned down, unless they did so themselves."""
    if refund.requested_by is not None:
        _tell(refund.requested_by, refund, "refund_rejected", reason=reason)


def tell_refund_paid(refund: Refund) -> None:
    """Tell the payer that the money has been given back."""
    _tell(refund.payment.payer, refund, "refund_paid")


def _tell(person: User, refund: Refund, template: str, **more: Any) -> None:
    notify(
        user=person,
        template=template,
        context={**facts_of(refund.payment, refund.amount, refund.reference), **more},
        dedupe_key=f"{refund.pk.hex}:{person.pk.hex}",
        link=f"/api/v1/refunds/{refund.pk}/",
    )
