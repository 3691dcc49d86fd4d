"""Known and unknown contacts cost the same statements in the same order (A10)."""

import re
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from accounts.exceptions import InvalidCredentialsError
from accounts.services import code_sign_in, passwords, registration, sign_in
from accounts.services.identifiers import email_contact, phone_contact
from accounts.services.registration import Wishes
from accounts.tests.factories.people import PASSWORD, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A10")]

KNOWN, UNKNOWN = "+971501234567", "+971527654321"
TABLE = re.compile(r'(?:FROM|INTO|UPDATE|SELECT)\s+"?(\w+)"?', re.IGNORECASE)


def statements(call: Callable[[], Any]) -> list[str]:
    """Verb and table of every statement that ``call`` sends, on either database."""
    with ExitStack() as stack:
        captured = [
            stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in connections
        ]
        call()
    return [
        f"{context.connection.alias} {_shape(query['sql'])}"
        for context in captured
        for query in context.captured_queries
    ]


def _shape(sql: str) -> str:
    verb = sql.split(None, 1)[0].upper()
    if verb in {"SAVEPOINT", "RELEASE"}:
        return verb
    found = TABLE.search(sql.removeprefix("SELECT")) or TABLE.search(sql)
    return f"{verb} {found[1] if found else ''}"


def register(phone: str) -> None:
    wishes = Wishes(full_name="Sam", email="x@example.com", password=PASSWORD)
    registration.register(contact=phone_contact(phone), wishes=wishes, ip_prefix="192.0.2.0/24")


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(
            lambda phone: code_sign_in.ask_to_sign_in(
                contact=phone_contact(phone), ip_prefix="192.0.2.0/24"
            ),
            id="sign-in by code",
        ),
        pytest.param(register, id="registration"),
        pytest.param(
            lambda phone: passwords.ask_to_reset(
                contact=phone_contact(phone), ip_prefix="192.0.2.0/24"
            ),
            id="new password by phone",
        ),
    ],
)
def test_asking_for_a_code_costs_the_same(ask: Callable[[str], Any]) -> None:
    UserFactory(phone_number=KNOWN)
    ask("+971509999999")

    known = statements(lambda: ask(KNOWN))

    assert statements(lambda: ask(UNKNOWN)) == known
    assert len(known) > 10


def test_asking_for_a_link_costs_the_same() -> None:
    UserFactory(email="sam@example.com", email_verified=True)

    def ask(email: str) -> Any:
        return passwords.ask_to_reset(contact=email_contact(email), ip_prefix="192.0.2.0/24")

    ask("warm-up@example.com")
    known = statements(lambda: ask("sam@example.com"))

    assert statements(lambda: ask("nobody@example.com")) == known


def test_a_wrong_password_costs_the_same(monkeypatch: Any) -> None:
    UserFactory(email="sam@example.com", password=PASSWORD)
    UserFactory(email="no-password@example.com")

    def guess(email: str) -> None:
        with pytest.raises(InvalidCredentialsError):
            sign_in.check_identity(identifier=email, password="wrong", ip_prefix="192.0.2.0/24")

    def shape(email: str) -> list[str]:
        counters = {"credentials_credential", "credentials_failurecounter"}
        return [
            "count" if line.split()[-1] in counters and "SELECT" not in line else line
            for line in statements(lambda: guess(email))
        ]

    known = shape("sam@example.com")

    assert shape("nobody@example.com") == known
    assert shape("no-password@example.com") == known
