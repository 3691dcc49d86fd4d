"""Whatever the plan and the currency: the instalments are the price."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.plan_exceptions import PlanDoesNotFitError
from bookings.services.plans import DEFAULT_PLAN, amounts_of
from catalog.services.policies import check_plan
from config.shared.money import exponent, from_minor

CURRENCIES = ["JPY", "AED", "KWD"]


@st.composite
def plans(draw, currency):
    """A valid plan: per cents of four places, with or without a balance and amounts."""
    count = draw(st.integers(1, 12))
    cuts = draw(st.lists(st.integers(1, 999_999), min_size=count, max_size=count, unique=True))
    edges = [0, *sorted(cuts), 1_000_000]
    percents = [f"{Decimal(b - a) / 10_000:f}" for a, b in pairwise(edges)]
    lines = [
        {"label": f"Line {at}", "percent": percent, "due": {"rule": "handover"}}
        for at, percent in enumerate(percents)
    ]
    if draw(st.booleans()):
        del lines[-1]["percent"]
        lines[-1]["balance"] = True
        if draw(st.booleans()) and len(lines) > 2:
            del lines[1]["percent"]
            lines[1]["amount"] = f"{from_minor(draw(st.integers(1, 1000)), currency):f}"
    lines[0]["due"] = {"rule": "deposit"}
    return check_plan({"lines": lines})


@pytest.mark.capability("R13")
@pytest.mark.parametrize("currency", CURRENCIES)
@given(data=st.data())
def test_the_instalments_are_the_price_to_the_last_minor_unit(currency, data):
    plan = data.draw(plans(currency))
    price = from_minor(data.draw(st.integers(1, 10**12)), currency)

    try:
        amounts = amounts_of(plan, price=price, currency=currency)
    except PlanDoesNotFitError:
        return

    assert sum(amounts) == price
    assert min(amounts) > 0
    assert all(-amount.as_tuple().exponent == exponent(currency) for amount in amounts)


@pytest.mark.capability("R13")
@pytest.mark.parametrize(
    ("currency", "price", "expected"),
    [
        ("JPY", "100", ["33", "33", "34"]),
        ("AED", "100.00", ["33.33", "33.33", "33.34"]),
        ("KWD", "100.000", ["33.333", "33.333", "33.334"]),
    ],
)
def test_thirds_are_split_by_largest_remainder(currency, price, expected):
    thirds = [
        {"label": "First", "percent": "33.3333", "due": {"rule": "deposit"}},
        {"label": "Second", "percent": "33.3333", "due": {"rule": "days", "days": 30}},
        {"label": "Third", "percent": "33.3334", "due": {"rule": "handover"}},
    ]

    found = amounts_of({"lines": thirds}, price=Decimal(price), currency=currency)

    assert [str(amount) for amount in found] == expected


@pytest.mark.capability("R13")
def test_the_usual_plan_is_a_tenth_now_and_the_rest_with_the_keys():
    found = amounts_of(DEFAULT_PLAN, price=Decimal("999999.99"), currency="AED")

    assert found == [Decimal("100000.00"), Decimal("899999.99")]


@pytest.mark.capability("R13")
def test_a_plan_that_leaves_nothing_for_a_line_does_not_fit():
    lines = [
        {"label": "Deposit", "amount": "60.00", "due": {"rule": "deposit"}},
        {"label": "Handover", "balance": True, "due": {"rule": "handover"}},
    ]

    for price in ("60.00", "59.99"):
        with pytest.raises(PlanDoesNotFitError):
            amounts_of({"lines": lines}, price=Decimal(price), currency="AED")
