"""Wrong passwords: counted by account and network, and never a way to lock the owner out."""

from collections import Counter
from threading import Barrier
from typing import Any

import pytest

from accounts.choices import CodePurpose
from accounts.credentials.models import Credential, FailureCounter, OneTimeCode
from accounts.exceptions import (
    InvalidCredentialsError,
    PasswordLockedError,
    PasswordStoppedError,
)
from accounts.models import User
from accounts.services import code_limits, code_sign_in, lockout, sign_in
from accounts.services.facts import RequestFacts
from accounts.services.identifiers import phone_contact
from accounts.services.sign_in import SignedIn
from accounts.tests.factories.people import PASSWORD, UserFactory, open_session
from accounts.tests.outbox import code_sent_to
from config.tests.racing import PATIENCE_SECONDS, race

pytestmark = pytest.mark.capability("A29")

HOME, CAFE = "192.0.2.0/24", "198.51.100.0/24"
EMAIL = "sam@example.com"


def guess(network: str, password: str = "wrong", identifier: str = EMAIL) -> Any:
    return sign_in.check_identity(identifier=identifier, password=password, ip_prefix=network)


def fail(network: str, times: int, identifier: str = EMAIL) -> None:
    for _ in range(times):
        with pytest.raises(InvalidCredentialsError):
            guess(network, identifier=identifier)


def unlock() -> None:
    """Let every lock have ended."""
    FailureCounter.objects.update(locked_until="2026-01-01T00:00:00Z")
    Credential.objects.update(locked_until="2026-01-01T00:00:00Z")


@pytest.fixture
def person(db: None) -> User:
    return UserFactory(email=EMAIL, password=PASSWORD)


@pytest.mark.django_db(transaction=True)
def test_of_sixty_wrong_passwords_at_once_five_are_looked_at() -> None:
    account = lockout.account_of(UserFactory(password=PASSWORD), "")

    outcomes = race(*[lambda: lockout.reserve(account, ip_prefix=CAFE)] * 60)

    assert Counter(type(outcome) for outcome in outcomes) == {
        type(None): 5,
        PasswordLockedError: 55,
    }
    assert Credential.objects.get().failed_login_attempts == 5


@pytest.mark.django_db(transaction=True)
def test_counting_after_looking_would_have_let_more_through() -> None:
    UserFactory(password=PASSWORD)
    looked_at: list[int] = []
    together = Barrier(60)

    def naive() -> None:
        row = Credential.objects.get()
        together.wait(PATIENCE_SECONDS)
        if row.failed_login_attempts < 5:
            looked_at.append(1)
            row.failed_login_attempts += 1
            row.save(update_fields=["failed_login_attempts"])

    race(*[naive] * 60)

    assert len(looked_at) == 60


def test_the_sixth_try_from_one_network_waits(person: User) -> None:
    fail(CAFE, 5)

    with pytest.raises(PasswordLockedError) as refusal:
        guess(CAFE, PASSWORD)

    assert 28 <= refusal.value.retry_after <= 30


def test_another_network_goes_on_meanwhile(person: User) -> None:
    fail(CAFE, 5)

    assert guess(HOME, PASSWORD) == person


def test_nothing_prolongs_a_lock_while_it_lasts(person: User) -> None:
    fail(CAFE, 5)
    before = FailureCounter.objects.get()

    for _ in range(20):
        with pytest.raises(PasswordLockedError):
            guess(CAFE)

    after = FailureCounter.objects.get()
    assert (after.failures, after.locked_until) == (before.failures, before.locked_until)
    assert Credential.objects.get().failed_login_attempts == 5


def test_each_further_failure_doubles_the_wait_up_to_a_quarter_hour(person: User) -> None:
    fail(CAFE, 5)
    waits = []
    for _ in range(7):
        unlock()
        fail(CAFE, 1)
        with pytest.raises(PasswordLockedError) as refusal:
            guess(CAFE)
        waits.append(refusal.value.retry_after)

    assert waits == [60, 120, 240, 480, 900, 900, 900]


def test_a_right_password_wipes_the_failures_of_its_network(person: User) -> None:
    fail(CAFE, 4)
    assert guess(CAFE, PASSWORD) == person

    fail(CAFE, 4)
    assert guess(CAFE, PASSWORD) == person
    assert Credential.objects.get().failed_login_attempts == 0


def test_a_thousand_guesses_do_not_keep_the_owner_out(person: User) -> None:
    open_session(person)
    for attempt in range(1000):
        try:
            guess(f"10.0.{attempt % 250}.0/24", "wrong")
        except (InvalidCredentialsError, PasswordLockedError, PasswordStoppedError):
            continue
    with pytest.raises((PasswordLockedError, PasswordStoppedError)):
        guess("203.0.113.0/24", PASSWORD)

    assert guess(HOME, PASSWORD) == person

    assert Credential.objects.get().failed_login_attempts <= 100


def test_a_code_to_the_owner_passes_every_lock(person: User) -> None:
    fail(CAFE, 5)
    Credential.objects.update(failed_login_attempts=100, locked_until="2030-01-01T00:00:00Z")
    sent = code_sign_in.ask_to_sign_in(contact=phone_contact(person.phone_number), ip_prefix=CAFE)

    outcome = code_sign_in.show(
        code=code_sent_to(person.phone_number),
        purpose=CodePurpose.LOGIN,
        challenge_id=sent.challenge_id,
        contact=None,
        user=None,
        request_facts=RequestFacts(CAFE),
    )

    assert isinstance(outcome, SignedIn)


def test_guesses_from_many_networks_make_strange_networks_wait(person: User) -> None:
    for index in range(4):
        fail(f"10.0.{index}.0/24", 5)

    with pytest.raises(PasswordLockedError):
        guess("203.0.113.0/24", PASSWORD)
    counted = FailureCounter.objects.filter(key__contains="203.0.113").exists()
    assert not counted


def test_a_hundred_in_a_row_stop_the_password(person: User) -> None:
    Credential.objects.update(failed_login_attempts=99)
    fail(CAFE, 1)
    unlock()

    with pytest.raises(PasswordStoppedError):
        guess(HOME, PASSWORD)

    assert Credential.objects.get().failed_login_attempts == 100


def test_a_right_password_from_home_leaves_a_stopped_one_stopped(person: User) -> None:
    open_session(person)
    Credential.objects.update(failed_login_attempts=100)

    assert guess(HOME, PASSWORD) == person

    with pytest.raises(PasswordStoppedError):
        guess(CAFE, PASSWORD)


def outcomes_for(identifier: str) -> list[str]:
    """What somebody sees who tries many passwords from many networks."""
    seen = []
    for attempt in range(30):
        try:
            guess(f"10.9.{attempt // 6}.0/24", identifier=identifier)
        except (InvalidCredentialsError, PasswordLockedError, PasswordStoppedError) as refusal:
            seen.append(refusal.code)
    return seen


@pytest.mark.capability("A10")
def test_accounts_that_do_not_exist_are_locked_alike(person: User) -> None:
    unknown = outcomes_for("nobody@example.com")

    assert outcomes_for(EMAIL) == unknown
    assert unknown.count("invalid_credentials") == 20
    assert unknown.count("password_locked") == 10


def test_a_person_without_a_password_is_locked_alike(db: None) -> None:
    UserFactory(email=EMAIL)
    Credential.objects.all().delete()

    assert outcomes_for(EMAIL) == outcomes_for("nobody@example.com")


def test_every_name_of_an_account_counts_for_the_account(person: User) -> None:
    fail(CAFE, 3)
    fail(CAFE, 2, identifier=person.phone_number)

    with pytest.raises(PasswordLockedError):
        guess(CAFE, PASSWORD)


def test_signing_in_frees_codes_that_guesses_had_stopped(person: User) -> None:
    key = code_limits.failures_key(phone_contact(person.phone_number).mac)
    FailureCounter.objects.create(key=key, failures=100)

    sign_in.by_password(identifier=EMAIL, password=PASSWORD, request_facts=RequestFacts(HOME))

    assert not FailureCounter.objects.filter(key=key).exists()
    assert not OneTimeCode.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_signing_in_frees_codes_that_guesses_had_stopped_for_the_day() -> None:
    person = UserFactory(email=EMAIL, password=PASSWORD)
    contact = phone_contact(person.phone_number)
    for _ in range(10):
        code_limits.count_failure(contact.mac)
    issued = code_sign_in.ask_to_sign_in(contact=contact, ip_prefix=CAFE)
    code = code_sent_to(contact.value)

    sign_in.by_password(identifier=EMAIL, password=PASSWORD, request_facts=RequestFacts(HOME))

    shown = {"challenge_id": issued.challenge_id, "purpose": None, "contact": None, "user": None}
    found = code_sign_in.show(code=code, request_facts=RequestFacts(CAFE), **shown)
    assert isinstance(found, SignedIn)
