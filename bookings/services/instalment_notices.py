"""Who is told about instalments: customers of what they owe, builders of what awaits them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from accounts.choices import UserStatus
from accounts.models import Membership, User
from bookings.models import Booking, Instalment
from bookings.services.late_terms import next_late_fee
from catalog.services.teams import FINANCE_ROLES
from config.shared.money import from_minor, to_minor
from messaging.services.notifications import notify


def tell_due(instalment: Instalment, booking: Booking, *, outstanding: Decimal) -> None:
    """The notice that an instalment has become due, with the evidence and the late fee to come."""
    fee, day = next_late_fee(instalment, booking=booking) or (None, None)
    _tell_customer(
        instalment,
        booking,
        "instalment_due",
        key=f"{instalment.due_at:%Y%m%d%H%M%S%f}",
        amount=shown(outstanding, instalment.currency),
        due_date=instalment.due_date,
        evidence=_evidence_text(instalment),
        fee="" if fee is None else shown(fee, instalment.currency),
        fee_from=day or "",
    )


def tell_reminder(
    instalment: Instalment, booking: Booking, *, days: int, step: int, outstanding: Decimal
) -> None:
    """A reminder ``days`` before the date, once for each ``step``."""
    _tell_customer(
        instalment,
        booking,
        "instalment_reminder",
        key=f"{instalment.due_date}:{step}",
        amount=shown(outstanding, instalment.currency),
        due_date=instalment.due_date,
        days=days,
    )


def tell_overdue(instalment: Instalment, booking: Booking, *, outstanding: Decimal) -> None:
    """The grace is over."""
    _tell_customer(
        instalment,
        booking,
        "instalment_overdue",
        key=f"{instalment.due_date}",
        urgent=True,
        amount=shown(outstanding, instalment.currency),
        due_date=instalment.due_date,
    )


def tell_late_fee_coming(instalment: Instalment, booking: Booking, *, outstanding: Decimal) -> None:
    """Announce the next late fee, once for each day on which one would be charged."""
    fee, day = next_late_fee(instalment, booking=booking) or (None, None)
    if fee is None:
        return
    _tell_customer(
        instalment,
        booking,
        "late_fee_announced",
        key=f"{day}",
        amount=shown(outstanding, instalment.currency),
        fee=shown(fee, instalment.currency),
        fee_from=day,
    )


def tell_late_fee(
    instalment: Instalment, booking: Booking, *, fee: Decimal, outstanding: Decimal
) -> None:
    """A late fee has been charged."""
    _tell_customer(
        instalment,
        booking,
        "late_fee_charged",
        key=f"{instalment.due_date}:{instalment.late_fee_periods}",
        amount=shown(outstanding, instalment.currency),
        fee=shown(fee, instalment.currency),
    )


def tell_objection(instalment: Instalment, booking: Booking) -> None:
    """The builder's finance people learn that a customer objects."""
    for person in finance_people(booking, but=[booking.customer_id]):
        notify(
            user=person,
            template="objection_made",
            context={
                **_thing(instalment, booking),
                "name": booking.customer.full_name or booking.customer.username or "—",
                "reason": instalment.objection,
            },
            dedupe_key=f"{instalment.pk}:{instalment.objected_at:%Y%m%d%H%M%S%f}:{person.pk}",
            link=_link(instalment),
        )


def tell_answer(instalment: Instalment, booking: Booking) -> None:
    """The customer learns what became of the objection."""
    _tell_customer(
        instalment,
        booking,
        "objection_answered",
        key=f"{instalment.objection_resolved_at:%Y%m%d%H%M%S%f}",
        outcome=instalment.objection_outcome,
        reason=instalment.objection_answer,
    )


def tell_waiver_asked(instalment: Instalment, booking: Booking, *, outstanding: Decimal) -> None:
    """The other finance people learn that a waiver needs one of them."""
    asker = instalment.waiver_asked_by
    if asker is None:
        return
    for person in finance_people(booking, but=[booking.customer_id, asker.pk]):
        notify(
            user=person,
            template="waiver_asked",
            context={
                **_thing(instalment, booking),
                "amount": shown(outstanding, instalment.currency),
                "name": asker.full_name or asker.username or "—",
                "reason": instalment.waiver_reason,
            },
            dedupe_key=f"{instalment.pk}:{person.pk}",
            link=_link(instalment),
        )


def tell_waived(instalment: Instalment, booking: Booking, *, outstanding: Decimal) -> None:
    """The customer learns that an instalment need not be paid."""
    amount = shown(outstanding, instalment.currency)
    _tell_customer(instalment, booking, "instalment_waived", key="", amount=amount)


def tell_paused(instalment: Instalment, booking: Booking, *, reason: str, when: str) -> None:
    """The customer learns that an instalment is not due after all."""
    _tell_customer(instalment, booking, "instalment_paused", key=when, reason=reason)


def tell_plan_paid(booking: Booking, *, when: str) -> None:
    """The customer learns that nothing of the plan is left to pay."""
    notify(
        user=booking.customer,
        template="plan_paid",
        context={
            "booking": booking.reference,
            "development": booking.development.name,
            "amount": shown(booking.price, booking.currency),
        },
        dedupe_key=f"{booking.pk}:{when}",
        link=f"/api/v1/bookings/{booking.pk}/",
    )


def finance_people(booking: Booking, *, but: Iterable[Any]) -> list[User]:
    """Who looks after money at the booking's builder."""
    seats = Membership.objects.live().filter(
        organization=booking.builder_id,
        role__in=FINANCE_ROLES,
        user__status=UserStatus.ACTIVE,
    )
    found = seats.exclude(user__in=list(but)).select_related("user").order_by("pk")
    return [seat.user for seat in found]


def shown(amount: Decimal, currency: str) -> str:
    """An amount with the places of its currency, as messages say it: ``50,000.00 AED``."""
    return f"{from_minor(to_minor(amount, currency), currency):,f} {currency}"


def _tell_customer(
    instalment: Instalment,
    booking: Booking,
    template: str,
    *,
    key: str,
    urgent: bool = False,
    **context: Any,
) -> None:
    notify(
        user=booking.customer,
        template=template,
        context={**_thing(instalment, booking), **context},
        dedupe_key=f"{instalment.pk}:{key}",
        link=_link(instalment),
        urgent=urgent,
    )


def _thing(instalment: Instalment, booking: Booking) -> dict[str, str]:
    return {
        "label": instalment.label,
        "booking": booking.reference,
        "development": booking.development.name,
    }


def _link(instalment: Instalment) -> str:
    return f"/api/v1/instalments/{instalment.pk}/"


def _evidence_text(instalment: Instalment) -> str:
    evidence = instalment.evidence
    if not evidence:
        return ""
    files = ", ".join(file["name"] for file in evidence.get("files", []))
    return f"{evidence['name']} ({files})" if files else str(evidence["name"])
