"""Django's commands about people, whose passwords are in another database."""

import getpass
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from accounts.credentials.models import Credential, FailureCounter, Session
from accounts.models import AuditEvent, User
from accounts.tests.factories.people import PASSWORD, UserFactory, open_session
from accounts.tests.outbox import sent_sms
from config.tests.support import drain

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A26")]

PHONE = "+971501234567"
OTHER_PASSWORD = "seven green parrots"


def make_superuser(phone: str, monkeypatch: pytest.MonkeyPatch, password: str = PASSWORD) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", password)
    call_command("createsuperuser", phone_number=phone, interactive=False, stdout=StringIO())


def type_in(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    """Let these be typed where a password is asked for."""
    waiting = list(answers)
    monkeypatch.setattr(getpass, "getpass", lambda prompt="": waiting.pop(0))


def change_password(name: str) -> str:
    out = StringIO()
    call_command("changepassword", name, stdout=out, stderr=out)
    return out.getvalue()


@pytest.mark.parametrize("spelling", [PHONE, "050 123 4567", "+971 50-123-4567"])
def test_a_superuser_is_made_with_a_phone_number_and_a_password(
    monkeypatch: pytest.MonkeyPatch, spelling: str
) -> None:
    make_superuser(spelling, monkeypatch)

    person = User.objects.get()
    assert (person.phone_number, person.phone_verified) == (PHONE, True)
    assert (person.is_staff, person.is_superuser, person.is_active) == (True, True, True)
    assert authenticate(username=PHONE, password=PASSWORD) == person
    assert Credential.objects.get(pk=person.pk).password_hash.startswith("argon2$argon2id$")


def test_a_superuser_is_made_by_answering_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin: Any = StringIO()
    stdin.isatty = lambda: True
    type_in(monkeypatch, OTHER_PASSWORD, OTHER_PASSWORD)
    monkeypatch.setattr("builtins.input", lambda _: PHONE)

    call_command("createsuperuser", stdin=stdin, stdout=StringIO())

    assert authenticate(username=PHONE, password=OTHER_PASSWORD) == User.objects.get()


@pytest.mark.parametrize(
    ("phone", "words"), [("not a number", "recognise"), ("", "blank"), ("0501234567", "taken")]
)
def test_a_number_that_will_not_do_makes_nobody(
    monkeypatch: pytest.MonkeyPatch, phone: str, words: str
) -> None:
    UserFactory(phone_number=PHONE)

    with pytest.raises(CommandError, match=words):
        make_superuser(phone, monkeypatch)

    assert User.objects.count() == 1


@pytest.mark.capability("A28", "A29")
@pytest.mark.parametrize("name", [PHONE, "050 123 4567", "sam@example.com", "Sam"])
def test_an_operator_changes_a_password_and_all_that_was_before_ends(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    person = UserFactory(
        phone_number=PHONE, email="sam@example.com", username="sam", password=PASSWORD
    )
    open_session(person)
    for _ in range(5):
        authenticate(username=PHONE, password="wrong")
    type_in(monkeypatch, OTHER_PASSWORD, OTHER_PASSWORD)

    said = change_password(name)

    assert "was changed" in said
    assert OTHER_PASSWORD not in said
    assert not FailureCounter.objects.exists()
    assert authenticate(username=PHONE, password=PASSWORD) is None
    assert authenticate(username=PHONE, password=OTHER_PASSWORD) == person
    before = person.token_version
    person.refresh_from_db()
    assert person.token_version == before + 1
    assert Session.objects.get().revoked_reason == "password"
    event = AuditEvent.objects.get(action="accounts.user.password_changed")
    assert (event.actor, event.reason) == (None, "At the console.")
    drain()
    assert "password" in sent_sms(PHONE)[-1]


def test_an_operator_changes_nothing_by_typing_nonsense(monkeypatch: pytest.MonkeyPatch) -> None:
    person = UserFactory(phone_number=PHONE, password=PASSWORD)
    type_in(monkeypatch, "one", "other", "short", "short", "password123", "password123")

    with pytest.raises(CommandError, match="Nothing was changed"):
        change_password(PHONE)

    assert authenticate(username=PHONE, password=PASSWORD) == person


def test_a_password_of_nobody_is_not_changed(db: None) -> None:
    with pytest.raises(CommandError, match="Nobody is called"):
        change_password("somebody")


def test_nothing_is_amiss_after_a_superuser_and_a_new_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_superuser(PHONE, monkeypatch)
    type_in(monkeypatch, OTHER_PASSWORD, OTHER_PASSWORD)
    change_password(PHONE)

    call_command("check_integrity", stdout=StringIO())
