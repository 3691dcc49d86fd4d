"""What bookings keep about a person, as they get it when they ask for all of it.

What stands against forgetting them, and what is taken out, is in ``erasing``.
"""

from typing import Any

from django.db.models import Q

from accounts.models import User
from accounts.services.personal_data import MOST_ROWS, all_facts, facts
from bookings.models import (
    Appointment,
    Booking,
    CancellationRequest,
    ChangeRequest,
    ClaimLog,
    Instalment,
    Payment,
    Refund,
    TransferRequest,
    WaitlistEntry,
)
from bookings.services import erasing as erasing  # noqa: PLC0414 - it registers itself
from config.shared.personal_data import collects

# Who of the builder or the staff did something is not the customer's to take away.
OTHERS = {
    "sales_agent",
    "handover_signed_by_builder",
    "objection_resolved_by",
    "waiver_asked_by",
    "waived_by",
    "confirmed_by",
    "requested_by",
    "approved_by",
    "second_approved_by",
    "decided_by",
    "cancelled_by",
    "client_key",
}


@collects("bookings.bookings")
def bookings(person: User) -> list[dict[str, Any]]:
    """What they hold, have bought, or left."""
    rows = Booking.objects.filter(customer=person).select_related("unit", "development")
    return [
        {"unit_label": str(row.unit), "development_name": row.development.name}
        | facts(row, without={"customer", *OTHERS})
        for row in rows
    ]


@collects("bookings.instalments")
def instalments(person: User) -> list[dict[str, Any]]:
    """What they owe and owed, part by part."""
    return all_facts(Instalment.objects.filter(booking__customer=person), without=OTHERS)


@collects("bookings.payments")
def payments(person: User) -> list[dict[str, Any]]:
    """What they paid."""
    return all_facts(Payment.objects.filter(payer=person), without={"payer", *OTHERS})


@collects("bookings.refunds")
def refunds(person: User) -> list[dict[str, Any]]:
    """What was given back to them."""
    return all_facts(Refund.objects.filter(payment__payer=person), without=OTHERS)


@collects("bookings.appointments")
def appointments(person: User) -> list[dict[str, Any]]:
    """When they met somebody, as guest or host."""
    rows = Appointment.objects.filter(Q(guest=person) | Q(host=person))[:MOST_ROWS]
    return [
        facts(row, without={"host", "guest", *OTHERS}) | {"as_host": row.host_id == person.pk}
        for row in rows
    ]


@collects("bookings.change_requests")
def change_requests(person: User) -> list[dict[str, Any]]:
    """What they wanted built differently."""
    rows = ChangeRequest.objects.filter(customer=person)
    return all_facts(rows, without={"customer", *OTHERS})


@collects("bookings.requests")
def requests(person: User) -> dict[str, Any]:
    """Cancellations and transfers that they asked for, or that were offered to them."""
    passed_on = TransferRequest.objects.filter(Q(from_customer=person) | Q(to_customer=person))
    return {
        "cancellations": all_facts(
            CancellationRequest.objects.filter(asked_by=person), without={"asked_by", *OTHERS}
        ),
        "transfers": [
            facts(row, without={"from_customer", "to_customer", *OTHERS})
            | {"given": row.from_customer_id == person.pk}
            for row in passed_on
        ],
    }


@collects("bookings.claims")
def claims(person: User) -> dict[str, Any]:
    """Where they wait, and what came of their claims."""
    return {
        "waiting_lists": all_facts(
            WaitlistEntry.objects.filter(customer=person), without={"customer"}
        ),
        "claims": all_facts(ClaimLog.objects.filter(who=person)[:MOST_ROWS], without={"who"}),
    }
