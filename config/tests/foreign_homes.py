"""One of everything that homes know, of somebody who buys and of somebody who builds."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import User
from accounts.tests.factories.papers import CheckedFileFactory
from accounts.tests.factories.people import UserFactory
from bookings.services.cancellations import ask_cancellation
from bookings.services.refunds import request_refund
from bookings.services.transfers import ask_transfer
from bookings.tests.deals import confirmed_booking
from bookings.tests.factories.appointments import AppointmentFactory
from bookings.tests.factories.changes import ChangeRequestFactory
from catalog.models import AvailabilityException
from catalog.tests.factories.construction import (
    ModelFactory,
    PhaseFactory,
    UpdateFactory,
)
from catalog.tests.factories.homes import DevelopmentFactory, UnitFactory, member_of
from config.tests.foreign_hands import Inside

# When a host receives is shown to whoever would visit, and what one does not follow one may leave.
OPEN_TO_ALL = frozenset({"hosts_slots", "developments_unfollow"})
# That this builder is there is no secret, so a refusal may say that it is one.
SEEN_BY_ALL = frozenset({"developments_create/builder"})
LINE = {"block": "A", "floor": 1, "number": "101", "price": "1000000.00"}
BODIES: dict[str, dict[str, Any]] = {
    "appointments_create": {"kind": "site_visit", "starts_at": "2026-12-14T10:00:00Z"},
    "appointments_reschedule": {"starts_at": "2026-12-14T10:00:00Z"},
    "bookings_partial_update": {"notes": "Mine now"},
    "cancellations_reject": {"reason": "No"},
    "change_requests_create": {"category": "kitchen", "description": "An island"},
    "change_requests_partial_update": {"description": "Mine now"},
    "change_requests_quote": {"price": "1.00", "extra_days": 0},
    "change_requests_reject": {"reason": "No"},
    "developments_advance": {"target": "pre_launch"},
    "developments_archive": {"reason": "Mine now"},
    "developments_create": {"name": "New", "city": "Dubai", "currency": "AED"},
    "developments_partial_update": {"name": "Mine now"},
    "developments_models_create": {"title": "Model"},
    "developments_updates_create": {"title": "News"},
    "instalments_object": {"text": "Not so"},
    "instalments_resolve": {"answer": "So", "outcome": "upheld"},
    "instalments_waive": {"reason": "A gift"},
    "models_partial_update": {"title": "Mine now"},
    "payments_confirm_offline": {"reference": "TRF-1"},
    "payments_decline_offline": {"reason": "No"},
    "payments_refund": {"amount": "1.00", "reason": "goodwill"},
    "payments_simulate": {"outcome": "succeed"},
    "phases_create": {"name": "Roof", "weight": "1"},
    "phases_delay": {"reason": "Rain"},
    "phases_hold": {"reason": "Rain"},
    "phases_partial_update": {"name": "Mine now"},
    "phases_progress": {"percent": "1"},
    "phases_reopen": {"reason": "Rain"},
    "refunds_reject": {"reason": "No"},
    "transfers_reject": {"reason": "No"},
    "units_create": LINE,
    "units_models_create": {"title": "Model"},
    "units_partial_update": {"price": "1.00"},
    "updates_correct": {"correction": "Not so"},
    "updates_partial_update": {"title": "Mine now"},
}


def homes_of(owner: User) -> dict[str, dict[str, Any]]:
    """Keys of what ``owner`` has bought or offered, and of what a builder shows to nobody yet."""
    bought = confirmed_booking(customer=owner)
    payment = bought.payments.get()
    finance = member_of(bought.builder, "finance")
    refund = request_refund(
        payment=payment, amount=Decimal(50000), reason="goodwill", actor=finance
    )
    passing_on = confirmed_booking(customer=owner)
    transfer = ask_transfer(booking=passing_on, actor=owner, to_customer=UserFactory())
    leaving = confirmed_booking(customer=owner)
    cancellation = ask_cancellation(booking=leaving, actor=owner, reason="Too small")
    closed = AvailabilityException.objects.create(host=owner, day=date(2030, 1, 1), is_closed=True)
    things = {
        "appointments/": AppointmentFactory(guest=owner),
        "bookings/": bought,
        "cancellations/": cancellation,
        "change-requests/": ChangeRequestFactory(booking=bought),
        "hosts/": owner,
        "instalments/": bought.instalments.get(order=2),
        "me/availability/exceptions/": closed,
        "payments/": payment,
        "refunds/": refund,
        "transfers/": transfer,
        **planned(),
    }
    keys: dict[str, dict[str, Any]] = {start: {"id": thing.pk} for start, thing in things.items()}
    keys["bookings/"]["booking_id"] = bought.pk
    keys["developments/"]["development_id"] = things["developments/"].pk
    keys["units/"]["unit_id"] = things["units/"].pk
    for start in ("appointments/customer/", "bookings/customer/"):
        keys[start] = {"customer_id": owner.pk}
    return keys


def planned() -> dict[str, Any]:
    """A development that nobody but its builder knows of, with all that belongs to it."""
    development = DevelopmentFactory(planning=True)
    return {
        "developments/": development,
        "models/": ModelFactory(subject=development),
        "phases/": PhaseFactory(development=development),
        "units/": UnitFactory(development=development),
        "updates/": UpdateFactory(development=development),
    }


def plan_waiting_for(phase: str) -> dict[str, Any]:
    """A payment plan with a part that waits for ``phase``."""
    due = {"rule": "phase", "phase": phase}
    return {
        "lines": [
            {"label": "Deposit", "percent": "10", "due": {"rule": "deposit"}},
            {"label": "Rest", "percent": "90", "due": due},
        ]
    }


def named_homes_of(keys: Mapping[str, Mapping[str, Any]], owner: User) -> dict[str, Any]:
    """What bodies can name of homes, by the names that they give it."""
    file = CheckedFileFactory(owner=owner)
    gone = UserFactory(suspended=True)
    phase = keys["phases/"]["id"]
    return {
        "booking": keys["bookings/"]["id"],
        "brochure": file.pk,
        "builder": DevelopmentFactory().builder_id,
        "buildings": [gone.pk],
        "cover": file.pk,
        "customer": gone.pk,
        "cutoff_phase": phase,
        "development": keys["developments/"]["id"],
        "evidence": [file.pk],
        "file": file.pk,
        "floor_plan": file.pk,
        "guest": gone.pk,
        "host": gone.pk,
        "images": [file.pk],
        "instalment": keys["instalments/"]["id"],
        "media": [file.pk],
        "phase": phase,
        "plan_template": Inside(plan_waiting_for, phase),
        "thumbnail": file.pk,
        "to_customer": gone.pk,
        "unit": keys["units/"]["id"],
    }
