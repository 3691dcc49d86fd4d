"""Change requests: from the draft to the finished work, and who may do what in which state."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.tests.factories.organizations import seated, site_administrator
from accounts.tests.factories.people import UserFactory
from accounts.tests.outbox import sent_sms
from bookings.change_exceptions import (
    BookingNotConfirmedError,
    NotDraftError,
    QuoteExpiredError,
    TooLateError,
)
from bookings.choices import ChangeRequestStatus as Status
from bookings.models import ChangeRequest, Instalment
from bookings.services.change_quotes import (
    complete_change,
    quote_change,
    reject_change,
    review_change,
    start_change,
)
from bookings.services.change_requests import (
    approve_change,
    decline_change,
    draft_change,
    revise_change,
    submit_change,
    withdraw_change,
)
from bookings.services.local_days import local_day
from bookings.tests.factories.changes import (
    ChangeRequestFactory,
    answerer,
    lapse_quote,
    wish_file,
)
from bookings.tests.factories.homes import BookingFactory
from catalog.services.phases import start_phase
from catalog.tests.factories.construction import PhaseFactory, site_engineer
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError, InvalidTransitionError, NotAllowedError
from config.tests.support import drain

pytestmark = [pytest.mark.django_db, pytest.mark.capability("R27")]


def begin(phase):
    start_phase(phase=phase, actor=site_engineer(phase.development))


def test_from_the_draft_to_the_finished_work():
    booking = BookingFactory(confirmed=True)
    customer, before = booking.customer, booking.instalments.count()
    picture = wish_file(customer)

    draft = draft_change(
        actor=customer,
        booking=booking,
        category="kitchen",
        description="Move the sink",
        media=[picture],
    )
    site = answerer(draft)
    submitted = submit_change(change=draft, actor=customer)
    reviewed = review_change(change=submitted, actor=site)
    quoted = quote_change(
        change=reviewed, actor=site, price=Decimal("4500.50"), extra_days=7, valid_days=3
    )
    approved = approve_change(change=quoted, actor=customer)
    done = complete_change(change=start_change(change=approved, actor=site), actor=site)

    assert draft.reference.startswith("CR-")
    assert (quoted.quoted_price, quoted.extra_days) == (Decimal("4500.50"), 7)
    instalment = approved.instalment
    assert (instalment.kind, instalment.status, instalment.amount, instalment.currency) == (
        "change",
        "scheduled",
        Decimal("4500.50"),
        "AED",
    )
    today = local_day(booking.development, database_now())
    assert instalment.due_date == today + timedelta(days=14)
    assert instalment.order == before + 1
    assert (done.status, done.decided_by) == (Status.COMPLETED, customer)
    assert done.completed_at is not None
    picture.refresh_from_db()
    assert (picture.target_id, picture.is_private) == (draft.pk, True)


def test_both_sides_are_told_what_they_wait_for():
    change = ChangeRequestFactory(status=Status.COMPLETED)
    drain()

    to_customer = " ".join(sent_sms(change.customer.phone_number))
    to_site = " ".join(sent_sms(answerer(change).phone_number))
    for words in ("costs 4,500.00 AED and takes 7 extra days", "has begun", "is done"):
        assert f"{change.reference}" in to_customer
        assert words in to_customer
    assert "awaits your review" in to_site
    assert "the customer approved" in to_site


def test_a_change_that_costs_nothing_makes_no_instalment():
    change = ChangeRequestFactory(status=Status.QUOTED, price=Decimal(0))
    before = Instalment.objects.count()

    approved = approve_change(change=change, actor=change.customer)

    assert (approved.status, approved.instalment) == (Status.APPROVED, None)
    assert Instalment.objects.count() == before


@pytest.mark.parametrize("state", ["held", "pending_payment"])
def test_only_a_booking_that_is_certain_can_have_changes(state):
    booking = BookingFactory(**{state: True})

    with pytest.raises(BookingNotConfirmedError):
        draft_change(actor=booking.customer, booking=booking, category="other", description="Paint")

    assert not ChangeRequest.objects.exists()


def test_a_contracted_booking_can_have_changes():
    change = ChangeRequestFactory(booking=BookingFactory(contracted=True), status=Status.APPROVED)

    assert change.instalment is not None


def test_after_its_time_a_quote_can_only_be_declined():
    change = ChangeRequestFactory(status=Status.QUOTED)
    before = Instalment.objects.count()
    lapse_quote(change)

    with pytest.raises(QuoteExpiredError):
        approve_change(change=change, actor=change.customer)

    change.refresh_from_db()
    assert (change.status, Instalment.objects.count()) == (Status.QUOTED, before)
    declined = decline_change(change=change, actor=change.customer, note="Too dear")
    assert (declined.status, declined.decision_note) == (Status.DECLINED, "Too dear")


def test_once_the_phase_has_begun_it_is_too_late():
    booking = BookingFactory(confirmed=True)
    phase = PhaseFactory(development=booking.development)
    draft = ChangeRequestFactory(booking=booking, cutoff_phase=phase)
    quoted = ChangeRequestFactory(booking=booking, cutoff_phase=phase, status=Status.QUOTED)
    before = Instalment.objects.count()
    begin(phase)

    with pytest.raises(TooLateError) as late:
        submit_change(change=draft, actor=booking.customer)
    with pytest.raises(TooLateError):
        approve_change(change=quoted, actor=booking.customer)

    assert late.value.extra["phase"]["name"] == phase.name
    quoted.refresh_from_db()
    draft.refresh_from_db()
    assert (draft.status, quoted.status) == (Status.DRAFT, Status.QUOTED)
    assert Instalment.objects.count() == before


def test_the_builder_settles_the_phase_when_reviewing():
    change = ChangeRequestFactory(status=Status.SUBMITTED)
    phase = PhaseFactory(development=change.booking.development)
    site = answerer(change)

    with pytest.raises(InvalidInputError) as elsewhere:
        review_change(change=change, actor=site, cutoff_phase=PhaseFactory())
    reviewed = review_change(change=change, actor=site, cutoff_phase=phase)

    assert elsewhere.value.errors[0].pointer == "/cutoff_phase"
    quoted = quote_change(change=reviewed, actor=site, price=Decimal(100), extra_days=0)
    begin(phase)
    with pytest.raises(TooLateError):
        approve_change(change=quoted, actor=change.customer)


def test_only_drafts_are_written_anew():
    change = ChangeRequestFactory()
    file = wish_file(change.customer)

    revised = revise_change(
        change=change, actor=change.customer, description="Move the hob", media=[file]
    )

    assert (revised.description, list(revised.media.all())) == ("Move the hob", [file])
    submit_change(change=change, actor=change.customer)
    with pytest.raises(NotDraftError):
        revise_change(change=change, actor=change.customer, description="Move the fridge")
    change.refresh_from_db()
    assert change.description == "Move the hob"


def test_files_of_others_and_for_other_things_are_refused():
    booking = BookingFactory(confirmed=True)
    values = {"booking": booking, "category": "other", "description": "Paint"}

    for file in (wish_file(UserFactory()), wish_file(booking.customer, purpose="unit")):
        with pytest.raises(InvalidInputError) as refused:
            draft_change(actor=booking.customer, media=[file], **values)
        assert refused.value.errors[0].pointer == "/media/0"

    assert not ChangeRequest.objects.exists()


MOVES = {
    "submit": (submit_change, {}, Status.DRAFT, "customer"),
    "withdraw": (withdraw_change, {}, Status.SUBMITTED, "customer"),
    "review": (review_change, {}, Status.SUBMITTED, "builder"),
    "quote": (
        quote_change,
        {"price": Decimal(1), "extra_days": 0},
        Status.UNDER_REVIEW,
        "builder",
    ),
    "reject": (reject_change, {"reason": "No"}, Status.UNDER_REVIEW, "builder"),
    "approve": (approve_change, {}, Status.QUOTED, "customer"),
    "decline": (decline_change, {}, Status.QUOTED, "customer"),
    "start": (start_change, {}, Status.APPROVED, "builder"),
    "complete": (complete_change, {}, Status.IN_PROGRESS, "builder"),
}


@pytest.mark.parametrize("name", MOVES)
def test_each_step_is_for_its_side_and_in_its_state_alone(name):
    service, values, state, side = MOVES[name]
    change = ChangeRequestFactory(status=state)
    builder = change.booking.builder
    others = {
        "customer": [answerer(change), UserFactory(), site_administrator()],
        "builder": [change.customer, seated(builder, "sales"), seated(builder, "finance")],
    }

    for actor in [*others[side], UserFactory(staff=True)]:
        with pytest.raises(NotAllowedError):
            service(change=change, actor=actor, **values)

    change.refresh_from_db()
    assert change.status == state
    actor = change.customer if side == "customer" else answerer(change)
    service(change=change, actor=actor, **values)
    with pytest.raises(InvalidTransitionError):
        service(change=change, actor=actor, **values)


def test_staff_with_the_permission_answer_for_the_builder():
    change = ChangeRequestFactory(status=Status.SUBMITTED)

    assert review_change(change=change, actor=site_administrator()).status == Status.UNDER_REVIEW


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"price": Decimal("1.001")}, "/price"),
        ({"price": Decimal(1), "valid_until": "past"}, "/valid_until"),
        ({"price": Decimal(1), "valid_until": "far"}, "/valid_until"),
    ],
)
def test_a_quote_that_cannot_be_is_refused(values, pointer):
    change = ChangeRequestFactory(status=Status.UNDER_REVIEW)
    shifts = {"past": -timedelta(minutes=1), "far": timedelta(days=400)}
    if "valid_until" in values:
        values = {**values, "valid_until": database_now() + shifts[values["valid_until"]]}

    with pytest.raises(InvalidInputError) as refused:
        quote_change(change=change, actor=answerer(change), extra_days=1, **values)

    assert refused.value.errors[0].pointer == pointer
    change.refresh_from_db()
    assert (change.status, change.quoted_price) == (Status.UNDER_REVIEW, None)
