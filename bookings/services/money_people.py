"""Who sees to the money of a payment: finance of the builder that is paid, and staff."""

from accounts.models import User
from bookings.models import Payment
from bookings.payment_exceptions import OwnPaymentError
from bookings.services.subjects import booking_of
from catalog.services.teams import FINANCE_ROLES, require_team
from config.shared.errors import NotAllowedError


def require_money_people(*, actor: User, payment: Payment, permission: str) -> None:
    """Raise ``NotAllowedError`` unless ``actor`` sees to the money of whoever is paid.

    Staff pass with ``permission``. Nobody decides about money that they paid themselves, or that
    was paid for a booking that is theirs by now: ``OwnPaymentError``.
    """
    builder = payment.payee_organization
    if builder is not None:
        require_team(actor=actor, builder=builder, roles=FINANCE_ROLES, permission=permission)
    elif not (actor.is_active and actor.is_staff and actor.has_perm(permission)):
        raise NotAllowedError
    if actor.pk in {payment.payer_id, booking_of(payment).customer_id}:
        raise OwnPaymentError
