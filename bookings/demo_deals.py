"""Bookings of the demo: when each reached which state, and what was written down of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Model

from accounts.models import AuditEvent, User
from bookings.choices import BookingStatus, ClaimOutcome, ClaimSubject
from bookings.models import Booking, ClaimLog, Instalment, Payment
from bookings.services.plans import deposit_of, frozen_plan, frozen_terms
from catalog.choices import UnitStatus
from catalog.models import Development, Unit
from config.shared.seeding import Seed

DEPOSIT_TIME = timedelta(days=1)
CHECKOUT_AFTER = timedelta(minutes=6)
CONFIRMED_AFTER = timedelta(hours=2)
CONTRACTED_AFTER = timedelta(days=12)
SHADOWS: Mapping[str, str] = {
    BookingStatus.HELD: UnitStatus.HELD,
    BookingStatus.PENDING_PAYMENT: UnitStatus.HELD,
    BookingStatus.CONFIRMED: UnitStatus.RESERVED,
    BookingStatus.CONTRACTED: UnitStatus.SOLD,
    BookingStatus.COMPLETED: UnitStatus.HANDED_OVER,
}
# The states that a booking passes until it is in each; how far an ended one came is told.
COURSE = (
    BookingStatus.HELD,
    BookingStatus.PENDING_PAYMENT,
    BookingStatus.CONFIRMED,
    BookingStatus.CONTRACTED,
    BookingStatus.COMPLETED,
)


@dataclass
class Deal:
    """A booking of the demo with all that hangs on it.

    Args:
        key: what it is called in ``bookings.toml``.
        follows: the deal that was passed on to it.
    """

    seed: Seed
    key: str
    words: Mapping[str, Any]
    unit: Unit
    customer: User
    agent: User | None = None
    manager: User | None = None
    follows: "Deal | None" = None
    instalments: list[Instalment] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)

    @property
    def development(self) -> Development:
        return self.unit.development

    @property
    def status(self) -> BookingStatus:
        return BookingStatus(self.words["status"])

    @property
    def reached(self) -> BookingStatus:
        """How far along its course the booking came."""
        default = BookingStatus.CONTRACTED
        status = self.status
        return status if status in COURSE else BookingStatus(self.words.get("was", default))

    def came_to(self, status: BookingStatus) -> bool:
        """Whether the booking ever was in ``status``."""
        return COURSE.index(self.reached) >= COURSE.index(status)

    @cached_property
    def placed(self) -> datetime:
        """When the unit was held."""
        if "hours" in self.words:
            return self.seed.present - timedelta(hours=self.words["hours"])
        minute = self.seed.random("placed", self.key).randrange(7 * 60, 17 * 60)
        return self.seed.ago(days=self.words["days"]) + timedelta(minutes=minute)

    @property
    def checked_out(self) -> datetime:
        return self.placed + CHECKOUT_AFTER

    @property
    def confirmed(self) -> datetime:
        """When the booking was confirmed, or the one was that it follows."""
        if self.follows is not None:
            return self.follows.confirmed
        return self.placed + CONFIRMED_AFTER

    @property
    def contracted(self) -> datetime:
        return min(self.placed + CONTRACTED_AFTER, self.seed.ago(hours=5))

    @cached_property
    def ended(self) -> datetime:
        """When a booking that has ended did."""
        if self.status == BookingStatus.COMPLETED:
            day = self.development.actual_completion
            late = self.seed.random("handover", self.key).randrange(2, 25)
            past = (self.seed.today - day).days if day else 0
            return self.seed.ago(days=past - late) + timedelta(hours=6)
        if "ended" in self.words:
            return self.seed.ago(days=self.words["ended"]) + timedelta(hours=10)
        if self.status == BookingStatus.TRANSFERRED:
            return self.seed.ago(days=30) + timedelta(hours=10)
        if self.reached == BookingStatus.HELD:
            return self.placed + timedelta(minutes=self.development.hold_minutes)
        return self.checked_out + DEPOSIT_TIME

    @cached_property
    def booking(self) -> Booking:
        """The row, without its reference, its contract and what follows from other deals."""
        unit, status = self.unit, self.status
        plan = frozen_plan(development=self.development, price=unit.price, currency=unit.currency)
        taken_over = self.follows is not None
        row = Booking(
            id=self.seed.key("booking", self.key),
            unit=unit,
            development=self.development,
            builder=self.development.builder,
            customer=self.customer,
            sales_agent=self.agent,
            status=status,
            price=unit.price,
            currency=unit.currency,
            plan=plan,
            terms=frozen_terms(development=self.development),
            deposit_amount=deposit_of(plan),
            notes=self.words.get("notes", ""),
            waitlist_position=self.words.get("place"),
            created_at=self.placed,
        )
        if not taken_over:
            extended = self.words.get("extended", 0)
            minutes = self.development.hold_minutes + extended
            row.extended_minutes = extended
            row.held_until = self.placed + timedelta(minutes=minutes)
            if self.came_to(BookingStatus.PENDING_PAYMENT):
                row.pay_until = self.checked_out + DEPOSIT_TIME
        self._date(row, taken_over=taken_over)
        return row

    def _date(self, row: Booking, *, taken_over: bool) -> None:
        """Say since when the booking is in each of its states."""
        if self.came_to(BookingStatus.CONFIRMED):
            row.confirmed_at = self.placed if taken_over else self.confirmed
        if self.came_to(BookingStatus.CONTRACTED):
            row.contracted_at = self.contracted
        if self.status == BookingStatus.CANCELLED:
            row.cancelled_at = self.ended
            row.cancel_reason = self.words["reason"]
        if self.status == BookingStatus.COMPLETED:
            row.completed_at = self.ended
            row.handover_customer_at = self.ended
        if self.status == BookingStatus.COMPLETED or self.words.get("signed"):
            signed = self.ended if self.status == BookingStatus.COMPLETED else self.seed.present
            row.handover_builder_at = signed - timedelta(hours=3)
            row.handover_signed_by_builder = self.manager
            row.handover_builder_note = "Keys, meters and manuals handed over; no open defects."

    @property
    def shadow(self) -> tuple[str, datetime | None] | None:
        """The state of the unit and until when, where the booking says."""
        if self.status not in SHADOWS:
            return None
        row = self.booking
        until = {
            BookingStatus.HELD: row.held_until,
            BookingStatus.PENDING_PAYMENT: row.pay_until,
        }
        return SHADOWS[self.status], until.get(self.status)


def claims(deal: Deal) -> Iterator[ClaimLog]:
    """That the claim was won, and how it ended where it did not become more."""
    if deal.follows is not None:
        return
    common: dict[str, Any] = {
        "subject": ClaimSubject.UNIT,
        "object_id": deal.unit.pk,
        "who": deal.customer,
        "booking": deal.booking,
        "asked_at": deal.placed,
    }
    offered = deal.words.get("place") is not None
    won = {**common, "subject": ClaimSubject.WAITLIST_OFFER} if offered else common
    yield ClaimLog(
        id=deal.seed.key("claim", deal.key),
        outcome=ClaimOutcome.WON,
        reason="offer_taken" if offered else "",
        **won,
    )
    early = not deal.came_to(BookingStatus.CONFIRMED)
    if early and deal.status in {BookingStatus.EXPIRED, BookingStatus.CANCELLED}:
        expired = deal.status == BookingStatus.EXPIRED
        yield ClaimLog(
            id=deal.seed.key("claim ended", deal.key),
            outcome=ClaimOutcome.EXPIRED if expired else ClaimOutcome.RELEASED,
            ended_at=deal.ended,
            reason=deal.words.get("reason", ""),
            **common,
        )


def audit_of(deal: Deal) -> Iterator[Model]:
    """Who moved the booking into which state, when."""
    moments = {
        BookingStatus.HELD: deal.placed,
        BookingStatus.PENDING_PAYMENT: deal.checked_out,
        BookingStatus.CONFIRMED: deal.booking.confirmed_at,
        BookingStatus.CONTRACTED: deal.booking.contracted_at,
        BookingStatus.COMPLETED: deal.ended,
    }
    passed = [status for status in COURSE if deal.came_to(status)]
    if deal.follows is not None:
        passed = [BookingStatus.CONFIRMED]
    steps = [(status, moments[status]) for status in passed]
    if deal.status not in COURSE:
        steps.append((deal.status, deal.ended))
    before: str | None = None
    for status, at in steps:
        yield AuditEvent(
            id=deal.seed.key("act", deal.booking.pk, status),
            at=at or deal.placed,
            actor=_actor(deal, status),
            action=f"bookings.booking.{status}",
            object_type="bookings.booking",
            object_id=str(deal.booking.pk),
            before={"status": before} if before else {},
            after={"status": str(status)},
            reason=deal.words.get("reason", "") if status == BookingStatus.CANCELLED else "",
        )
        before = str(status)


def _actor(deal: Deal, status: BookingStatus) -> User | None:
    """Who makes such a move: the customer, the builder, or nobody where money or time does."""
    if status == BookingStatus.HELD:
        return deal.agent or deal.customer
    by_builder = {BookingStatus.CONTRACTED, BookingStatus.COMPLETED, BookingStatus.TRANSFERRED}
    if status in by_builder:
        return deal.manager
    return deal.customer if status == BookingStatus.PENDING_PAYMENT else None
