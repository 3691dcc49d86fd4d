"""What a development promises in advance: payment plan, late fees, cancellation.

Each check returns the policy as it is kept, and raises ``InvalidInputError`` with a JSON pointer
to each fault, below ``pointer``. An empty policy stays empty: the plan is then the usual one (a
tenth as the deposit, the rest at the handover), nothing is charged for being late, and nothing is
kept of what was paid when a booking is cancelled.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from unicodedata import category
from uuid import UUID

from catalog.models import Development
from catalog.services.policy_values import PolicyReader, written
from config.shared.money import LARGEST, MAX_PLACES

MOST_LINES = 60
LONGEST_LABEL = 120
HUNDRED = Decimal(100)
LARGEST_AMOUNT = LARGEST - 1

SHARES = ("percent", "amount", "balance")
# Rules of a line, with the member that says more about each.
RULES = {"deposit": None, "date": "date", "days": "days", "phase": "phase", "handover": None}
LATE_FEE_MEMBERS = (
    "grace_days",
    "kind",
    "percent",
    "amount",
    "every_days",
    "cap_percent",
    "cap_amount",
)
STAGES = ("confirmed", "contracted")
# Controls, halves of pairs, and what ends a line; the joiners of Hindi and Arabic are welcome.
NOT_IN_LINES = ("Cc", "Cs", "Zl", "Zp")
# Between these there is room for every grace and for every period of late fees.
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2199, 12, 31)
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def check_plan(
    template: Any, *, pointer: str = "/plan_template", development: Development | None = None
) -> dict[str, Any]:
    """The payment plan ``template``, checked; phases against ``development`` where it is given."""
    if template == {}:
        return {}
    reader = PolicyReader()
    members = reader.members(template, pointer, ("lines",))
    if members is None:
        reader.finish()
        return {}
    given = members.get("lines")
    at = f"{pointer}/lines"
    if not isinstance(given, list) or not given:
        reader.refuse(at, "required", "A plan has lines.")
    elif len(given) > MOST_LINES:
        reader.refuse(at, "too_many", f"At most {MOST_LINES} lines.")
    reader.finish()
    phases = _phases_of(development)
    lines = [
        _line(reader, line, f"{at}/{place}", place, phases)
        for place, line in enumerate(members["lines"])
    ]
    reader.finish()
    _check_sum(reader, lines, at)
    reader.finish()
    return {"lines": lines}


def check_late_fee_policy(policy: Any, *, pointer: str = "/late_fee_policy") -> dict[str, Any]:
    """The late fees ``policy``, checked: what recurs has a limit."""
    if policy == {}:
        return {}
    reader = PolicyReader()
    given = reader.members(policy, pointer, LATE_FEE_MEMBERS)
    if given is None:
        reader.finish()
        return {}
    kind = reader.one_of(given.get("kind"), f"{pointer}/kind", ("percent", "fixed"))
    grace = reader.whole(
        given.get("grace_days", 0), f"{pointer}/grace_days", at_least=0, at_most=365
    )
    kept: dict[str, Any] = {"grace_days": grace, "kind": kind}
    rate, other = ("percent", "amount") if kind == "percent" else ("amount", "percent")
    kept[rate] = written(_size(reader, given.get(rate), f"{pointer}/{rate}", rate))
    if other in given:
        reader.refuse(f"{pointer}/{other}", "contradiction", f"The kind is {kind}.")
    if "every_days" in given:
        kept["every_days"] = reader.whole(
            given["every_days"], f"{pointer}/every_days", at_least=1, at_most=366
        )
    kept |= _cap(reader, given, pointer)
    reader.finish()
    return kept


def check_cancellation_policy(
    policy: Any, *, pointer: str = "/cancellation_policy"
) -> dict[str, Any]:
    """The cancellation ``policy``, checked: each stage once, with what is kept of the money."""
    if policy == {}:
        return {}
    reader = PolicyReader()
    given = reader.members(policy, pointer, ("keep", "of"))
    if given is None:
        reader.finish()
        return {}
    of = reader.one_of(given.get("of", "price"), f"{pointer}/of", ("price", "paid"))
    stages = given.get("keep")
    if not isinstance(stages, list) or not 1 <= len(stages) <= len(STAGES):
        reader.refuse(f"{pointer}/keep", "required", "One or both stages, each once.")
    reader.finish()
    kept = [
        _stage(reader, stage, f"{pointer}/keep/{place}")
        for place, stage in enumerate(given["keep"])
    ]
    names = [stage["stage"] for stage in kept]
    if len(set(names)) != len(names):
        reader.refuse(f"{pointer}/keep", "repeated", "Each stage stands here once.")
    reader.finish()
    return {"keep": kept, "of": of}


def _line(
    reader: PolicyReader, line: Any, at: str, place: int, phases: Collection[str] | None
) -> dict[str, Any]:
    given = reader.members(line, at, ("label", "due", *SHARES))
    if given is None:
        return {}
    label = given.get("label")
    if not isinstance(label, str) or not 1 <= len(label.strip()) <= LONGEST_LABEL:
        reader.refuse(f"{at}/label", "label_length", f"1 to {LONGEST_LABEL} characters.")
        label = ""
    elif any(category(letter) in NOT_IN_LINES for letter in label):
        reader.refuse(f"{at}/label", "not_text", "One line of text, without control characters.")
    kept: dict[str, Any] = {"label": label.strip(), "due": _due(reader, given, at, place, phases)}
    shares = [name for name in SHARES if name in given]
    if len(shares) != 1:
        reader.refuse(at, "one_share", f"Exactly one of: {', '.join(SHARES)}.")
    elif shares == ["balance"]:
        if given["balance"] is not True:
            reader.refuse(f"{at}/balance", "not_a_choice", "True, or left out.")
        kept["balance"] = True
    else:
        (name,) = shares
        kept[name] = written(_size(reader, given[name], f"{at}/{name}", name))
    return kept


def _due(
    reader: PolicyReader,
    line: Mapping[str, Any],
    at: str,
    place: int,
    phases: Collection[str] | None,
) -> dict[str, Any]:
    at = f"{at}/due"
    given = reader.members(line.get("due"), at, ("rule", "date", "days", "phase"))
    if given is None:
        return {}
    rule = reader.one_of(given.get("rule"), f"{at}/rule", RULES)
    if not rule:
        return {}
    if (rule == "deposit") != (place == 0):
        reader.refuse(f"{at}/rule", "deposit_first", "The first line is the deposit, no other is.")
    more = RULES[rule]
    for name in set(given) & {"date", "days", "phase"} - {more}:
        reader.refuse(f"{at}/{name}", "contradiction", f"The rule is {rule}.")
    if more is None:
        return {"rule": rule}
    return {"rule": rule, more: _when(reader, given.get(more), f"{at}/{more}", more, phases)}


def _when(
    reader: PolicyReader, value: Any, at: str, kind: str, phases: Collection[str] | None
) -> str | int:
    if kind == "days":
        return reader.whole(value, at, at_least=1, at_most=7300)
    text = value if isinstance(value, str) else ""
    try:
        if kind == "date":
            day = date.fromisoformat(text if ISO_DATE.fullmatch(text) else "")
            if not FIRST_DAY <= day <= LAST_DAY:
                reader.refuse(at, "out_of_range", f"From {FIRST_DAY} to {LAST_DAY}.")
            return day.isoformat()
        found = str(UUID(text))
    except ValueError:
        reader.refuse(at, f"not_a_{kind}", f"This is no {kind}.")
        return ""
    if phases is not None and found not in phases:
        reader.refuse(at, "does_not_exist", "This development has no such phase.")
    return found


def _check_sum(reader: PolicyReader, lines: list[dict[str, Any]], at: str) -> None:
    balances = [line for line in lines if "balance" in line]
    percents = sum((Decimal(line["percent"]) for line in lines if "percent" in line), Decimal(0))
    if len(balances) > 1:
        reader.refuse(at, "one_balance", "At most one line takes what remains.")
    elif balances:
        if percents >= HUNDRED:
            reader.refuse(at, "nothing_remains", "The per cents leave nothing for the balance.")
    elif any("amount" in line for line in lines):
        reader.refuse(at, "balance_missing", "With amounts, one line takes what remains.")
    elif percents != HUNDRED:
        reader.refuse(at, "sum", f"The per cents make {written(percents)}, not 100.")


def _cap(reader: PolicyReader, given: Mapping[str, Any], pointer: str) -> dict[str, str]:
    caps = [name for name in ("cap_percent", "cap_amount") if name in given]
    if len(caps) > 1:
        reader.refuse(f"{pointer}/cap_amount", "contradiction", "One limit, not two.")
    elif not caps and "every_days" in given:
        reader.refuse(f"{pointer}/cap_percent", "required", "What recurs has a limit.")
    return {
        name: written(_size(reader, given[name], f"{pointer}/{name}", name[4:])) for name in caps
    }


def _stage(reader: PolicyReader, stage: Any, at: str) -> dict[str, str]:
    given = reader.members(stage, at, ("stage", "percent")) or {}
    name = reader.one_of(given.get("stage"), f"{at}/stage", STAGES)
    percent = reader.number(
        given.get("percent"), f"{at}/percent", at_most=HUNDRED, places=2, zero=True
    )
    return {"stage": name, "percent": written(percent)}


def _size(reader: PolicyReader, value: Any, at: str, kind: str) -> Decimal:
    if kind == "percent":
        return reader.number(value, at, at_most=HUNDRED)
    return reader.number(value, at, at_most=LARGEST_AMOUNT, places=MAX_PLACES)


def _phases_of(development: Development | None) -> set[str] | None:
    if development is None:
        return None
    return {str(key) for key in development.phases.order_by().values_list("pk", flat=True)}
