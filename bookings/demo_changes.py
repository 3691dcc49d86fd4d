"""Change requests of the demo in every state, with the instalments of those that were agreed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Model

from accounts.models import AuditEvent, User
from bookings.choices import (
    ChangeCategory,
    ChangeRequestStatus,
    DueRule,
    InstalmentKind,
    InstalmentStatus,
)
from bookings.demo_deals import Deal
from bookings.demo_numbers import CHANGE_REQUEST, PAYMENT, add_receipts, add_references
from bookings.demo_payments import facts, ledger, payment
from bookings.models import ChangeRequest, Instalment, Payment
from bookings.services.local_days import local_day
from config.shared.seeding import Seed

_S, _C = ChangeRequestStatus, ChangeCategory
PRICED = (_S.QUOTED, _S.APPROVED, _S.DECLINED, _S.IN_PROGRESS, _S.COMPLETED)
AGREED = (_S.APPROVED, _S.IN_PROGRESS, _S.COMPLETED)
BY_CUSTOMER = (*AGREED, _S.DECLINED)
QUOTE_HOLDS = timedelta(days=14)
PAID_WITHIN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Change:
    """A wish: for which booking, what, how many days ago, what it costs and by how much it
    delays."""

    booking: str
    status: ChangeRequestStatus
    category: ChangeCategory
    days: int
    wish: str
    price: str = ""
    extra: int = 0
    note: str = ""
    phase: str = "Interiors"


CHANGES = (
    Change("arjun-marina", _S.DRAFT, _C.KITCHEN, 2, "An island instead of the bar.", phase=""),
    Change("layla-quay", _S.SUBMITTED, _C.ELECTRICAL, 3, "Three more sockets in the study."),
    Change("salma-quay", _S.WITHDRAWN, _C.OTHER, 40, "A cat flap in the door of the terrace."),
    Change("meera-quay", _S.UNDER_REVIEW, _C.BATHROOM, 6, "A tub instead of the shower."),
    Change(
        "lucas-quay",
        _S.QUOTED,
        _C.FINISHES,
        8,
        "Oak floors in all bedrooms.",
        "18500.00",
        6,
        "Oak from the same mill as the show home.",
    ),
    Change(
        "daniel-quay",
        _S.REJECTED,
        _C.LAYOUT,
        25,
        "Remove the wall between kitchen and living room.",
        note="The wall carries the slab above.",
    ),
    Change("hassan-quay", _S.DECLINED, _C.KITCHEN, 50, "Stone worktops.", "41000.00", 12),
    Change("mei-quay", _S.APPROVED, _C.BATHROOM, 9, "Under-floor heating.", "9800.00", 3),
    Change(
        "hannah-quay", _S.IN_PROGRESS, _C.LAYOUT, 80, "One large bedroom of two.", "27400.00", 9
    ),
    Change("kavya-quay", _S.COMPLETED, _C.PLUMBING, 90, "A tap on the balcony.", "2150.00", 1),
    Change("elena-quay", _S.COMPLETED, _C.FINISHES, 75, "White walls instead of grey.", "0.00", 0),
)


def add_changes(seed: Seed, deals: Mapping[str, Deal], people: Mapping[str, User]) -> None:
    """Add the rows of ``CHANGES``, the instalments that they have become, and what was paid."""
    with transaction.atomic():
        rows = [(words, deals[words.booking], _change(seed, words, deals)) for words in CHANGES]
        add_references(CHANGE_REQUEST, [row for _, _, row in rows])
        payments: list[Payment] = []
        owed: list[Instalment] = []
        for words, deal, row in rows:
            decider = deal.customer if words.status in BY_CUSTOMER else people["ravi"]
            row.decided_by = decider if row.decided_at else None
            if words.status in AGREED and row.quoted_price:
                row.instalment = line = _instalment(seed, deal, row)
                owed.append(line)
                if line.status == InstalmentStatus.PAID and line.paid_at:
                    finance = people["zainab"]
                    payments.append(payment(deal, line, line.amount, line.paid_at, finance=finance))
        add_references(PAYMENT, payments)
        add_receipts(payments)
        moves = [_act(seed, row) for _, _, row in rows]
        money: list[Model] = [*payments, *facts(seed, payments), *ledger(seed, payments)]
        seed.add([*owed, *(row for _, _, row in rows), *money, *moves])


def _change(seed: Seed, words: Change, deals: Mapping[str, Deal]) -> ChangeRequest:
    deal = deals[words.booking]
    status = words.status
    drafted = seed.ago(days=words.days) + timedelta(hours=11)
    priced = status in PRICED
    decided = status in {*BY_CUSTOMER, _S.REJECTED}
    quoted = drafted + timedelta(days=2)
    phase = seed.key("phase", "quayside", words.phase) if words.phase else None
    done = status == _S.COMPLETED
    return ChangeRequest(
        id=seed.key("change", words.booking, words.category),
        booking=deal.booking,
        unit=deal.unit,
        customer=deal.customer,
        category=words.category,
        description=words.wish,
        status=status,
        quoted_price=Decimal(words.price) if priced else None,
        currency=deal.booking.currency,
        extra_days=words.extra if priced else None,
        quote_valid_until=quoted + QUOTE_HOLDS if priced else None,
        cutoff_phase_id=phase,
        decision_note=words.note,
        decided_at=quoted + timedelta(days=2) if decided else None,
        submitted_at=None if status == _S.DRAFT else drafted + timedelta(hours=1),
        completed_at=quoted + timedelta(days=40) if done else None,
        created_at=drafted,
    )


def _instalment(seed: Seed, deal: Deal, row: ChangeRequest) -> Instalment:
    """What was agreed for a change, behind the parts of the price."""
    agreed = row.decided_at or row.created_at
    day = local_day(deal.development, agreed) + PAID_WITHIN
    line = Instalment(
        id=seed.key("instalment", deal.key, row.category),
        booking=deal.booking,
        order=len(deal.booking.plan["lines"]) + 1,
        kind=InstalmentKind.CHANGE,
        label=f"Change {row.reference}",
        amount=row.quoted_price or Decimal(0),
        currency=row.currency,
        due_rule=DueRule.DATE,
        due_date=day,
        created_at=agreed,
    )
    if day <= seed.today:
        line.status = InstalmentStatus.PAID
        line.due_at = line.notice_sent_at = agreed + PAID_WITHIN
        line.paid_at = agreed + PAID_WITHIN + timedelta(hours=7)
    return line


def _act(seed: Seed, row: ChangeRequest) -> AuditEvent:
    """Who brought the request into its state."""
    by_customer = row.decided_by or row.customer
    return AuditEvent(
        id=seed.key("act", row.pk, row.status),
        at=row.completed_at or row.decided_at or row.submitted_at or row.created_at,
        actor=by_customer,
        action=f"bookings.changerequest.{row.status}",
        object_type="bookings.changerequest",
        object_id=str(row.pk),
        after={"status": str(row.status)},
        reason=row.decision_note if row.status == _S.REJECTED else "",
    )
