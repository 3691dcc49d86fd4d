"""Nothing that a client can send is answered with a server's error."""

from collections import Counter
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.tests.factories.people import UserFactory, sign_in
from config.shared.docs import description
from config.tests.hostile import Attack, attacks, operations_of

PROBLEM = "application/problem+json"
# Signing out in the middle would turn the rest of the attacks into anonymous ones.
LAST = ("/auth/logout", "/auth/sessions", "/me/deactivate", "/me/erase", "password", "change-")


def client_of(who: str) -> APIClient:
    api = APIClient(raise_request_exception=False)
    if who == "member":
        sign_in(api, UserFactory(with_email=True))
    elif who == "staff":
        sign_in(api, UserFactory(superuser=True))
    return api


def operations_for(who: str, schema: dict[str, Any]) -> set[str]:
    """What is attacked as whom: everything once, by the least powerful who gets through."""
    public = operations_of(schema, public=True)
    members = operations_of(description()) - public
    return {
        "anybody": public,
        "member": members,
        "staff": operations_of(schema) - members - public,
    }[who]


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
@pytest.mark.parametrize("who", ["anybody", "member", "staff"])
def test_no_input_breaks_any_operation(who: str) -> None:
    schema = description(staff=True)
    found = list(attacks(schema, only=operations_for(who, schema)))
    api = client_of(who)

    failures, statuses = failures_of(api, found)

    assert statuses[400] > len(found) // 10
    assert failures == []


def test_an_operation_that_breaks_is_found() -> None:
    """The control: a client whose server answers 500 is reported."""

    class Broken:
        def generic(self, *args: Any, **kwargs: Any) -> Any:
            return type("Response", (dict,), {"status_code": 500})()

    attack = Attack("get", "/api/v1/settings/", "nothing")

    failures, statuses = failures_of(Broken(), [attack])  # type: ignore[arg-type]

    assert failures == ["500 get /api/v1/settings/: nothing"]
    assert statuses == {500: 1}
