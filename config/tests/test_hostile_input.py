"""Nothing that a client can send is answered with a server's error."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from zlib import crc32

import pytest
from rest_framework.test import APIClient

from accounts.tests.factories.people import UserFactory, sign_in
from config.shared.docs import description
from config.tests.hostile import Attack, attacks, operations_of

PROBLEM = "application/problem+json"
# So that several processes share the work.
PARTS = 4
# Signing out in the middle would turn the rest of the attacks into anonymous ones.
LAST = ("/auth/logout", "/auth/sessions", "/me/deactivate", "/me/erase", "password", "change-")


def client_of(who: str) -> APIClient:
    api = APIClient(raise_request_exception=False)
    if who == "member":
        sign_in(api, UserFactory(with_email=True))
    elif who == "staff":
        sign_in(api, UserFactory(superuser=True))
    return api


def spread(found: Iterable[Attack]) -> Iterator[Attack]:
    """``found`` without most repetitions: what many operations have in common (a page, a reason, a
    header) is tried in full at the first two of them, and by every fifth value at the others.

    Which fifth differs by operation, so that each value meets many of them, the same in every run.
    """
    counts: Counter[str] = Counter()
    for attack in found:
        counts[attack.aim] += 1
        number = counts[attack.aim]
        if number <= 2 or (number + crc32(attack.aim.encode())) % 5 == 0:
            yield attack


def attacks_by(who: str, schema: dict[str, Any]) -> list[Attack]:
    """What is attacked as whom: everything once, by the least powerful who gets through.

    Staff, who see more, try what is theirs alone, and every tenth attack on all the rest.
    """
    public = operations_of(schema, public=True)
    members = operations_of(description()) - public
    if who == "anybody":
        return list(spread(attacks(schema, only=public)))
    if who == "member":
        return list(spread(attacks(schema, only=members)))
    own = operations_of(schema) - members - public
    shared = list(spread(attacks(schema, only=public | members)))[::10]
    return [*(attacks(schema, only=own) if own else ()), *shared]


def send(api: APIClient, attack: Attack) -> Any:
    headers: dict[str, Any] = {"CONTENT_TYPE": "application/json", **attack.headers}
    return api.generic(
        attack.method.upper(), attack.path, attack.body, headers.pop("CONTENT_TYPE"), **headers
    )


def in_order(found: list[Attack]) -> list[Attack]:
    return sorted(found, key=lambda attack: any(part in attack.path for part in LAST))


def failures_of(api: APIClient, found: list[Attack]) -> tuple[list[str], Counter[int]]:
    failures: list[str] = []
    statuses: Counter[int] = Counter()
    for attack in in_order(found):
        response = send(api, attack)
        statuses[response.status_code] += 1
        if response.status_code >= 500 and response.status_code != 503:
            failures.append(f"{response.status_code} {attack.method} {attack.path}: {attack.aim}")
        elif response.status_code >= 400 and response["Content-Type"] != PROBLEM:
            failures.append(f"no problem {attack.method} {attack.path}: {attack.aim}")
    return failures, statuses


@pytest.mark.django_db
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("who", ["anybody", "member", "staff"])
def test_no_input_breaks_any_operation(who: str, part: int) -> None:
    found = attacks_by(who, description(staff=True))[part::PARTS]
    api = client_of(who)

    failures, statuses = failures_of(api, found)

    assert statuses[400] > len(found) // 10
    assert failures == []


def test_repetitions_are_thinned_and_nothing_is_left_out() -> None:
    every = [Attack("get", f"/{number}/", f"query page={number % 2}") for number in range(40)]

    kept = list(spread([*every, Attack("get", "/once/", "query rare")]))

    assert [attack.path for attack in kept][:4] == [f"/{number}/" for number in range(4)]
    assert kept[-1].path == "/once/"
    assert 10 <= len(kept) <= 14


def test_an_operation_that_breaks_is_found() -> None:
    """The control: a client whose server answers 500 is reported."""

    class Broken:
        def generic(self, *args: Any, **kwargs: Any) -> Any:
            return type("Response", (dict,), {"status_code": 500})()

    attack = Attack("get", "/api/v1/settings/", "nothing")

    failures, statuses = failures_of(Broken(), [attack])  # type: ignore[arg-type]

    assert failures == ["500 get /api/v1/settings/: nothing"]
    assert statuses == {500: 1}
