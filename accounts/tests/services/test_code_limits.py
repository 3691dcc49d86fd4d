"""How many codes are sent: exact for one contact under any number of hands, and within budgets."""

from collections import Counter
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db.models.functions import Now

from accounts.choices import CodePurpose, MessageChannel
from accounts.credentials.models import OneTimeCode
from accounts.models import OutgoingMessage
from accounts.services import code_limits, code_sign_in, codes, registration
from accounts.services.codes import Issued
from accounts.services.identifiers import Contact, email_contact, phone_contact
from accounts.services.settings import change_setting
from accounts.tests.factories.people import UserFactory
from config.shared.clock import database_now
from config.shared.errors import TooManyRequestsError
from config.tests.racing import PATIENCE_SECONDS, race

pytestmark = pytest.mark.capability("A09")

PHONE = "+971501234567"


def issue(contact: Contact | None = None, *, ip_prefix: str = "") -> Issued:
    return codes.issue(
        contact=contact or phone_contact(PHONE),
        purpose=CodePurpose.LOGIN,
        user_id=uuid4(),
        ip_prefix=ip_prefix,
    )


def age(seconds: int) -> None:
    """Let every code have been sent so much earlier."""
    for row in OneTimeCode.objects.all():
        created = row.created_at - timedelta(seconds=seconds)
        OneTimeCode.objects.filter(pk=row.pk).update(created_at=created)


def number(index: int, prefix: str = "+9715012") -> Contact:
    return Contact(MessageChannel.SMS, f"{prefix}{index:05d}")


@pytest.mark.django_db(transaction=True)
def test_fifty_hands_at_once_get_one_code_for_one_number() -> None:
    outcomes = Counter(type(result) for result in race(*[issue] * 50))

    assert outcomes == {Issued: 1, TooManyRequestsError: 49}
    assert OneTimeCode.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_fifty_hands_at_once_get_the_third_code_of_the_hour_and_no_fourth() -> None:
    for _ in range(2):
        issue()
        age(61)

    third = Counter(type(result) for result in race(*[issue] * 50))
    age(61)
    fourth = Counter(type(result) for result in race(*[issue] * 50))

    assert third == {Issued: 1, TooManyRequestsError: 49}
    assert fourth == {TooManyRequestsError: 50}


@pytest.mark.django_db(transaction=True)
def test_looking_before_inserting_would_have_sent_several() -> None:
    together = Barrier(20)

    def naive() -> bool:
        contact = phone_contact(PHONE)
        already = OneTimeCode.objects.filter(identifier_mac=contact.mac).exists()
        together.wait(PATIENCE_SECONDS)
        if already:
            return False
        OneTimeCode.objects.create(
            identifier_mac=contact.mac,
            identifier=contact.value,
            identifier_hint=contact.hint,
            channel=contact.channel,
            purpose=CodePurpose.LOGIN,
            code_hash=str(uuid4()),
            superseded_at=database_now("credentials"),
            expires_at=database_now("credentials"),
        )
        return True

    assert Counter(race(*[naive] * 20)) == {True: 20}


@pytest.mark.django_db
def test_codes_are_sixty_seconds_apart_three_an_hour_ten_a_day() -> None:
    waits = []
    for _ in range(3):
        waits.append(issue().resend_after)
        with pytest.raises(TooManyRequestsError) as refusal:
            issue()
        assert refusal.value.retry_after == waits[-1]
        age(60)
    assert waits == [60, 60, 3480]
    with pytest.raises(TooManyRequestsError):
        issue()

    for _ in range(7):
        age(3600)
        issue()
    age(3600)
    with pytest.raises(TooManyRequestsError):
        issue()
    assert OneTimeCode.objects.count() == 10
    age(86_400)
    assert issue()


@pytest.mark.django_db
def test_every_purpose_counts_for_the_same_number() -> None:
    issue()

    with pytest.raises(TooManyRequestsError):
        codes.issue(
            contact=phone_contact(PHONE),
            purpose=CodePurpose.REGISTRATION,
            user_id=uuid4(),
            ip_prefix="",
        )


@pytest.mark.django_db(transaction=True)
def test_one_network_is_served_twenty_codes_an_hour() -> None:
    def from_one_network(index: int) -> Any:
        return issue(number(index * 10_007 % 100_000), ip_prefix="192.0.2.0/24")

    hands = [lambda index=index: from_one_network(index) for index in range(40)]
    outcomes = Counter(type(result) for result in race(*hands))

    assert outcomes == {Issued: 20, TooManyRequestsError: 20}
    assert issue(number(99_999), ip_prefix="198.51.100.0/24")


@pytest.mark.django_db
def test_a_range_of_numbers_is_sent_twenty_codes_an_hour_from_wherever() -> None:
    sent = 0
    for index in range(60):
        try:
            issue(number(index), ip_prefix=f"10.0.{index}.0/24")
            sent += 1
        except TooManyRequestsError:
            continue

    assert sent == 20
    assert issue(number(77_777), ip_prefix="10.1.0.0/24")


@pytest.mark.django_db
def test_the_whole_site_has_a_ceiling_that_staff_set() -> None:
    change_setting(key="code_sends_per_site_per_day", value=2, actor=None)
    issue(number(10_000))
    issue(number(20_000))

    with pytest.raises(TooManyRequestsError):
        issue(number(30_000))
    assert issue(email_contact("sam@example.com"))


@pytest.mark.django_db
def test_a_hurried_number_uses_up_no_budget() -> None:
    change_setting(key="code_sends_per_site_per_day", value=2, actor=None)
    issue()
    for _ in range(5):
        with pytest.raises(TooManyRequestsError):
            issue()

    assert issue(number(20_000))


def pump(sent: int, *, returned: int) -> None:
    """Codes that were sent half an hour ago, of which some came back."""
    OneTimeCode.objects.bulk_create(
        OneTimeCode(
            user_id=uuid4(),
            identifier_mac=f"{index:064d}",
            identifier="+971500000000",
            identifier_hint="",
            channel=MessageChannel.SMS,
            purpose=CodePurpose.REGISTRATION,
            code_hash="",
            is_used=index < returned,
            is_verified=index < returned,
            verified_at=Now() if index < returned else None,
            created_at=Now() - timedelta(minutes=30),
            expires_at=Now() - timedelta(minutes=25),
        )
        for index in range(sent)
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "returned", "pumped"),
    [(0, 0, False), (49, 0, False), (50, 10, False), (50, 9, True), (200, 39, True)],
)
def test_pumping_shows_in_codes_that_do_not_return(sent: int, returned: int, pumped: bool) -> None:
    pump(sent, returned=returned)

    assert code_limits.codes_do_not_return() is pumped


@pytest.mark.django_db
def test_while_codes_do_not_return_only_proved_numbers_are_sent_any() -> None:
    pump(100, returned=0)
    UserFactory(phone_number=PHONE)

    known = code_sign_in.ask_to_sign_in(contact=phone_contact(PHONE), ip_prefix="")
    unknown = code_sign_in.ask_to_sign_in(contact=number(10_000), ip_prefix="")
    new = registration.start(contact=number(20_000), payload={}, ip_prefix="")
    mailed = registration.start(contact=email_contact("sam@example.com"), payload={}, ip_prefix="")

    assert (known.expires_in, known.resend_after) == (unknown.expires_in, unknown.resend_after)
    assert (known.expires_in, known.resend_after) == (new.expires_in, new.resend_after)
    assert sorted(OutgoingMessage.objects.values_list("channel", flat=True)) == ["email", "sms"]
    assert not OneTimeCode.objects.live().filter(pk=new.challenge_id).exists()
    assert OneTimeCode.objects.live().filter(pk=mailed.challenge_id).exists()
