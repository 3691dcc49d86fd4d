"""What staff decide in the back office is what the services decide."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.groups import FINANCE, SITE_ADMINISTRATION, SUPPORT
from accounts.models import AuditEvent, User
from accounts.tests.factories.organizations import staff_in
from bookings.choices import (
    BookingStatus,
    ChangeRequestStatus,
    InstalmentStatus,
    RefundStatus,
    RequestStatus,
)
from bookings.models import Booking, ChangeRequest, Refund
from bookings.services.cancellations import ask_cancellation
from bookings.services.objections import object_to_instalment
from bookings.services.refunds import request_refund
from bookings.tests.deals import confirmed_booking
from bookings.tests.factories.changes import ChangeRequestFactory
from bookings.tests.factories.homes import BookingFactory
from bookings.tests.owing import owed
from config.shared.admin_acts import refusal
from config.shared.errors import InvalidInputError

SENT = {"_form_submitted": "on"}


def office_of(staff: User) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def act(staff: User, row: Any, name: str, **given: Any) -> Any:
    """Carry an act out as ``staff`` does, by the dialog on the page of ``row``."""
    meta = row._meta
    path = f"/admin/{meta.app_label}/{meta.model_name}/{row.pk}/{name}/"
    return office_of(staff).post(path, {**SENT, **given}, follow=True)


@pytest.mark.django_db
@pytest.mark.capability("R08")
def test_staff_give_up_a_hold_with_a_reason() -> None:
    booking = BookingFactory()
    staff = staff_in(SITE_ADMINISTRATION)

    silent = act(staff, booking, "release", reason="")
    held = Booking.objects.get(pk=booking.pk).status
    said = act(staff, booking, "release", reason="The customer rang.")

    booking.refresh_from_db()
    booking.unit.refresh_from_db()
    assert (silent.status_code, held) == (200, BookingStatus.HELD)
    assert "given up" in said.content.decode()
    assert (booking.status, booking.unit.status) == (BookingStatus.CANCELLED, "available")
    event = AuditEvent.objects.about(booking).get(action="bookings.booking.cancelled")
    assert (event.actor, event.reason) == (staff, "The customer rang.")


@pytest.mark.django_db
def test_support_sees_a_booking_and_decides_nothing() -> None:
    booking = BookingFactory()
    staff = staff_in(SUPPORT)

    page = office_of(staff).get(reverse("admin:bookings_booking_change", args=[booking.pk]))
    refused = act(staff, booking, "release", reason="Because")

    assert page.status_code == 200
    assert f"/{booking.pk}/release/" not in page.content.decode()
    assert refused.status_code == 403
    assert Booking.objects.get(pk=booking.pk).status == BookingStatus.HELD


@pytest.mark.django_db
def test_what_a_service_refuses_is_said_and_changes_nothing() -> None:
    booking = confirmed_booking()
    staff = staff_in(SITE_ADMINISTRATION)

    said = act(staff, booking, "release", reason="Because").content.decode()

    assert "paid" in said
    assert Booking.objects.get(pk=booking.pk).status == BookingStatus.CONFIRMED


@pytest.mark.django_db
@pytest.mark.capability("R18")
def test_a_large_cancellation_takes_two_members_of_staff() -> None:
    booking = confirmed_booking()
    request = ask_cancellation(booking=booking, actor=booking.customer, reason="Moving abroad")
    first, second = staff_in(SITE_ADMINISTRATION), staff_in(FINANCE)

    act(first, request, "approve", note="")
    request.refresh_from_db()
    waiting = request.status
    act(first, request, "approve", note="")
    request.refresh_from_db()
    still_waiting = request.status
    act(second, request, "approve", note="")

    request.refresh_from_db()
    booking.refresh_from_db()
    assert (waiting, still_waiting) == (RequestStatus.SECOND_NEEDED, RequestStatus.SECOND_NEEDED)
    assert (request.status, booking.status) == (RequestStatus.APPROVED, BookingStatus.CANCELLED)
    assert {request.approved_by, request.second_approved_by} == {first, second}


@pytest.mark.django_db
@pytest.mark.capability("R18")
def test_nobody_in_finance_approves_a_large_refund_of_their_own() -> None:
    booking = confirmed_booking()
    payment = booking.payments.get()
    first, second = staff_in(FINANCE), staff_in(FINANCE)
    refund = request_refund(
        payment=payment, amount=Decimal("50000.00"), reason="goodwill", actor=first
    )

    act(first, refund, "approve")
    own = Refund.objects.get(pk=refund.pk).status
    act(second, refund, "approve")

    refund.refresh_from_db()
    assert (own, refund.status) == (RefundStatus.REQUESTED, RefundStatus.APPROVED)
    assert refund.approved_by == second


@pytest.mark.django_db
@pytest.mark.capability("R15")
def test_an_objection_is_answered_from_the_queue() -> None:
    instalment = owed()
    object_to_instalment(
        instalment=instalment, customer=instalment.booking.customer, text="The roof is not there."
    )
    staff = staff_in(FINANCE)
    queue = reverse("admin:bookings_instalment_changelist") + "?objection=open"

    listed = office_of(staff).get(queue).context["cl"].result_list
    act(staff, instalment, "answer", outcome="dismissed", answer="See the photographs.")

    instalment.refresh_from_db()
    assert [row.pk for row in listed] == [instalment.pk]
    assert instalment.objection_answer == "See the photographs."
    assert instalment.objection_resolved_by == staff
    assert not office_of(staff).get(queue).context["cl"].result_list


@pytest.mark.django_db
@pytest.mark.capability("R15")
def test_a_waiver_takes_two_members_of_staff() -> None:
    instalment = confirmed_booking().instalments.get(order=2)
    first, second = staff_in(FINANCE), staff_in(FINANCE)

    act(first, instalment, "waive", reason="As agreed with the builder")
    act(first, instalment, "waive", reason="As agreed with the builder")
    instalment.refresh_from_db()
    alone = instalment.status
    act(second, instalment, "waive", reason="Seen and agreed")

    instalment.refresh_from_db()
    assert alone == InstalmentStatus.SCHEDULED
    assert (instalment.status, instalment.waived_by) == (InstalmentStatus.WAIVED, second)


@pytest.mark.django_db
def test_the_front_page_adds_up_each_currency_for_itself() -> None:
    confirmed_booking()

    page = office_of(staff_in(FINANCE)).get(reverse("admin:index"))

    panels = {panel.title: panel for panel in page.context["panels"]}
    sales = {figure.label: figure.value for figure in panels["Sales and money"].figures}
    units = {figure.label: figure.value for figure in panels["Units"].figures}
    assert (sales["Value sold"], sales["Collected"]) == ("1,000,000 AED", "100,000 AED")
    assert (units["Reserved"], units["Available"]) == (1, 0)


def test_a_refusal_is_one_sentence_for_staff() -> None:
    error = InvalidInputError.at("/amount", "too_much", "More than is left.")

    assert refusal(error) == "More than is left."


@pytest.mark.django_db
@pytest.mark.capability("R27")
def test_a_change_is_quoted_from_the_queue() -> None:
    change = ChangeRequestFactory(status=ChangeRequestStatus.SUBMITTED)
    staff = staff_in(SITE_ADMINISTRATION)

    act(staff, change, "quote", price="18500", extra_days="10", valid_days="", note="")
    too_early = ChangeRequest.objects.get(pk=change.pk).status
    act(staff, change, "review")
    act(staff, change, "quote", price="18500", extra_days="10", valid_days="", note="In oak.")

    quoted = ChangeRequest.objects.get(pk=change.pk)
    assert too_early == ChangeRequestStatus.SUBMITTED
    assert (quoted.status, quoted.quoted_price) == (ChangeRequestStatus.QUOTED, Decimal(18_500))
    assert (quoted.extra_days, quoted.decision_note) == (10, "In oak.")
