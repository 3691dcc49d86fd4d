"""What gateways said of a payment, and the state that follows from it.

Facts are only added. The state is worked out from all of them, so it is the same in whichever
order and however often they arrive.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from bookings.choices import FactKind, PaymentStatus
from bookings.gateways.payments import LONGEST_CODE, Fact
from bookings.models import Payment, PaymentFact


class AmountMismatchError(Exception):
    """The gateway received another amount than the payment is about."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a payment stands by what is known of it; ``code`` says why it failed."""

    status: PaymentStatus
    code: str = ""


def store_facts(*, payment: Payment, facts: Iterable[Fact]) -> None:
    """Keep ``facts`` of the locked ``payment``; those that are known already stay as they are.

    What is said of a refund of ours names it in ``code``, before the reason.
    """
    rows = [
        PaymentFact(
            payment=payment,
            kind=fact.kind,
            provider_ref=fact.reference,
            amount=fact.amount,
            currency=fact.currency,
            code=_code_of(fact),
        )
        for fact in facts
    ]
    for row in rows:
        if row.kind == FactKind.SUCCEEDED:
            _check_amount(payment, row)
    PaymentFact.objects.bulk_create(rows, ignore_conflicts=True)


def standing_of(payment: Payment) -> Standing:
    """Where ``payment`` stands: money that came outweighs everything else."""
    facts = list(PaymentFact.objects.filter(payment=payment).order_by("provider_ref", "pk"))
    kinds = {fact.kind for fact in facts}
    if FactKind.SUCCEEDED in kinds:
        return Standing(PaymentStatus.COMPLETED)
    if FactKind.CANCELLED in kinds:
        return Standing(PaymentStatus.FAILED, "cancelled")
    failed = {fact.provider_ref: fact.code for fact in facts if fact.kind == FactKind.FAILED}
    tried = {fact.provider_ref for fact in facts if fact.kind == FactKind.PROCESSING}
    if tried - failed.keys():
        return Standing(PaymentStatus.PROCESSING)
    if failed:
        return Standing(PaymentStatus.FAILED, failed[max(failed)])
    return Standing(PaymentStatus.PENDING)


def refund_in(row: PaymentFact) -> tuple[UUID | None, str]:
    """Our own refund that a fact speaks of, where it says so, and why that failed."""
    name, _, code = row.code.partition(":")
    try:
        return UUID(hex=name), code
    except ValueError:
        return None, row.code


def _code_of(fact: Fact) -> str:
    return (f"{fact.refund}:{fact.code}" if fact.refund else fact.code)[:LONGEST_CODE]


def _check_amount(payment: Payment, row: PaymentFact) -> None:
    if (row.amount, row.currency) != (payment.amount, payment.currency):
        raise AmountMismatchError(
            f"{payment}: {row.amount} {row.currency} arrived, not {payment.amount}"
            f" {payment.currency}."
        )
