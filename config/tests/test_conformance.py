"""The API answers as its description says, whatever it is sent: schemathesis over each operation.

The requests are made from the description, valid ones and broken ones, the same in every run.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.tests.factories.people import UserFactory, open_session
from config.shared import docs

pytestmark = pytest.mark.capability("A06")

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Signing out in the middle would turn the rest into anonymous requests.
ENDS_SESSIONS = ("/logout/", "/sessions/", "/deactivate/", "/erase/")
REPRODUCIBLE = settings(
    max_examples=5,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    verbosity=Verbosity.quiet,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def kept_connections() -> Iterator[None]:
    """Requests do not close the connection that the test's transaction is open on."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def contradictions(operation: Any, mode: GenerationMode, headers: dict[str, str]) -> list[str]:
    """What ``operation`` answered that the description does not know."""
    found: list[str] = []

    def send(case: Any) -> None:
        response = case.call(base_url="http://testserver", headers=headers)
        try:
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as failures:
            found.extend(
                f"{operation.label} {response.status_code}: {failure.title} {failure.message[:500]}"
                for failure in failures.exceptions
            )

    # An operation without parameters or body cannot be asked wrongly.
    with suppress(Unsatisfiable):
        REPRODUCIBLE(given(case=operation.as_strategy(generation_mode=mode))(send))()
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("mode", "signed_in"),
    [
        (GenerationMode.POSITIVE, True),
        (GenerationMode.NEGATIVE, True),
        (GenerationMode.POSITIVE, False),
    ],
)
def test_answers_are_as_described(kept_connections, mode, signed_in):
    schema = schemathesis.openapi.from_dict(docs.description())
    schema.app = get_wsgi_application()
    token = open_session(UserFactory(with_email=True)).tokens.access_token
    headers = {"Authorization": f"Bearer {token}"} if signed_in else {}

    found = [
        line
        for result in schema.get_all_operations()
        if not any(part in result.ok().path for part in ENDS_SESSIONS)
        for line in contradictions(result.ok(), mode, headers)
    ]

    assert "\n".join(found) == ""
