"""Payment plans, late fees and cancellation: what is taken, what is refused, and where."""

import pytest

from catalog.services.policies import (
    check_cancellation_policy,
    check_late_fee_policy,
    check_plan,
)
from config.shared.errors import InvalidInputError

DEPOSIT = {"label": "Deposit", "percent": "10", "due": {"rule": "deposit"}}
HANDOVER = {"label": "Handover", "balance": True, "due": {"rule": "handover"}}
PHASE = "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"
MONTHLY = {
    "grace_days": 5,
    "kind": "percent",
    "percent": "1",
    "every_days": 30,
    "cap_percent": "5",
}


def line(**changes):
    return {"label": "Middle", "percent": "20", "due": {"rule": "days", "days": 60}, **changes}


def faults(check, policy):
    with pytest.raises(InvalidInputError) as refusal:
        check(policy)
    return [(error.pointer, error.code) for error in refusal.value.errors]


def plan_faults(*lines):
    return faults(check_plan, {"lines": list(lines)})


@pytest.mark.capability("R13")
def test_a_plan_with_every_kind_of_line_is_taken_as_it_is():
    plan = {
        "lines": [
            DEPOSIT,
            line(),
            line(label="Structure", due={"rule": "phase", "phase": PHASE}),
            {"label": "Fixed", "amount": "50000", "due": {"rule": "date", "date": "2027-06-30"}},
            HANDOVER,
        ]
    }

    assert check_plan(plan) == plan
    assert check_plan({}) == {}


@pytest.mark.capability("R13")
def test_numbers_are_kept_without_idle_zeros():
    kept = check_plan({"lines": [{**DEPOSIT, "percent": "10.5000"}, line(percent=20), HANDOVER]})

    assert [entry.get("percent") for entry in kept["lines"]] == ["10.5", "20", None]


@pytest.mark.capability("R13")
@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], ("/plan_template/lines", "required")),
        ([line()], ("/plan_template/lines/0/due/rule", "deposit_first")),
        ([DEPOSIT, DEPOSIT, HANDOVER], ("/plan_template/lines/1/due/rule", "deposit_first")),
        ([DEPOSIT, line()], ("/plan_template/lines", "sum")),
        ([DEPOSIT, HANDOVER, HANDOVER], ("/plan_template/lines", "one_balance")),
        ([DEPOSIT, line(percent="90"), HANDOVER], ("/plan_template/lines", "nothing_remains")),
        ([DEPOSIT, line(percent="0")], ("/plan_template/lines/1/percent", "out_of_range")),
        ([DEPOSIT, line(percent="101")], ("/plan_template/lines/1/percent", "out_of_range")),
        ([DEPOSIT, line(percent="1e1")], ("/plan_template/lines/1/percent", "not_a_number")),
        ([DEPOSIT, line(percent=0.5)], ("/plan_template/lines/1/percent", "not_a_number")),
        ([DEPOSIT, line(percent=True)], ("/plan_template/lines/1/percent", "not_a_number")),
        ([DEPOSIT, line(percent="١٠")], ("/plan_template/lines/1/percent", "not_a_number")),
        ([DEPOSIT, line(percent="NaN")], ("/plan_template/lines/1/percent", "not_a_number")),
        ([DEPOSIT, line(balance=True)], ("/plan_template/lines/1", "one_share")),
        ([DEPOSIT, line(label="")], ("/plan_template/lines/1/label", "label_length")),
        ([DEPOSIT, line(label="x" * 121)], ("/plan_template/lines/1/label", "label_length")),
        ([DEPOSIT, line(label="a\nb")], ("/plan_template/lines/1/label", "not_text")),
        ([DEPOSIT, line(colour="red")], ("/plan_template/lines/1/colour", "unknown")),
        ([DEPOSIT, line(due=None)], ("/plan_template/lines/1/due", "not_an_object")),
        ([DEPOSIT, line(due={"rule": "x"})], ("/plan_template/lines/1/due/rule", "not_a_choice")),
        ([DEPOSIT, line(due={"rule": []})], ("/plan_template/lines/1/due/rule", "not_a_choice")),
        ([DEPOSIT, "line"], ("/plan_template/lines/1", "not_an_object")),
        (
            [DEPOSIT, {"label": "Fixed", "amount": "5", "due": {"rule": "handover"}}],
            ("/plan_template/lines", "balance_missing"),
        ),
        (
            [DEPOSIT, line(due={"rule": "days", "days": 0})],
            ("/plan_template/lines/1/due/days", "out_of_range"),
        ),
        (
            [DEPOSIT, line(due={"rule": "handover", "days": 1})],
            ("/plan_template/lines/1/due/days", "contradiction"),
        ),
        (
            [DEPOSIT, line(due={"rule": "date", "date": "2027-02-30"})],
            ("/plan_template/lines/1/due/date", "not_a_date"),
        ),
        (
            [DEPOSIT, line(due={"rule": "date", "date": "9999-12-31"})],
            ("/plan_template/lines/1/due/date", "out_of_range"),
        ),
        (
            [DEPOSIT, line(due={"rule": "phase", "phase": "structure"})],
            ("/plan_template/lines/1/due/phase", "not_a_phase"),
        ),
    ],
)
def test_a_faulty_plan_is_refused_at_the_place_of_the_fault(lines, expected):
    assert expected in plan_faults(*lines)


@pytest.mark.capability("R13")
def test_a_plan_is_bounded_and_is_an_object():
    assert plan_faults(*[DEPOSIT] * 61) == [("/plan_template/lines", "too_many")]
    assert faults(check_plan, ["lines"]) == [("/plan_template", "not_an_object")]
    assert faults(check_plan, {"lines": 5}) == [("/plan_template/lines", "required")]
    assert faults(check_plan, None) == [("/plan_template", "not_an_object")]


@pytest.mark.capability("R15")
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kind": "weekly"}, ("/late_fee_policy/kind", "not_a_choice")),
        ({"grace_days": -1}, ("/late_fee_policy/grace_days", "out_of_range")),
        ({"grace_days": "5"}, ("/late_fee_policy/grace_days", "not_a_number")),
        ({"amount": "5"}, ("/late_fee_policy/amount", "contradiction")),
        ({"percent": "0"}, ("/late_fee_policy/percent", "out_of_range")),
        ({"every_days": 0}, ("/late_fee_policy/every_days", "out_of_range")),
        ({"cap_amount": "5"}, ("/late_fee_policy/cap_amount", "contradiction")),
        ({"cap_percent": None}, ("/late_fee_policy/cap_percent", "not_a_number")),
        ({"forever": True}, ("/late_fee_policy/forever", "unknown")),
    ],
)
def test_a_faulty_late_fee_is_refused_at_the_place_of_the_fault(changes, expected):
    assert expected in faults(check_late_fee_policy, {**MONTHLY, **changes})


@pytest.mark.capability("R15")
def test_late_fees_are_taken_and_what_recurs_has_a_limit():
    fixed = {"grace_days": 0, "kind": "fixed", "amount": "500.5"}
    unlimited = {name: value for name, value in MONTHLY.items() if name != "cap_percent"}

    assert check_late_fee_policy(MONTHLY) == MONTHLY
    assert check_late_fee_policy({"kind": "fixed", "amount": "500.500"}) == fixed
    assert check_late_fee_policy({}) == {}
    assert faults(check_late_fee_policy, unlimited) == [
        ("/late_fee_policy/cap_percent", "required")
    ]


@pytest.mark.capability("R18")
def test_cancellation_names_each_stage_once():
    policy = {
        "keep": [{"stage": "confirmed", "percent": "10"}, {"stage": "contracted", "percent": "0"}],
        "of": "paid",
    }
    twice = {"keep": [policy["keep"][0]] * 2}

    assert check_cancellation_policy(policy) == policy
    assert check_cancellation_policy({"keep": policy["keep"]})["of"] == "price"
    assert check_cancellation_policy({}) == {}
    assert faults(check_cancellation_policy, twice) == [("/cancellation_policy/keep", "repeated")]
    assert faults(check_cancellation_policy, {"keep": [{"stage": "held", "percent": "101"}]}) == [
        ("/cancellation_policy/keep/0/stage", "not_a_choice"),
        ("/cancellation_policy/keep/0/percent", "out_of_range"),
    ]
    assert faults(check_cancellation_policy, {"keep": []}) == [
        ("/cancellation_policy/keep", "required")
    ]
