"""Whoever has been forgotten stays so, also where a code of theirs was shown at the same moment."""

import pytest

from accounts.choices import CodePurpose, UserStatus
from accounts.credentials.models import Session
from accounts.exceptions import AccountInactiveError, WrongCodeError
from accounts.models import User
from accounts.services import codes, erasure, proved, registration, sign_in
from accounts.services.identifiers import phone_contact
from accounts.tests.factories.people import FACTS, UserFactory
from config.tests.racing import race

BY_CODE = {"otp", "sms"}


def forget(person):
    request = erasure.schedule(person, asked_by=None, at_once=True)
    erasure.carry_out(request_id=request.pk)


def shown_code(person):
    """A code of ``person`` that has been shown, and of which nothing has come yet."""
    contact = phone_contact(person.phone_number)
    issued = codes.issue(
        contact=contact, purpose=CodePurpose.LOGIN, user_id=person.pk, ip_prefix="192.0.2.0/24"
    )
    return codes.verify(
        code=issued.secret, purposes={CodePurpose.LOGIN}, challenge_id=issued.challenge_id
    )


@pytest.mark.capability("A23")
@pytest.mark.django_db(transaction=True)
def test_a_code_shown_just_before_the_erasure_brings_nobody_back():
    person = UserFactory()
    proof = shown_code(person)
    forget(person)

    with pytest.raises(WrongCodeError):
        registration.complete(proof)

    erased = User.objects.get(pk=person.pk)
    assert (erased.phone_number, erased.phone_verified) == (None, False)
    assert erased.status == UserStatus.INACTIVE
    assert User.objects.count() == 1


@pytest.mark.capability("A23")
@pytest.mark.django_db(transaction=True)
def test_a_sign_in_that_the_erasure_overtakes_opens_no_session():
    person = UserFactory(inactive=True)
    forget(person)
    stale = User(pk=person.pk, status=UserStatus.INACTIVE, phone_verified=True)

    with pytest.raises(AccountInactiveError):
        sign_in.begin(stale, amr=BY_CODE, request_facts=FACTS)

    assert User.objects.get(pk=person.pk).status == UserStatus.INACTIVE
    assert not Session.objects.exists()


@pytest.mark.capability("A23")
@pytest.mark.django_db(transaction=True)
def test_a_proof_that_the_erasure_overtakes_does_not_return_to_the_row():
    person = UserFactory(unverified=True)
    contact = phone_contact(person.phone_number)
    forget(person)

    with pytest.raises(WrongCodeError):
        proved.confirm(user=person, contact=contact)

    assert User.objects.get(pk=person.pk).phone_number is None


@pytest.mark.capability("A23")
@pytest.mark.django_db(transaction=True)
def test_a_person_who_comes_back_before_the_day_comes_back_whole():
    """The control: without an erasure the same proof signs in."""
    person = UserFactory(inactive=True)

    found = sign_in.begin(
        registration.complete(shown_code(person)), amr=BY_CODE, request_facts=FACTS
    )

    assert found.user.status == UserStatus.ACTIVE
    assert Session.objects.of(person.pk).count() == 1


@pytest.mark.capability("A23")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_of_erasure_and_return_at_once_either_happens_whole(attempt):
    person = UserFactory(inactive=True)
    request = erasure.schedule(person, asked_by=None, at_once=True)
    proof = shown_code(person)

    race(
        lambda: erasure.carry_out(request_id=request.pk),
        lambda: sign_in.begin(registration.complete(proof), amr=BY_CODE, request_facts=FACTS),
    )

    left = User.objects.get(pk=person.pk)
    came_back = left.status == UserStatus.ACTIVE
    assert came_back == (left.anonymised_at is None)
    assert came_back == (left.phone_number is not None)
    assert User.objects.count() == 1
