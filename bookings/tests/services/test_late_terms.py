"""Late fees by the frozen terms: on which day, how much, and never above the limit."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.services.late_terms import late_terms
from bookings.tests.owing import MONTHLY
from catalog.services.policies import check_late_fee_policy

DUE = date(2026, 11, 1)


def terms(policy, amount="300000.00", currency="AED"):
    return late_terms(
        policy=check_late_fee_policy(policy), amount=Decimal(amount), currency=currency
    )


@pytest.mark.capability("R15")
def test_fees_come_after_the_grace_and_again_after_each_period():
    monthly = terms(MONTHLY)

    days = [5, 6, 35, 36, 66]
    assert [monthly.periods_by(DUE, DUE + timedelta(days=day)) for day in days] == [0, 1, 1, 2, 3]
    assert monthly.last_good_day(DUE) == date(2026, 11, 6)
    assert monthly.day_of(DUE, 1) == date(2026, 11, 7)
    assert monthly.day_of(DUE, 2) == date(2026, 12, 7)


@pytest.mark.capability("R15")
def test_fees_add_up_to_the_limit_and_no_further():
    monthly = terms(MONTHLY)

    assert monthly.one_fee == 3000
    assert monthly.limit == 7500
    assert [monthly.charged(Decimal(0), periods) for periods in (1, 2, 3, 99)] == [
        3000,
        6000,
        7500,
        7500,
    ]
    assert monthly.charged(Decimal(7500), 1) == 7500


@pytest.mark.capability("R15")
def test_a_fee_without_a_period_is_charged_once():
    once = terms({"kind": "fixed", "amount": "500", "grace_days": 0})

    assert once.periods_by(DUE, DUE) == 0
    assert once.periods_by(DUE, DUE + timedelta(days=1)) == 1
    assert once.periods_by(DUE, DUE + timedelta(days=1000)) == 1
    assert once.day_of(DUE, 2) is None


@pytest.mark.capability("R15")
def test_without_a_policy_nothing_is_charged():
    nothing = terms({})

    assert nothing.periods_by(DUE, DUE + timedelta(days=1000)) == 0
    assert nothing.day_of(DUE, 1) is None
    assert nothing.last_good_day(DUE) == date(2026, 11, 6)


@pytest.mark.capability("R15")
def test_a_fee_has_the_places_of_its_currency():
    assert terms(MONTHLY, "12345", "JPY").one_fee == Decimal(123)
    assert terms(MONTHLY, "12345.678", "KWD").one_fee == Decimal("123.457")


percents = st.integers(1, 1000).map(lambda number: f"{Decimal(number) / 10:f}")
sums = st.integers(1, 10**7).map(lambda number: f"{Decimal(number) / 100:f}")


@st.composite
def policies(draw):
    kind = draw(st.sampled_from(["percent", "fixed"]))
    rate, values = ("percent", percents) if kind == "percent" else ("amount", sums)
    policy = {"grace_days": draw(st.integers(0, 60)), "kind": kind, rate: draw(values)}
    if draw(st.booleans()):
        policy["every_days"] = draw(st.integers(1, 90))
    if "every_days" in policy or draw(st.booleans()):
        cap, values = draw(st.sampled_from([("cap_percent", percents), ("cap_amount", sums)]))
        policy[cap] = draw(values)
    return policy


@pytest.mark.capability("R15")
@given(
    policy=policies(),
    amount=sums,
    days=st.lists(st.integers(0, 2000), min_size=1, max_size=20).map(sorted),
)
def test_however_often_one_looks_each_period_is_charged_once_and_the_limit_holds(
    policy, amount, days
):
    found = terms(policy, amount)
    late_fee, charged = Decimal(0), 0

    for day in days:
        periods = found.periods_by(DUE, DUE + timedelta(days=day))
        assert periods >= charged
        late_fee = found.charged(late_fee, periods - charged)
        charged = periods

    at_once = found.charged(Decimal(0), found.periods_by(DUE, DUE + timedelta(days=days[-1])))
    assert late_fee == at_once
    assert late_fee <= found.one_fee * charged
    assert found.limit is None or late_fee <= found.limit
