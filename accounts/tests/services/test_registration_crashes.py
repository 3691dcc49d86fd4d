"""Registration that is cut off: before every single statement, on either database."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import pytest
from django.db import connections
from django.db.models.functions import Now

from accounts.choices import CodePurpose, UserStatus
from accounts.credentials.models import Credential, OneTimeCode, RateBucket, Session
from accounts.models import OutgoingMessage, User
from accounts.services import code_sign_in, integrity, registration, upkeep
from accounts.services.identifiers import email_contact, phone_contact
from accounts.services.registration import Wishes
from accounts.services.sign_in import SignedIn
from accounts.tests.factories.people import FACTS, PASSWORD
from accounts.tests.outbox import code_sent_to

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = "+971501234567"


class PowerCutError(Exception):
    """The process is gone."""


class Statements:
    """Counts what is sent to both databases, and cuts the power before number ``last``."""

    def __init__(self, last: int | None = None) -> None:
        self.last = last
        self.count = 0

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        self.count += 1
        if self.last is not None and self.count >= self.last:
            raise PowerCutError
        return execute(sql, params, many, context)


@contextmanager
def power(*, until: int | None) -> Iterator[Statements]:
    """Run a block until the power is cut, if it is, and let the connections be lost with it."""
    statements = Statements(until)
    with ExitStack() as stack:
        for alias in connections:
            stack.enter_context(connections[alias].execute_wrapper(statements))
        with suppress(PowerCutError):
            yield statements
    if until is not None:
        for connection in connections.all():
            connection.close()


def forget_everything() -> None:
    User.objects.all().delete()
    for model in (Credential, OneTimeCode, Session, RateBucket):
        model.objects.all().delete()
    OutgoingMessage.objects.all().delete()


def ask(contact: Any) -> Any:
    wishes = Wishes(full_name="Priya Nair", password=PASSWORD, roles=["seller"])
    return registration.register(contact=contact, wishes=wishes, ip_prefix="")


def show(challenge_id: Any, code: str) -> Any:
    return code_sign_in.show(
        code=code,
        purpose=None,
        challenge_id=challenge_id,
        contact=None,
        user=None,
        request_facts=FACTS,
    )


def cut_off_everywhere(begin: Callable[[], Callable[[], Any]]) -> Iterator[int]:
    """Run what ``begin`` prepares, with the power cut before each of its statements in turn."""
    run = begin()
    with power(until=None) as whole:
        run()
    assert whole.count > 10
    for last in range(1, whole.count + 1):
        forget_everything()
        run = begin()
        with power(until=last):
            run()
        yield last


def age() -> None:
    User.objects.update(created_at="2026-01-01T00:00:00Z")
    OneTimeCode.objects.update(created_at="2026-01-01T00:00:00Z")


@pytest.mark.parametrize(
    "contact", [phone_contact(PHONE), email_contact("sam@example.com")], ids=["phone", "email"]
)
def test_showing_the_code_leaves_nothing_stuck_wherever_it_is_cut_off(contact: Any) -> None:
    def begin() -> Callable[[], Any]:
        issued = ask(contact)
        return lambda: show(issued.challenge_id, issued.secret)

    for cut in cut_off_everywhere(begin):
        shown = OneTimeCode.objects.get().is_verified
        age()
        OneTimeCode.objects.update(expires_at="2026-01-01T00:00:00Z")

        upkeep.finish_registrations()

        people = list(User.objects.all())
        assert [person.status for person in people] == [UserStatus.ACTIVE] * shown, cut
        for person in people:
            assert person.full_name == "Priya Nair"
            assert person.roles == ["seller"]
            assert person.is_verified
            assert Credential.objects.get().pk == person.pk
            assert person.check_password(PASSWORD)
        report = integrity.check()
        assert report.problems == 0, (cut, report)
        assert OneTimeCode.objects.get().payload is None


def test_the_next_code_finishes_what_was_cut_off() -> None:
    def begin() -> Callable[[], Any]:
        issued = ask(phone_contact(PHONE))
        return lambda: show(issued.challenge_id, issued.secret)

    for cut in cut_off_everywhere(begin):
        shown = OneTimeCode.objects.get().is_verified
        OneTimeCode.objects.update(created_at="2026-01-01T00:00:00Z")
        sent = code_sign_in.ask_to_sign_in(contact=phone_contact(PHONE), ip_prefix="")

        outcome = show(sent.challenge_id, code_sent_to(PHONE))

        assert isinstance(outcome, SignedIn), cut
        person = User.objects.get()
        assert person.status == UserStatus.ACTIVE
        assert person.check_password(PASSWORD) is shown, cut
        assert integrity.check().problems == 0


def test_asking_leaves_nothing_stuck_wherever_it_is_cut_off() -> None:
    for cut in cut_off_everywhere(lambda: lambda: ask(phone_contact(PHONE))):
        age()
        OneTimeCode.objects.update(expires_at=Now())

        upkeep.finish_registrations()

        assert not User.objects.exists(), cut
        assert integrity.check().problems == 0
        assert ask(phone_contact(PHONE)), cut
        assert User.objects.get().status == UserStatus.PENDING


def test_a_code_for_the_purpose_of_registering_is_what_was_sent() -> None:
    ask(phone_contact(PHONE))

    assert OneTimeCode.objects.get().purpose == CodePurpose.REGISTRATION
    assert OutgoingMessage.objects.get().template == "code"
