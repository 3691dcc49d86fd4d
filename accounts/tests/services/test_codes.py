"""Codes under attack: many hands at once, guesses without end, keys that change."""

from collections import Counter
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import F

from accounts.choices import CodeKind, CodePurpose
from accounts.credentials.models import FailureCounter, OneTimeCode
from accounts.exceptions import CodesStoppedError, WrongCodeError
from accounts.services import code_limits, code_sign_in, codes
from accounts.services.codes import BOUND, Issued
from accounts.services.identifiers import Contact, phone_contact
from accounts.services.sign_in import SignedIn
from accounts.tests.factories.people import FACTS, UserFactory
from config.shared import limits
from config.shared.errors import TooManyRequestsError
from config.tests.racing import PATIENCE_SECONDS, race

PHONE = "+971501234567"
LOGIN = CodePurpose.LOGIN


def contact() -> Contact:
    return phone_contact(PHONE)


def issued(**changes: Any) -> Issued:
    OneTimeCode.objects.update(created_at="2026-01-01T00:00:00Z")
    values = {"contact": contact(), "purpose": LOGIN, "user_id": uuid4(), "ip_prefix": ""}
    return codes.issue(**(values | changes))


def wrong(secret: str) -> str:
    return f"{(int(secret) + 1) % 10**6:06d}"


def try_code(challenge: Issued, code: str) -> Any:
    return codes.verify(code=code, purposes={LOGIN}, challenge_id=challenge.challenge_id)


@pytest.mark.capability("A08")
@pytest.mark.django_db(transaction=True)
def test_of_a_hundred_wrong_codes_at_once_three_are_looked_at() -> None:
    challenge = issued()
    bad = wrong(challenge.secret)

    def five_guesses() -> int:
        refused = 0
        for _ in range(5):
            with pytest.raises(WrongCodeError):
                try_code(challenge, bad)
            refused += 1
        return refused

    assert sum(race(*[five_guesses] * 20)) == 100

    assert OneTimeCode.objects.get().attempts == 3
    assert FailureCounter.objects.get().failures == 3
    with pytest.raises(WrongCodeError):
        try_code(challenge, challenge.secret)


@pytest.mark.django_db(transaction=True)
def test_counting_after_looking_would_have_let_more_through() -> None:
    challenge = issued()
    looked_at: list[int] = []
    together = Barrier(20)

    def naive_guess() -> None:
        row = OneTimeCode.objects.get(pk=challenge.challenge_id)
        together.wait(PATIENCE_SECONDS)
        if row.attempts < row.max_attempts:
            looked_at.append(1)
            row.attempts += 1
            row.save(update_fields=["attempts"])

    race(*[naive_guess] * 20)

    assert len(looked_at) == 20


@pytest.mark.capability("A06", "A07")
@pytest.mark.django_db(transaction=True)
def test_of_twenty_right_codes_at_once_one_signs_in() -> None:
    person = UserFactory(phone_number=PHONE)
    challenge = issued(user_id=person.pk)

    def show() -> Any:
        return code_sign_in.show(
            code=challenge.secret,
            purpose=LOGIN,
            challenge_id=challenge.challenge_id,
            contact=None,
            user=None,
            request_facts=FACTS,
        )

    results = Counter(type(result) for result in race(*[show] * 20))

    assert results == {SignedIn: 1, WrongCodeError: 19}


@pytest.mark.django_db(transaction=True)
def test_a_check_without_compare_and_set_would_have_signed_in_several() -> None:
    challenge = issued()
    signed_in: list[int] = []
    together = Barrier(20)

    def naive_show() -> None:
        row = OneTimeCode.objects.get(pk=challenge.challenge_id)
        together.wait(PATIENCE_SECONDS)
        if not row.is_used:
            OneTimeCode.objects.filter(pk=row.pk).update(is_used=True)
            signed_in.append(1)

    race(*[naive_show] * 20)

    assert len(signed_in) == 20


@pytest.mark.django_db
def test_ten_wrong_codes_in_a_day_are_enough_however_many_codes_were_sent() -> None:
    for _ in range(3):
        challenge = issued()
        for _ in range(3):
            with pytest.raises(WrongCodeError):
                try_code(challenge, wrong(challenge.secret))
    last = issued()
    with pytest.raises(WrongCodeError):
        try_code(last, wrong(last.secret))

    with pytest.raises(TooManyRequestsError) as refusal:
        try_code(last, last.secret)

    assert refusal.value.retry_after > 80_000
    assert not OneTimeCode.objects.filter(is_used=True).exists()


@pytest.mark.django_db
def test_a_hundred_wrong_codes_in_a_row_stop_the_number_until_it_is_freed() -> None:
    FailureCounter.objects.create(key=code_limits.failures_key(contact().mac), failures=99)
    challenge = issued()
    with pytest.raises(WrongCodeError):
        try_code(challenge, wrong(challenge.secret))

    with pytest.raises(CodesStoppedError):
        try_code(challenge, challenge.secret)
    with pytest.raises(CodesStoppedError):
        issued()

    code_limits.forget_failures(contact().mac)
    fresh = issued()
    assert try_code(fresh, fresh.secret).contact == contact()


@pytest.mark.django_db
def test_a_right_code_forgets_the_wrong_ones_before_it() -> None:
    challenge = issued()
    with pytest.raises(WrongCodeError):
        try_code(challenge, wrong(challenge.secret))

    try_code(challenge, challenge.secret)

    assert not FailureCounter.objects.exists()
    key = f"code_failures:{contact().mac}"
    taken = limits.take(key, limit=1, window_seconds=86_400, using="credentials")
    assert taken.allowed


@pytest.mark.capability("A07")
@pytest.mark.django_db
def test_the_stored_value_depends_on_row_purpose_contact_and_key(settings: Any) -> None:
    challenge = issued()
    row = OneTimeCode.objects.get()
    key_id, digest = row.code_hash.split("$")
    assert (key_id, len(digest)) == ("dev", 64)

    for change in (
        {"id": uuid4()},
        {"purpose": CodePurpose.STEP_UP},
        {"identifier": "+971501234568"},
    ):
        other = OneTimeCode(id=row.pk, purpose=row.purpose, identifier=row.identifier)
        for name, value in change.items():
            setattr(other, name, value)
        assert codes._hash(other, challenge.secret) != row.code_hash

    settings.CODE_PEPPERS = {"new": "n" * 40, **settings.CODE_PEPPERS}
    assert codes._hash(row, challenge.secret).startswith("new$")
    assert try_code(challenge, challenge.secret).contact == contact()


@pytest.mark.django_db
def test_a_code_of_a_key_that_is_gone_opens_nothing(settings: Any) -> None:
    challenge = issued()
    settings.CODE_PEPPERS = {"new": "n" * 40}

    with pytest.raises(WrongCodeError):
        try_code(challenge, challenge.secret)


@pytest.mark.capability("A06")
@pytest.mark.django_db
def test_codes_have_six_digits_and_differ() -> None:
    secrets = {codes._digits() for _ in range(200)}

    assert all(len(secret) == 6 and secret.isdecimal() for secret in secrets)
    assert len(secrets) > 190


@pytest.mark.django_db
def test_nobody_guesses_the_secret_of_a_contact_that_nobody_has() -> None:
    challenge = issued(user_id=None)

    assert len(challenge.secret) == 43
    with pytest.raises(WrongCodeError):
        try_code(challenge, challenge.secret)
    assert challenge.secret not in repr(challenge)


@pytest.mark.django_db
def test_what_is_bound_to_the_challenge_is_given_to_whoever_names_it_only() -> None:
    payload = {"full_name": "Sam", BOUND: {"password_hash": "x"}}
    challenge = issued(payload=payload)
    by_contact = codes.verify(code=challenge.secret, purposes={LOGIN}, contact=contact())
    assert by_contact.payload == {"full_name": "Sam"}
    assert codes.payload_of(OneTimeCode.objects.get()) == {"full_name": "Sam"}

    challenge = issued(payload=payload)
    assert try_code(challenge, challenge.secret).payload == payload


@pytest.mark.django_db
def test_a_withheld_code_counts_and_never_opens() -> None:
    challenge = issued(withheld=True)

    with pytest.raises(WrongCodeError):
        try_code(challenge, challenge.secret)
    with pytest.raises(TooManyRequestsError):
        codes.issue(contact=contact(), purpose=LOGIN, user_id=None, ip_prefix="")


@pytest.mark.django_db
def test_a_link_holds_more_than_a_code_and_longer() -> None:
    link = issued(kind=CodeKind.LINK, purpose=CodePurpose.PASSWORD_RESET)

    assert (len(link.secret), link.expires_in) == (43, 3600)


@pytest.mark.django_db
def test_codes_of_other_purposes_stay_live() -> None:
    first = issued()
    issued(purpose=CodePurpose.STEP_UP)

    assert OneTimeCode.objects.live().count() == 2
    assert try_code(first, first.secret).purpose == LOGIN


@pytest.mark.django_db
def test_attempts_are_bounded_by_the_database_as_well() -> None:
    issued()

    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic(using="credentials"):
        OneTimeCode.objects.update(attempts=F("max_attempts") + 1)
