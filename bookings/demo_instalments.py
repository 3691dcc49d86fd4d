"""Instalments of the demo's bookings: each in the state that its plan and its date have made."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.models import User
from bookings.choices import BookingStatus, DueRule, InstalmentKind, InstalmentStatus
from bookings.demo_deals import Deal
from bookings.models import Instalment
from bookings.services.due import evidence_of
from bookings.services.local_days import local_day
from catalog.choices import DevelopmentStatus, PhaseStatus
from catalog.models import ProgressPhase
from config.shared.money import fee

READY = (DevelopmentStatus.READY, DevelopmentStatus.HANDED_OVER)
NOON = time(12)
OBJECTION = "The photographs show the neighbouring tower, not this one."
ANSWER = "They show the same floor from the crane of the neighbour; the plan is attached."
WAIVER = "In return for the late delivery of the lifts"


def instalments_of(deal: Deal, finance: User, leader: User) -> list[Instalment]:
    """The instalments that belong to the booking of ``deal``; none where it was passed on."""
    passed_on = deal.status == BookingStatus.TRANSFERRED
    if passed_on or not deal.came_to(BookingStatus.PENDING_PAYMENT):
        return []
    return list(_lines(deal, finance, leader))


def _lines(deal: Deal, finance: User, leader: User) -> Iterator[Instalment]:
    origin = deal.follows or deal
    for order, line in enumerate(deal.booking.plan["lines"], 1):
        due = line["due"]
        row = Instalment(
            id=deal.seed.key("instalment", origin.key, order),
            booking=deal.booking,
            order=order,
            kind=InstalmentKind.DEPOSIT if order == 1 else InstalmentKind.PLAN,
            label=line["label"],
            percent=Decimal(line["percent"]) if "percent" in line else None,
            amount=Decimal(line["amount"]),
            currency=deal.booking.currency,
            due_rule=due["rule"],
            phase_id=UUID(due["phase"]) if "phase" in due else None,
            created_at=origin.checked_out,
        )
        _date(deal, row, due)
        _settle(deal, row, finance, leader)
        yield row


def _date(deal: Deal, row: Instalment, due: Mapping[str, Any]) -> None:
    """Say when the instalment becomes due, and since when it is where that is over."""
    if row.due_rule == DueRule.DEPOSIT:
        row.due_at = row.created_at
        row.due_date = local_day(deal.development, row.created_at)
        return
    if not deal.came_to(BookingStatus.CONFIRMED):
        return
    if row.due_rule == DueRule.DAYS:
        row.due_date = local_day(deal.development, deal.confirmed) + timedelta(days=due["days"])
        _owe(deal, row, row.due_date)
    elif row.due_rule == DueRule.PHASE and row.phase_id:
        phase = ProgressPhase.objects.get(pk=row.phase_id)
        if phase.status == PhaseStatus.COMPLETED:
            _owe(deal, row, phase.actual_end)
            row.evidence = evidence_of(phase) if row.due_at else {}
    elif row.due_rule == DueRule.HANDOVER and deal.development.status in READY:
        _owe(deal, row, deal.development.actual_completion)


def _owe(deal: Deal, row: Instalment, since: date | None) -> None:
    """The instalment is due since that day, or since the confirmation where that came later."""
    if since is None or since > deal.seed.today:
        return
    zone = ZoneInfo(deal.development.time_zone)
    at = max(datetime.combine(since, NOON, zone), deal.confirmed)
    at = min(at, deal.seed.present)
    if _is_over(deal) and at > deal.ended:
        return
    row.due_at = row.notice_sent_at = at
    row.due_date = local_day(deal.development, at)


def _is_over(deal: Deal) -> bool:
    return deal.status in {BookingStatus.CANCELLED, BookingStatus.EXPIRED}


def _settle(deal: Deal, row: Instalment, finance: User, leader: User) -> None:
    """Bring the instalment into its state."""
    wish = (deal.follows or deal).words.get("lines", {}).get(str(row.order))
    if not deal.came_to(BookingStatus.CONFIRMED):
        over = deal.status == BookingStatus.CANCELLED
        waiting = InstalmentStatus.DUE if row.due_at else InstalmentStatus.SCHEDULED
        row.status = InstalmentStatus.CANCELLED if over else waiting
    elif row.due_at is None:
        over = deal.status == BookingStatus.CANCELLED
        row.status = InstalmentStatus.CANCELLED if over else InstalmentStatus.SCHEDULED
    elif wish is None or wish.startswith("paid"):
        _pay(deal, row, late=wish == "paid_late")
    else:
        WISHES[wish](deal, row, finance, leader)


def _pay(deal: Deal, row: Instalment, *, late: bool = False) -> None:
    chance = deal.seed.random("paid", row.pk)
    due = row.due_at or row.created_at
    after = timedelta(hours=chance.randrange(4, 90))
    if row.order == 1 and due == row.created_at:
        after = deal.confirmed - due
    if late:
        _charge(deal, row)
        after = timedelta(days=_grace(deal) + 6)
    row.status = InstalmentStatus.PAID
    row.paid_at = max(min(due + after, deal.seed.ago(hours=1)), due)


def _grace(deal: Deal) -> int:
    return int(deal.booking.terms["late_fee_policy"].get("grace_days", 0))


def _charge(deal: Deal, row: Instalment) -> None:
    """A late fee for the first period, by the terms that were frozen."""
    policy = deal.booking.terms["late_fee_policy"]
    if policy.get("kind") == "percent":
        row.late_fee = fee(row.amount, Decimal(policy["percent"]), row.currency)
        row.late_fee_periods = 1


def _due(deal: Deal, row: Instalment, finance: User, leader: User) -> None:
    row.status = InstalmentStatus.DUE


def _partially(deal: Deal, row: Instalment, finance: User, leader: User) -> None:
    row.status = InstalmentStatus.PARTIALLY_PAID


def _overdue(deal: Deal, row: Instalment, finance: User, leader: User) -> None:
    row.status = InstalmentStatus.OVERDUE
    row.overdue_at = (row.due_at or row.created_at) + timedelta(days=_grace(deal) + 1)
    _charge(deal, row)


def _waived(deal: Deal, row: Instalment, finance: User, leader: User) -> None:
    due = row.due_at or row.created_at
    row.status = InstalmentStatus.WAIVED
    row.waiver_asked_by, row.waived_by = finance, leader
    row.waiver_asked_at, row.waived_at = due + timedelta(hours=20), due + timedelta(hours=31)
    row.waiver_reason = WAIVER


def _objected(deal: Deal, row: Instalment, finance: User, leader: User) -> None:
    row.status = InstalmentStatus.DUE
    row.objection = OBJECTION
    row.objected_at = (row.due_at or row.created_at) + timedelta(days=1)


def _resolved(deal: Deal, row: Instalment, finance: User, leader: User) -> None:
    _objected(deal, row, finance, leader)
    answered = (row.objected_at or row.created_at) + timedelta(days=3)
    row.objection_resolved_at, row.objection_resolved_by = answered, finance
    row.objection_answer = ANSWER
    # A column of its own where the platform keeps what became of objections.
    if hasattr(row, "objection_outcome"):
        row.objection_outcome = "dismissed"
    row.status = InstalmentStatus.PAID
    row.paid_at = answered + timedelta(days=2)
    if row.due_date:
        row.due_date += timedelta(days=3)


WISHES: Mapping[str, Any] = {
    "due": _due,
    "partially_paid": _partially,
    "overdue": _overdue,
    "waived": _waived,
    "objected": _objected,
    "resolved": _resolved,
}
