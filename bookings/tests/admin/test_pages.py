"""What staff read on the pages of bookings, instalments and payments."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.groups import FINANCE, SITE_ADMINISTRATION
from accounts.tests.factories.organizations import staff_in
from bookings.models import Payment
from bookings.tests.deals import confirmed_booking
from bookings.tests.factories.homes import BookingFactory
from bookings.tests.owing import booked, by_phase, finish, of

pytestmark = pytest.mark.django_db


def page_of(row: Any, group: str = FINANCE) -> str:
    """The page of ``row``, as a member of ``group`` reads it."""
    client = Client()
    client.force_login(staff_in(group))
    meta = row._meta
    path = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
    text: str = client.get(path).content.decode()
    return text


@pytest.mark.capability("R14", "R35")
def test_the_evidence_of_an_instalment_is_a_table_with_its_files() -> None:
    development, phase = by_phase()
    booking = booked(development)
    finish(phase)
    (photo,) = phase.evidence.all()

    line = of(booking, "Structure")
    page = page_of(line, SITE_ADMINISTRATION)

    assert f"Structure, 100.00 %, completed {line.evidence['completed_at']}" in page
    assert reverse("admin:accounts_mediafile_change", args=[photo.pk]) in page
    assert photo.sha256 in page


@pytest.mark.capability("R12")
def test_a_booking_names_its_state_and_sums_in_words() -> None:
    held = BookingFactory(pending_payment=True)

    page = page_of(held)

    assert "Pending payment" in page
    assert "100,000.00 AED" in page
    assert "100000.000" not in page


@pytest.mark.capability("R16")
def test_a_payment_shows_what_was_kept_and_given_back_in_its_currency() -> None:
    payment = Payment.objects.get(booking=confirmed_booking())

    page = page_of(payment)

    assert payment.amount == Decimal("100000.000")
    assert page.count("0.00 AED") >= 2
    assert "0.000" not in page
