"""An ``Idempotency-Key`` changes the first answer of no operation of the API.

Where it is required, nothing is looked at without one.
"""

import re
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.tests.factories.people import UserFactory, sign_in
from config.shared.docs import description
from config.tests.foreign_hands import operations

pytestmark = pytest.mark.django_db


def posts(*, required: bool) -> list[Any]:
    """Address and an example of the body of every POST that does or does not require a key."""
    found = []
    for template, method, operation in operations(description()):
        content = operation.get("requestBody", {}).get("content", {})
        if method == "post" and requires_key(operation) == required:
            body = content.get("application/json", {}).get("example", {})
            found.append(pytest.param(template, body, id=template))
    return found


def requires_key(operation: dict[str, Any]) -> bool:
    """Whether the operation says that it cannot be asked without a key."""
    return any(
        parameter["name"] == "Idempotency-Key" and parameter.get("required", False)
        for parameter in operation.get("parameters", ())
    )


def answer(template: str, body: dict[str, Any], **headers: str) -> int:
    """The status that somebody new is answered."""
    client, person = APIClient(raise_request_exception=False), UserFactory(with_email=True)
    sign_in(client, person)
    path = re.sub(r"{\w*id}", str(person.pk), template)
    return int(client.post(path, body, **headers).status_code)


@pytest.mark.parametrize(("template", "body"), posts(required=False))
def test_a_key_changes_no_first_answer(template: str, body: dict[str, Any], settings: Any) -> None:
    settings.CODE_RESEND_SECONDS = 0
    settings.CODE_SENDS_PER_PREFIX_PER_HOUR = 1000

    plain = answer(template, body)
    with_key = answer(template, body, HTTP_IDEMPOTENCY_KEY="k-1")

    assert with_key == plain
    assert plain < 500 or plain == 503


@pytest.mark.parametrize(("template", "body"), posts(required=True))
def test_a_required_key_is_asked_for_first(template: str, body: dict[str, Any]) -> None:
    plain = answer(template, body)
    with_key = answer(template, body, HTTP_IDEMPOTENCY_KEY="k-1")

    assert plain == 400
    assert with_key < 500 or with_key == 503
