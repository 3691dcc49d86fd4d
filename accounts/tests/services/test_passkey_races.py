"""Passkeys under many parallel callers, with real threads and connections."""

from collections import Counter
from typing import Any

import pytest

from accounts.credentials.models import Passkey, Session
from accounts.models import User
from accounts.services import passkeys
from accounts.services.step_up import Caller
from accounts.tests.factories.people import FACTS, UserFactory, open_session
from accounts.tests.software_authenticator import SoftwareAuthenticator
from config.tests.racing import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.capability("A32")]


@pytest.fixture
def person(transactional_db: None) -> User:
    return UserFactory()


@pytest.fixture
def caller(person: User) -> Caller:
    return Caller(person, open_session(person).session.pk)


def made(caller: Caller) -> dict[str, Any]:
    """What registers a new device of ``caller``."""
    asked = passkeys.registration_options(caller)
    credential = SoftwareAuthenticator().register(asked.public_key)
    return {"challenge_id": asked.challenge_id, "credential": credential}


def kinds(results: list[Any]) -> Counter[str]:
    return Counter(type(result).__name__ for result in results)


def test_one_answer_signs_in_once_however_often_it_is_sent(person: User, caller: Caller) -> None:
    device = SoftwareAuthenticator()
    asked = passkeys.registration_options(caller)
    passkeys.register(
        caller, challenge_id=asked.challenge_id, credential=device.register(asked.public_key)
    )
    question = passkeys.sign_in_options(ip_prefix="192.0.2.0/24")
    answer = device.sign(question.public_key)

    results = race(
        *[
            lambda: passkeys.sign_in_with(
                challenge_id=question.challenge_id, credential=answer, request_facts=FACTS
            )
        ]
        * 10
    )

    assert kinds(results) == {"SignedIn": 1, "ChallengeClosedError": 9}
    assert Session.objects.of(person.pk).count() == 2


def test_nobody_races_past_twenty_passkeys(person: User, caller: Caller) -> None:
    for _ in range(17):
        passkeys.register(caller, **made(caller))
    answers = [made(caller) for _ in range(8)]

    results = race(
        *[lambda answer=answer: passkeys.register(caller, **answer) for answer in answers]
    )

    assert kinds(results) == {"Passkey": 3, "TooManyPasskeysError": 5}
    assert Passkey.objects.of(person.pk).count() == 20


def test_a_device_that_is_registered_twice_at_once_is_kept_once(person: User) -> None:
    device = SoftwareAuthenticator()
    callers = [Caller(user, open_session(user).session.pk) for user in (person, UserFactory())]
    answers = []
    for each in callers:
        asked = passkeys.registration_options(each)
        credential = device.register(asked.public_key)
        answers.append((each, {"challenge_id": asked.challenge_id, "credential": credential}))

    results = race(
        *[
            lambda each=each, answer=answer: passkeys.register(each, **answer)
            for each, answer in answers
        ]
    )

    assert kinds(results) == {"Passkey": 1, "PasskeyExistsError": 1}
    assert Passkey.objects.count() == 1
