"""Sign-ins that wait for a second factor, and sessions that staff end."""

from collections import Counter
from typing import Any
from uuid import uuid4

import pytest

from accounts.choices import CodePurpose, SessionEnd, UserStatus
from accounts.credentials.models import Challenge, Credential, FailureCounter, Session
from accounts.exceptions import (
    AccountInactiveError,
    AccountSuspendedError,
    InvalidTokenError,
    SessionEndedError,
    WrongCodeError,
)
from accounts.models import AuditEvent, RevokedSession, User
from accounts.services import (
    code_limits,
    identifiers,
    passwords,
    registration,
    sessions,
    sign_in,
)
from accounts.services.identifiers import email_contact, phone_contact
from accounts.services.password_rules import check_new_password
from accounts.services.registration import Wishes
from accounts.services.sign_in import SecondFactorNeeded, SignedIn
from accounts.services.step_up import Caller, freshen, require_fresh
from accounts.tests.factories.people import FACTS, PASSWORD, UserFactory, open_session
from config.shared.errors import ConflictError, InvalidInputError
from config.tests.racing import race

PHONE = "+971501234567"


def with_second_factor(**traits: Any) -> User:
    person = UserFactory(**traits)
    Credential.objects.filter(pk=person.pk).update(
        totp_secret="JBSWY3DPEHPK3PXP", totp_confirmed_at="2026-01-01T00:00:00Z"
    )
    return person


def waiting(person: User) -> SecondFactorNeeded:
    outcome = sign_in.begin(person, amr={"pwd"}, request_facts=FACTS)
    assert isinstance(outcome, SecondFactorNeeded)
    return outcome


@pytest.mark.capability("A27")
@pytest.mark.django_db
def test_the_second_proof_opens_the_session_that_the_first_began() -> None:
    person = with_second_factor()
    challenge = waiting(person).challenge_id
    taken = sign_in.take_attempt(challenge)
    assert (taken.user_id, taken.amr) == (person.pk, ("pwd",))

    signed_in = sign_in.finish(challenge, {"otp"})

    assert signed_in.session.amr == ["otp", "pwd"]
    assert signed_in.session.device_label == FACTS.device_label
    with pytest.raises(InvalidTokenError):
        sign_in.finish(challenge, {"otp"})


@pytest.mark.capability("A32")
@pytest.mark.django_db
def test_a_passkey_is_both_factors() -> None:
    outcome = sign_in.begin(with_second_factor(), amr={"passkey"}, request_facts=FACTS)

    assert isinstance(outcome, SignedIn)


@pytest.mark.capability("A27")
@pytest.mark.django_db(transaction=True)
def test_of_forty_guesses_at_once_five_are_looked_at_and_one_finishes() -> None:
    challenge = waiting(with_second_factor()).challenge_id

    attempts = Counter(
        type(found) for found in race(*[lambda: sign_in.take_attempt(challenge)] * 40)
    )
    ends = Counter(
        type(found) for found in race(*[lambda: sign_in.finish(challenge, {"otp"})] * 10)
    )

    assert attempts == {sign_in.Waiting: 5, InvalidTokenError: 35}
    assert ends == {SignedIn: 1, InvalidTokenError: 9}
    assert Session.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"token_version": 1}, InvalidTokenError),
        ({"status": UserStatus.SUSPENDED, "is_active": False}, AccountSuspendedError),
        ({"status": UserStatus.INACTIVE, "is_active": False}, AccountInactiveError),
    ],
)
def test_what_happens_meanwhile_counts(change: dict, refusal: type[Exception]) -> None:
    person = with_second_factor()
    challenge = waiting(person).challenge_id
    User.objects.filter(pk=person.pk).update(**change)

    with pytest.raises(refusal):
        sign_in.finish(challenge, {"otp"})

    assert not Session.objects.exists()


@pytest.mark.django_db
def test_a_challenge_lasts_five_minutes_and_must_exist() -> None:
    challenge = waiting(with_second_factor()).challenge_id
    Challenge.objects.update(expires_at="2026-01-01T00:00:00Z")

    for identifier in (challenge, uuid4()):
        with pytest.raises(InvalidTokenError):
            sign_in.take_attempt(identifier)
        with pytest.raises(InvalidTokenError):
            sign_in.finish(identifier, {"otp"})


@pytest.mark.capability("A03")
@pytest.mark.django_db
def test_a_deactivated_person_comes_back_by_a_code_and_their_second_factor() -> None:
    person = with_second_factor(inactive=True)
    outcome = sign_in.begin(person, amr={"otp", "sms"}, request_facts=FACTS)
    assert isinstance(outcome, SecondFactorNeeded)
    person.refresh_from_db()
    assert person.status == UserStatus.INACTIVE

    sign_in.finish(outcome.challenge_id, {"otp"})

    person.refresh_from_db()
    assert person.status == UserStatus.ACTIVE


@pytest.mark.capability("A24")
@pytest.mark.django_db
def test_staff_end_one_session_with_a_reason() -> None:
    person, staff = UserFactory(), UserFactory(staff=True)
    session = open_session(person).session

    sessions.end_by_staff(session=session, actor=staff, reason="Lost phone")

    session.refresh_from_db()
    assert session.revoked_reason == SessionEnd.ADMIN
    assert RevokedSession.objects.get().sid == session.pk
    event = AuditEvent.objects.get(action="credentials.session.revoked")
    assert (event.actor_id, event.reason) == (staff.pk, "Lost phone")
    with pytest.raises(ConflictError):
        sessions.end_by_staff(session=session, actor=staff, reason="Again")


@pytest.mark.capability("A24")
@pytest.mark.django_db
def test_staff_end_all_sessions_with_a_reason() -> None:
    person, staff = UserFactory(), UserFactory(staff=True)
    for _ in range(2):
        open_session(person)

    assert sessions.end_all_by_staff(user=person, actor=staff, reason="Stolen") == 2

    person.refresh_from_db()
    assert person.token_version == 1
    event = AuditEvent.objects.get(action="accounts.user.signed_out_everywhere")
    assert (event.actor_id, event.reason) == (staff.pk, "Stolen")


@pytest.mark.django_db
def test_a_session_that_has_ended_is_neither_fresh_nor_renewed() -> None:
    person = UserFactory()
    session = open_session(person).session
    caller = Caller(person, session.pk)
    sessions.end_all(user=person, reason=SessionEnd.LOGOUT, actor=person)

    with pytest.raises(SessionEndedError):
        require_fresh(caller)
    with pytest.raises(SessionEndedError):
        freshen(caller, amr={"pwd"})
    with pytest.raises(SessionEndedError):
        passwords.renew_tokens(user=person, session_id=session.pk)


@pytest.mark.django_db
def test_claiming_an_address_does_not_free_the_codes_of_its_owner() -> None:
    key = code_limits.failures_key(email_contact("mine@example.com").mac)
    FailureCounter.objects.create(key=key, failures=100)
    thief = UserFactory(email="mine@example.com", email_verified=False)

    open_session(thief)

    assert FailureCounter.objects.filter(key=key).exists()


@pytest.mark.django_db
def test_a_username_that_is_taken_is_refused_at_once_and_left_out_in_a_race() -> None:
    wishes = Wishes(username="priya")
    issued = registration.register(contact=phone_contact(PHONE), wishes=wishes, ip_prefix="")
    UserFactory(username="Priya")

    with pytest.raises(InvalidInputError) as refusal:
        registration.register(contact=email_contact("x@example.com"), wishes=wishes, ip_prefix="")
    proof = registration.codes.verify(
        code=issued.secret,
        purposes={CodePurpose.REGISTRATION},
        challenge_id=issued.challenge_id,
    )
    person = registration.complete(proof)

    assert refusal.value.errors[0].code == "username_taken"
    assert (person.status, person.username) == (UserStatus.ACTIVE, None)


@pytest.mark.django_db
def test_only_a_request_that_was_made_is_sent_again() -> None:
    with pytest.raises(WrongCodeError):
        registration.register_again(challenge_id=uuid4(), ip_prefix="")


@pytest.mark.django_db
def test_a_pending_account_has_no_password_to_reset() -> None:
    pending = UserFactory(pending=True, phone_number=PHONE)

    issued = passwords.ask_to_reset(contact=phone_contact(PHONE), ip_prefix="")

    assert len(issued.secret) == 43
    with pytest.raises(WrongCodeError):
        passwords.reset(new_password=PASSWORD)
    pending.refresh_from_db()
    assert pending.status == UserStatus.PENDING


@pytest.mark.django_db
def test_a_code_for_a_new_password_is_void_once_the_number_is_somebody_elses() -> None:
    person = UserFactory(phone_number=PHONE, password=PASSWORD)
    issued = passwords.ask_to_reset(contact=phone_contact(PHONE), ip_prefix="")
    User.objects.filter(pk=person.pk).update(phone_number="+971507654321")
    other = UserFactory(phone_number=PHONE)

    with pytest.raises(WrongCodeError):
        passwords.reset_by_code(
            challenge_id=issued.challenge_id, code=issued.secret, new_password="blue tin roof"
        )

    assert identifiers.owner_of(phone_contact(PHONE)) == other
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


@pytest.mark.capability("A33")
@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("x" * 7, "password_too_short"),
        ("x" * 129, "password_too_long"),
        ("password1", "password_too_common"),
        ("Priya.Nair", "password_is_identifier"),
        ("971501234567", "password_is_identifier"),
        ("priya.nair@x.example", "password_is_identifier"),
    ],
)
def test_passwords_that_will_not_do(password: str, code: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        check_new_password(
            password, identifiers=[PHONE, "Priya.Nair@x.example", None], pointer="/new"
        )

    assert (refusal.value.errors[0].pointer, refusal.value.errors[0].code) == ("/new", code)


@pytest.mark.capability("A33")
@pytest.mark.parametrize("password", ["seven gr", "ααααααββ", " a b c d ", "x" * 127 + "y"])
def test_no_composition_is_asked_for(password: str) -> None:
    check_new_password(password, identifiers=[PHONE])
