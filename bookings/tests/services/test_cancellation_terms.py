"""What a cancellation keeps and gives back, by the terms that were frozen at the hold."""

from decimal import Decimal

import pytest

from bookings.services.cancellation_terms import quote_cancellation
from bookings.tests.deals import DEPOSIT, KEEPING, confirmed_booking, contracted_booking
from bookings.tests.factories.homes import BookingFactory
from bookings.tests.paying import pay
from catalog.models import Development
from config.shared.errors import InvalidTransitionError

pytestmark = [pytest.mark.django_db, pytest.mark.capability("R18")]


def policy(confirmed, contracted=None, of="price"):
    keep = [{"stage": "confirmed", "percent": confirmed}]
    if contracted is not None:
        keep.append({"stage": "contracted", "percent": contracted})
    return {"keep": keep, "of": of}


@pytest.mark.parametrize(
    ("terms", "kept", "refund"),
    [
        ({}, "0.00", "100000.00"),
        (policy("0"), "0.00", "100000.00"),
        (policy("5"), "50000.00", "50000.00"),
        (policy("10"), "100000.00", "0.00"),
        (policy("30"), "100000.00", "0.00"),
        (policy("5", of="paid"), "5000.00", "95000.00"),
        (policy("33.33", of="paid"), "33330.00", "66670.00"),
        (policy("100", of="paid"), "100000.00", "0.00"),
        ({"keep": [{"stage": "contracted", "percent": "30"}], "of": "price"}, "0.00", "100000.00"),
    ],
)
def test_what_is_kept_follows_the_policy_and_never_exceeds_what_was_paid(terms, kept, refund):
    booking = confirmed_booking(cancellation_policy=terms)

    quote = quote_cancellation(booking=booking)

    assert (quote.kept_amount, quote.refund_amount) == (Decimal(kept), Decimal(refund))
    assert (quote.paid_amount, quote.stage) == (DEPOSIT, "confirmed")


def test_more_is_kept_once_there_is_a_contract():
    booking = contracted_booking(cancellation_policy=policy("1", "8"))

    quote = quote_cancellation(booking=booking)

    assert (quote.stage, quote.kept_percent) == ("contracted", Decimal(8))
    assert (quote.kept_amount, quote.refund_amount) == (Decimal(80_000), Decimal(20_000))


def test_what_was_paid_since_counts():
    booking = confirmed_booking(cancellation_policy=policy("5"))
    pay(booking.instalments.get(order=2), Decimal("250000.50"))

    quote = quote_cancellation(booking=booking)

    assert quote.paid_amount == Decimal("350000.50")
    assert (quote.kept_amount, quote.refund_amount) == (Decimal(50_000), Decimal("300000.50"))


def test_what_the_builder_changes_later_does_not_count():
    booking = confirmed_booking(cancellation_policy=KEEPING)
    Development.objects.filter(pk=booking.development_id).update(cancellation_policy=policy("100"))

    assert quote_cancellation(booking=booking).kept_percent == Decimal(5)


def test_fractions_of_a_fils_are_rounded_half_up_and_nothing_is_lost():
    booking = confirmed_booking(cancellation_policy=policy("0.01", of="paid"))
    pay(booking.instalments.get(order=2), Decimal("50.00"))

    quote = quote_cancellation(booking=booking)

    assert (quote.kept_amount, quote.refund_amount) == (Decimal("10.01"), Decimal("100039.99"))
    assert quote.kept_amount + quote.refund_amount == quote.paid_amount


def test_above_the_limit_it_takes_two_people():
    small = confirmed_booking(cancellation_policy=policy("90", of="paid"))
    large = confirmed_booking(cancellation_policy=policy("89.99", of="paid"))

    assert quote_cancellation(booking=small).needs_second_person is False
    assert quote_cancellation(booking=large).needs_second_person is True


@pytest.mark.parametrize("trait", ["held", "pending_payment"])
def test_what_was_not_paid_for_has_no_terms(trait):
    booking = BookingFactory(**{trait: True})

    with pytest.raises(InvalidTransitionError) as refused:
        quote_cancellation(booking=booking)

    assert refused.value.current == trait
