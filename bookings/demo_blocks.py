"""Bookings of a larger demo: the units that are reserved or sold there have customers who pay.

Each generated development is a transaction of its own; one that has bookings is left alone.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from accounts.choices import MediaKind, MediaPurpose, MediaStatus
from accounts.demo_pictures import PDF, uploaded_file
from accounts.models import MediaFile, User
from bookings.choices import (
    BookingStatus,
    ClaimOutcome,
    ClaimSubject,
    DueRule,
    FactKind,
    GatewayName,
    InstalmentKind,
    InstalmentStatus,
    PaymentPurpose,
    PaymentStatus,
)
from bookings.demo_numbers import BOOKING, PAYMENT, add_receipts, add_references
from bookings.demo_payments import ledger
from bookings.models import Booking, ClaimLog, Instalment, Payment, PaymentFact
from bookings.services.plans import amounts_of, frozen_terms
from catalog.choices import PhaseStatus, UnitStatus
from catalog.demo_blocks import development_key, generated, people_of
from catalog.demo_papers import pdf
from catalog.models import Development, ProgressPhase, Unit
from config.shared.seeding import BLOCK, Seed

# Of the people of a block, these buy: neither the committee nor contractors.
BUYERS = range(8, BLOCK)
STATES = {
    UnitStatus.RESERVED: BookingStatus.CONFIRMED,
    UnitStatus.SOLD: BookingStatus.CONTRACTED,
}
CONFIRMED_AFTER, CONTRACTED_AFTER = timedelta(hours=3), timedelta(days=9)
PAID_AFTER = timedelta(hours=30)


class Site(NamedTuple):
    """A development, and what all bookings in it share."""

    development: Development
    phases: dict[str, ProgressPhase]
    terms: dict[str, Any]
    contract: MediaFile


def add_generated(seed: Seed) -> None:
    """Add the bookings of the generated developments that have none yet."""
    numbers = generated(seed)
    keys = {development_key(seed, number): number for number in numbers}
    empty = Development.objects.filter(pk__in=keys, bookings=None).select_related("builder")
    waiting = {keys[row.pk]: row for row in empty.order_by("pk")}
    for done, (number, development) in enumerate(sorted(waiting.items())):
        seed.step("bookings", done / len(waiting))
        _add_bookings(seed, number, development)
    seed.step("bookings", 1.0)


def _add_bookings(seed: Seed, number: int, development: Development) -> None:
    site = _site(seed, number, development)
    buyers = people_of(seed, number, BUYERS)
    units = Unit.objects.filter(development=development, status__in=STATES).order_by("pk")
    bookings, lines, payments = [], [], []
    for place, unit in enumerate(units):
        booking = _booking(seed, site, unit, buyers[place % len(buyers)])
        mine = list(_instalments(seed, site, booking))
        bookings.append(booking)
        lines += mine
        payments += [_payment(seed, booking, line) for line in mine if line.paid_at]
    with transaction.atomic():
        add_references(BOOKING, bookings)
        add_references(PAYMENT, payments)
        add_receipts(payments)
        money = [*payments, *_facts(seed, payments), *ledger(seed, payments)]
        seed.add([*bookings, *lines, *money, *(_claim(seed, row) for row in bookings)])


def _site(seed: Seed, number: int, development: Development) -> Site:
    phases = {str(phase.pk): phase for phase in development.phases.all()}
    terms = frozen_terms(development=development)
    return Site(development, phases, terms, _contract(seed, number, development))


def _contract(seed: Seed, number: int, development: Development) -> MediaFile:
    """One specimen that all contracts of a development show."""
    owner = development.created_by
    if owner is None:
        raise LookupError(f"Nobody has made {development}.")
    if seed.contents:
        content = pdf("Sale and purchase agreement", ["Specimen of the demo.", development.name])
        return uploaded_file(
            seed,
            owner,
            f"contract-{number}",
            content,
            purpose=MediaPurpose.CONTRACT,
            kind=PDF,
            shown="Contract.pdf",
        )
    row = MediaFile(
        id=seed.key("media", f"contract-{number}"),
        owner=owner,
        kind=MediaKind.DOCUMENT,
        purpose=MediaPurpose.CONTRACT,
        status=MediaStatus.ANNOUNCED,
        name="Contract.pdf",
        created_at=development.created_at,
    )
    seed.add([row])
    return row


def _booking(seed: Seed, site: Site, unit: Unit, customer: User) -> Booking:
    """A booking of some day since the launch, or since the customer came."""
    chance = seed.random("booking", unit.pk)
    earliest = max(site.development.created_at + timedelta(days=21), customer.created_at)
    earliest = min(earliest, seed.now - timedelta(days=2))
    placed = earliest + (seed.now - timedelta(days=1) - earliest) * chance.random()
    plan = _frozen(site, unit)
    sold = unit.status == UnitStatus.SOLD
    return Booking(
        id=seed.key("booking", unit.pk),
        unit=unit,
        development=site.development,
        builder=site.development.builder,
        customer=customer,
        status=STATES[UnitStatus(unit.status)],
        held_until=placed + timedelta(minutes=site.development.hold_minutes),
        pay_until=placed + timedelta(days=1),
        price=unit.price,
        currency=unit.currency,
        plan=plan,
        terms=site.terms,
        deposit_amount=Decimal(plan["lines"][0]["amount"]),
        contract=site.contract if sold else None,
        confirmed_at=placed + CONFIRMED_AFTER,
        contracted_at=min(placed + CONTRACTED_AFTER, seed.now) if sold else None,
        created_at=placed,
    )


def _frozen(site: Site, unit: Unit) -> dict[str, Any]:
    """The plan as ``services.plans.frozen_plan`` freezes it, without asking for phases again."""
    template = site.development.plan_template
    amounts = amounts_of(template, price=unit.price, currency=unit.currency)
    lines = []
    for line, amount in zip(template["lines"], amounts, strict=True):
        due = dict(line["due"])
        if due["rule"] == DueRule.PHASE:
            due["name"] = site.phases[due["phase"]].name
        lines.append({**line, "amount": f"{amount:f}", "due": due})
    return {"currency": unit.currency, "price": f"{unit.price:f}", "lines": lines}


def _instalments(seed: Seed, site: Site, booking: Booking) -> Iterator[Instalment]:
    """The parts of the price: what is due is paid."""
    for order, line in enumerate(booking.plan["lines"], 1):
        due = line["due"]
        row = Instalment(
            id=seed.key("instalment", booking.pk, order),
            booking=booking,
            order=order,
            kind=InstalmentKind.DEPOSIT if order == 1 else InstalmentKind.PLAN,
            label=line["label"],
            percent=Decimal(line["percent"]) if "percent" in line else None,
            amount=Decimal(line["amount"]),
            currency=booking.currency,
            due_rule=due["rule"],
            phase_id=UUID(due["phase"]) if "phase" in due else None,
            created_at=booking.created_at,
        )
        if due["rule"] == DueRule.DAYS and booking.confirmed_at:
            row.due_date = booking.confirmed_at.date() + timedelta(days=due["days"])
        at = _due_at(seed, site, booking, row)
        if at is not None:
            row.due_at = row.notice_sent_at = at
            row.due_date = at.date()
            row.paid_at = min(at + PAID_AFTER, seed.now)
            row.status = InstalmentStatus.PAID
        yield row


def _due_at(seed: Seed, site: Site, booking: Booking, row: Instalment) -> datetime | None:
    """Since when an instalment is due; None while it waits."""
    confirmed = booking.confirmed_at or booking.created_at
    since: datetime | None = None
    if row.due_rule == DueRule.DEPOSIT:
        since = booking.created_at
    elif row.due_rule == DueRule.DAYS and row.due_date and row.due_date <= seed.today:
        since = seed.ago(days=(seed.today - row.due_date).days)
    elif row.due_rule == DueRule.PHASE:
        phase = site.phases[str(row.phase_id)]
        if phase.status == PhaseStatus.COMPLETED and phase.actual_end:
            since = max(seed.ago(days=(seed.today - phase.actual_end).days), confirmed)
    elif row.due_rule == DueRule.HANDOVER and site.development.actual_completion:
        days = (seed.today - site.development.actual_completion).days
        since = max(seed.ago(days=days), confirmed)
    return since


def _payment(seed: Seed, booking: Booking, line: Instalment) -> Payment:
    key = seed.key("payment", line.pk)
    deposit = line.kind == InstalmentKind.DEPOSIT
    at = line.paid_at or line.created_at
    return Payment(
        id=key,
        purpose=PaymentPurpose.DEPOSIT if deposit else PaymentPurpose.INSTALMENT,
        payer=booking.customer,
        payee_organization=booking.builder,
        booking=booking,
        instalment=line,
        amount=line.amount,
        currency=line.currency,
        status=PaymentStatus.COMPLETED,
        gateway=GatewayName.TEST,
        stripe_payment_intent_id=f"test_pi_{key.hex[-20:]}",
        stripe_charge_id=f"test_ch_{key.hex[-20:]}",
        completed_at=at,
        created_at=at - timedelta(minutes=2),
    )


def _facts(seed: Seed, rows: Sequence[Payment]) -> Iterator[Model]:
    for row in rows:
        yield PaymentFact(
            id=seed.key("fact", row.pk),
            payment=row,
            kind=FactKind.SUCCEEDED,
            provider_ref=row.stripe_charge_id,
            amount=row.amount,
            currency=row.currency,
            at=row.completed_at or row.created_at,
        )


def _claim(seed: Seed, booking: Booking) -> ClaimLog:
    return ClaimLog(
        id=seed.key("claim", booking.pk),
        subject=ClaimSubject.UNIT,
        object_id=booking.unit_id,
        who=booking.customer,
        booking=booking,
        asked_at=booking.created_at,
        outcome=ClaimOutcome.WON,
    )
