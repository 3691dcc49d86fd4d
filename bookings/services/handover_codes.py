"""The code that a buyer shows at the handover, and the seller types to be paid.

It has six digits, is shown once and kept as a keyed hash. Five tries are allowed, each counted
before it is looked at, also when it is wrong: then the buyer has to ask for a new code.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from accounts.models import User
from bookings.models import Transaction
from bookings.sale_exceptions import (
    NoHandoverCodeError,
    NotBuyerError,
    NotSellerError,
    WrongHandoverCodeError,
)
from bookings.services.releasing import BY_CODE, check_held, release
from bookings.services.sale_locks import lock_sale
from bookings.services.sale_notices import tell_of_spent_code
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import DomainError
from config.shared.retries import retry_transaction

DIGITS = 6
MOST_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class HandoverCode:
    """Where the code of a sale stands; ``code`` and its picture are there once, when it is new."""

    is_issued: bool
    attempts_left: int
    handover_confirmed_at: datetime | None
    code: str = field(default="", repr=False)
    qr_svg: str = field(default="", repr=False)


def code_of(*, sale: Transaction, actor: User) -> HandoverCode:
    """Where the code stands, for the buyer; never the code itself. Raises ``NotBuyerError``."""
    if sale.buyer_id != actor.pk:
        raise NotBuyerError
    is_issued = bool(sale.handover_code_hash) and sale.handover_attempts < MOST_ATTEMPTS
    left = MOST_ATTEMPTS - sale.handover_attempts if is_issued else 0
    return HandoverCode(is_issued, left, sale.handover_confirmed_at)


@retry_transaction
def issue_code(*, sale: Transaction, actor: User) -> HandoverCode:
    """A new code for the buyer, in place of any other, to be shown now and never again.

    Raises ``NotBuyerError``, ``SaleDisputedError``, ``NotHeldError``.
    """
    if sale.buyer_id != actor.pk:
        raise NotBuyerError
    sale = lock_sale(sale=sale)
    check_held(sale)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    sale.handover_code_hash = _hash(sale, code)
    sale.handover_attempts = 0
    sale.save(update_fields=["handover_code_hash", "handover_attempts", "updated_at"])
    audit.record("bookings.transaction.code_issued", target=sale, actor=actor)
    return HandoverCode(
        is_issued=True,
        attempts_left=MOST_ATTEMPTS,
        handover_confirmed_at=None,
        code=code,
        qr_svg=_picture(sale, code),
    )


def hand_over(*, sale: Transaction, actor: User, code: str) -> Transaction:
    """Release the money by the buyer's code, typed by the seller.

    Raises ``NotSellerError``, ``SaleDisputedError``, ``NotHeldError``, ``NoHandoverCodeError``
    when there is none or five tries are used up, and ``WrongHandoverCodeError``, which counts.
    """
    outcome = _try(sale=sale, actor=actor, code=code)
    if isinstance(outcome, DomainError):
        raise outcome
    return outcome


@retry_transaction
def _try(*, sale: Transaction, actor: User, code: str) -> Transaction | DomainError:
    """The sale, handed over; or the refusal, returned so that the try is committed with it."""
    if sale.seller_id != actor.pk:
        raise NotSellerError
    sale = lock_sale(sale=sale)
    check_held(sale)
    if not sale.handover_code_hash or sale.handover_attempts >= MOST_ATTEMPTS:
        raise NoHandoverCodeError
    now = database_now()
    sale.handover_attempts += 1
    sale.save(update_fields=["handover_attempts", "updated_at"])
    if _matches(sale, code):
        release(sale=sale, now=now, actor=actor, reason=BY_CODE, handed_over=True)
        return sale
    left = MOST_ATTEMPTS - sale.handover_attempts
    audit.record("bookings.transaction.code_missed", target=sale, actor=actor, after={"left": left})
    if not left:
        tell_of_spent_code(sale, key=f"{now:%Y%m%d%H%M%S%f}")
    refusal = WrongHandoverCodeError.at(
        "/code", WrongHandoverCodeError.code, f"Not the buyer's code; {left} tries are left."
    )
    refusal.extra["attempts_left"] = left
    return refusal


def _hash(sale: Transaction, code: str, key_id: str = "") -> str:
    key_id = key_id or next(iter(settings.CODE_PEPPERS))
    message = f"handover:{sale.pk}:{code}".encode()
    digest = hmac.new(settings.CODE_PEPPERS[key_id].encode(), message, hashlib.sha256)
    return f"{key_id}${digest.hexdigest()}"


def _matches(sale: Transaction, code: str) -> bool:
    key_id = sale.handover_code_hash.partition("$")[0]
    if key_id not in settings.CODE_PEPPERS:
        return False
    return hmac.compare_digest(_hash(sale, code, key_id), sale.handover_code_hash)


def _picture(sale: Transaction, code: str) -> str:
    """The code as a QR picture (SVG), with the sale that it belongs to."""
    import segno

    made = segno.make(f"{sale.reference}:{code}", error="m")
    return str(made.svg_data_uri(scale=4, border=2))
