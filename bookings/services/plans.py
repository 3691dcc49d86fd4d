"""Payment plans: frozen at the hold, made into instalments at the checkout.

A frozen plan has an amount for each line; the amounts make the price to the last minor unit. It
is all that a booking goes by: what the builder changes later is for later bookings.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from bookings.choices import DueRule, InstalmentKind, InstalmentStatus
from bookings.flows import INSTALMENT_FLOW
from bookings.models import Booking, Instalment
from bookings.plan_exceptions import PlanDoesNotFitError
from bookings.services.due import make_due_at_confirmation
from bookings.services.local_days import local_day
from catalog.models import Development
from catalog.services.policies import (
    check_cancellation_policy,
    check_late_fee_policy,
    check_plan,
)
from config.shared.errors import InvalidInputError
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.money import check_amount, split

DEFAULT_PLAN: Mapping[str, Any] = {
    "lines": [
        {"label": "Deposit", "percent": "10", "due": {"rule": "deposit"}},
        {"label": "Handover", "balance": True, "due": {"rule": "handover"}},
    ]
}
HUNDRED = Decimal(100)


def frozen_plan(*, development: Development, price: Decimal, currency: str) -> dict[str, Any]:
    """The plan of ``development`` for a unit of this price, as a booking keeps it.

    Per cents are of the price and split by largest remainder; the balance takes what remains.
    Raises ``PlanDoesNotFitError`` where a line would come to nothing or below.
    """
    try:
        price = check_amount(price, currency, pointer="/price")
        plan = check_plan(development.plan_template, development=development) or DEFAULT_PLAN
        amounts = amounts_of(plan, price=price, currency=currency)
    except InvalidInputError as error:
        raise PlanDoesNotFitError(error.detail) from error
    names = {str(phase.pk): phase.name for phase in development.phases.order_by()}
    lines = []
    for line, amount in zip(plan["lines"], amounts, strict=True):
        due = dict(line["due"])
        if due["rule"] == DueRule.PHASE:
            due["name"] = names[due["phase"]]
        lines.append({**line, "amount": f"{amount:f}", "due": due})
    return {"currency": currency, "price": f"{price:f}", "lines": lines}


def frozen_terms(*, development: Development) -> dict[str, Any]:
    """Terms, late fees and cancellation as a booking keeps them."""
    try:
        return {
            "terms": development.terms,
            "late_fee_policy": check_late_fee_policy(development.late_fee_policy),
            "cancellation_policy": check_cancellation_policy(development.cancellation_policy),
        }
    except InvalidInputError as error:
        raise PlanDoesNotFitError(error.detail) from error


def amounts_of(plan: Mapping[str, Any], *, price: Decimal, currency: str) -> list[Decimal]:
    """What each line of ``plan`` comes to; together they are ``price`` exactly."""
    lines = plan["lines"]
    percents = [Decimal(line.get("percent", 0)) for line in lines]
    *shares, rest = split(price, [*percents, HUNDRED - sum(percents)], currency)
    fixed = [
        check_amount(Decimal(line["amount"]), currency, pointer=f"/plan_template/lines/{at}/amount")
        if "amount" in line
        else Decimal(0)
        for at, line in enumerate(lines)
    ]
    balance = rest - sum(fixed)
    amounts = [
        balance if "balance" in line else share + amount
        for line, share, amount in zip(lines, shares, fixed, strict=True)
    ]
    if min(amounts) <= 0 or sum(amounts) != price:
        raise PlanDoesNotFitError
    return amounts


def deposit_of(plan: Mapping[str, Any]) -> Decimal:
    """The amount of the first line of a frozen plan."""
    return Decimal(plan["lines"][0]["amount"])


def make_instalments(*, booking: Booking, now: datetime) -> list[Instalment]:
    """Make the lines of the booking's frozen plan into instalments, in the open transaction.

    The booking is locked. The deposit is due at once, the others wait for ``schedule_instalments``.
    """
    today = local_day(booking.development, now)
    made = [
        _instalment(booking, line, order, now, today)
        for order, line in enumerate(booking.plan["lines"], 1)
    ]
    return Instalment.objects.bulk_create(made)


def schedule_instalments(*, booking: Booking, now: datetime) -> list[Instalment]:
    """Give the instalments of a booking that has just been confirmed their dates.

    Unit and booking are locked; the instalments are locked here, and only then is asked which
    phases are completed: a completion that happens at the same time either sees this booking or
    is seen by it (see ``bookings.services.due``).
    """
    found = _locked_instalments(booking)
    day = local_day(booking.development, booking.confirmed_at or now)
    for instalment in found:
        line = booking.plan["lines"][instalment.order - 1] if _is_of_plan(instalment) else {}
        if instalment.due_rule == DueRule.DAYS and instalment.due_date is None:
            instalment.due_date = day + timedelta(days=line["due"]["days"])
            instalment.save(update_fields=["due_date", "updated_at"])
    make_due_at_confirmation(booking=booking, instalments=found, now=now)
    return found


def cancel_instalments(*, booking: Booking, actor: User | None) -> list[Instalment]:
    """Cancel what was not paid in full of a booking that has ended; its row is locked.

    What was paid stays paid: what becomes of the money is the cancellation's affair. A booking
    that merely expired keeps its instalments, since late money may revive it.
    """
    cancelled = []
    for instalment in _locked_instalments(booking):
        if instalment.status in _UNPAID:
            move(instalment, InstalmentStatus.CANCELLED, flow=INSTALMENT_FLOW, actor=actor)
            cancelled.append(instalment)
    return cancelled


_UNPAID = (
    InstalmentStatus.SCHEDULED,
    InstalmentStatus.DUE,
    InstalmentStatus.PARTIALLY_PAID,
    InstalmentStatus.OVERDUE,
)


def _is_of_plan(instalment: Instalment) -> bool:
    return instalment.kind != InstalmentKind.CHANGE


def _locked_instalments(booking: Booking) -> list[Instalment]:
    rows = Instalment.objects.filter(booking=booking).order_by("pk")
    return sorted(lock(*rows), key=lambda instalment: instalment.order)


def _instalment(
    booking: Booking, line: Mapping[str, Any], order: int, now: datetime, today: date
) -> Instalment:
    due = line["due"]
    made = Instalment(
        booking=booking,
        order=order,
        label=line["label"],
        percent=line.get("percent"),
        amount=Decimal(line["amount"]),
        currency=booking.currency,
        due_rule=due["rule"],
        phase_id=due.get("phase"),
    )
    if due["rule"] == DueRule.DATE:
        made.due_date = date.fromisoformat(due["date"])
    elif due["rule"] == DueRule.DEPOSIT:
        made.kind, made.status = InstalmentKind.DEPOSIT, InstalmentStatus.DUE
        made.due_at, made.due_date = now, today
    return made
