"""Amounts: exponents, splits that add up, fees, and minor units there and back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.shared.errors import InvalidInputError
from config.shared.money import (
    EXPONENTS,
    check_amount,
    exponent,
    fee,
    from_minor,
    grouped,
    split,
    to_minor,
)

currencies = st.sampled_from(sorted(EXPONENTS))
minors = st.integers(min_value=0, max_value=10**11)


@pytest.mark.parametrize(
    ("currency", "places"),
    [
        ("AED", 2),
        ("JPY", 0),
        ("KWD", 3),
        ("BHD", 3),
        ("ISK", 0),
        ("UGX", 0),
        ("HUF", 2),
        ("XOF", 0),
    ],
)
def test_each_currency_has_its_iso_exponent(currency, places):
    assert exponent(currency) == places


# "XXX" is ISO 4217's code for no currency at all.
@pytest.mark.parametrize("currency", ["", "aed", "XXX", "XAU", "CLF", "EURO"])
def test_what_is_no_money_is_refused(currency):
    with pytest.raises(InvalidInputError) as refusal:
        exponent(currency)

    assert refusal.value.errors[0].code == "currency_unknown"
    assert refusal.value.errors[0].pointer == "/currency"


@pytest.mark.parametrize(
    ("amount", "currency", "exact"),
    [
        ("10", "AED", "10.00"),
        ("10.500", "AED", "10.50"),
        ("7.000", "JPY", "7"),
        ("0", "KWD", "0.000"),
    ],
)
def test_an_amount_gets_the_places_of_its_currency(amount, currency, exact):
    assert str(check_amount(Decimal(amount), currency)) == exact


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        ("0.005", "AED", "amount_too_precise"),
        ("1.5", "JPY", "amount_too_precise"),
        ("0.0001", "KWD", "amount_too_precise"),
        ("-0.01", "AED", "amount_out_of_range"),
        ("100000000000", "AED", "amount_out_of_range"),
        ("NaN", "AED", "amount_out_of_range"),
        ("sNaN", "AED", "amount_out_of_range"),
        ("Infinity", "AED", "amount_out_of_range"),
        ("1E+999999", "AED", "amount_out_of_range"),
        ("1E-999999", "AED", "amount_too_precise"),
    ],
)
def test_an_amount_that_its_column_or_currency_cannot_hold_is_refused(amount, currency, code):
    with pytest.raises(InvalidInputError) as refusal:
        check_amount(Decimal(amount), currency, pointer="/price")

    assert refusal.value.errors[0].code == code
    assert refusal.value.errors[0].pointer == "/price"


@pytest.mark.parametrize(
    ("amount", "weights", "currency", "parts"),
    [
        ("100.00", [1, 1, 1], "AED", ["33.33", "33.33", "33.34"]),
        ("0.05", [1, 1, 1], "AED", ["0.01", "0.02", "0.02"]),
        ("100", [1, 1, 1], "JPY", ["33", "33", "34"]),
        ("100.000", [1, 1, 1], "KWD", ["33.333", "33.333", "33.334"]),
        ("100.00", [20, 30, 50], "AED", ["20.00", "30.00", "50.00"]),
        ("0.01", [70, 20, 10], "AED", ["0.01", "0.00", "0.00"]),
        ("10.00", [Decimal("33.3"), 0, Decimal("66.7")], "AED", ["3.33", "0.00", "6.67"]),
        ("-100.00", [1, 1, 1], "AED", ["-33.33", "-33.33", "-33.34"]),
    ],
)
def test_a_split_gives_each_part_its_share(amount, weights, currency, parts):
    assert [str(part) for part in split(Decimal(amount), weights, currency)] == parts


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1, 1]])
def test_weights_that_say_nothing_are_refused(weights):
    with pytest.raises(ValueError, match="Weights"):
        split(Decimal("1.00"), weights, "AED")


@given(
    minor=minors,
    currency=currencies,
    weights=st.lists(
        st.decimals(min_value=0, max_value=1000, places=3), min_size=1, max_size=24
    ).filter(sum),
)
def test_the_parts_of_a_split_add_up_and_are_within_a_minor_unit_of_their_share(
    minor, currency, weights
):
    amount = from_minor(minor, currency)

    parts = split(amount, weights, currency)

    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        share = minor * weight / sum(weights)
        assert abs(to_minor(part, currency) - share) < 1
        assert part == check_amount(part, currency)


@given(minor=minors, currency=currencies)
def test_minor_units_go_there_and_back(minor, currency):
    assert to_minor(from_minor(minor, currency), currency) == minor


def test_a_fraction_of_a_minor_unit_has_no_minor_units():
    with pytest.raises(InvalidInputError):
        to_minor(Decimal("1.005"), "AED")


@pytest.mark.parametrize(
    ("amount", "percent", "currency", "due"),
    [
        ("100.00", "5", "AED", "5.00"),
        ("0.10", "5", "AED", "0.01"),
        ("0.09", "5", "AED", "0.00"),
        ("50", "1", "JPY", "1"),
        ("49", "1", "JPY", "0"),
        ("1.010", "5", "KWD", "0.051"),
        ("999.99", "0", "AED", "0.00"),
    ],
)
def test_a_fee_is_rounded_half_up(amount, percent, currency, due):
    assert str(fee(Decimal(amount), Decimal(percent), currency)) == due


@given(minor=minors, currency=currencies, percent=st.decimals(min_value=0, max_value=100, places=2))
def test_a_fee_lies_between_nothing_and_the_whole_amount(minor, currency, percent):
    amount = from_minor(minor, currency)

    assert 0 <= fee(amount, percent, currency) <= amount


@pytest.mark.parametrize(
    ("amount", "currency", "read"),
    [
        ("1250000.500", "AED", "1,250,000.50 AED"),
        ("1250.125", "KWD", "1,250.125 KWD"),
        ("1250.000", "JPY", "1,250 JPY"),
    ],
)
def test_people_read_amounts_with_the_places_of_their_currency(amount, currency, read):
    assert grouped(Decimal(amount), currency) == read
