"""Who sees to the money of a payment: finance of the builder, or the seller, and staff."""

from accounts.models import User
from bookings.models import Payment
from bookings.payment_exceptions import OwnPaymentError
from bookings.services.subjects import payers_of
from catalog.services.teams import FINANCE_ROLES, require_team
from config.shared.errors import NotAllowedError

REFUND = "bookings.refund_payment"


def require_money_people(*, actor: User, payment: Payment, permission: str) -> None:
    """Raise ``NotAllowedError`` unless ``actor`` sees to the money of whoever is paid.

    Staff pass with ``permission``, and a seller may give back what was paid to them. Nobody
    decides about money that they paid themselves, or that was paid for a booking that is theirs
    by now: ``OwnPaymentError``.
    """
    builder = payment.payee_organization
    if builder is not None:
        require_team(actor=actor, builder=builder, roles=FINANCE_ROLES, permission=permission)
    elif not (_gives_back(actor, payment, permission) or _is_staff_with(actor, permission)):
        raise NotAllowedError
    if actor.pk in payers_of(payment):
        raise OwnPaymentError


def _gives_back(actor: User, payment: Payment, permission: str) -> bool:
    return actor.pk == payment.payee_user_id and permission == REFUND


def _is_staff_with(actor: User, permission: str) -> bool:
    return actor.is_active and actor.is_staff and actor.has_perm(permission)
