"""Second factors under many parallel callers, with real threads and connections."""

from collections import Counter
from typing import Any
from uuid import UUID

import pytest

from accounts.credentials.models import Credential, Session
from accounts.exceptions import InvalidTokenError, WrongCodeError
from accounts.models import AuditEvent, User
from accounts.proof_exceptions import SecondFactorActiveError
from accounts.services import second_factor, sign_in, totp
from accounts.services.sign_in import SecondFactorNeeded, SignedIn
from accounts.tests.authenticator_app import AuthenticatorApp
from accounts.tests.factories.people import FACTS, UserFactory
from config.shared.errors import TooManyRequestsError
from config.tests.racing import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.capability("A27")]


@pytest.fixture
def person(transactional_db: None) -> User:
    return UserFactory()


@pytest.fixture
def app(person: User) -> AuthenticatorApp:
    app = AuthenticatorApp(totp.prepare(user=person).secret)
    app.backup_codes = second_factor.confirm(user=person, code=app.code())
    return app


def begin(person: User) -> UUID:
    waiting = sign_in.begin(person, amr={"pwd"}, request_facts=FACTS)
    assert isinstance(waiting, SecondFactorNeeded)
    return waiting.challenge_id


def finish(challenge_id: UUID, code: str) -> SignedIn:
    return second_factor.finish_sign_in(challenge_id=challenge_id, code=code, request_facts=FACTS)


def kinds(results: list[Any]) -> Counter[str]:
    return Counter(type(result).__name__ for result in results)


def test_of_twenty_who_confirm_at_once_one_gets_backup_codes(person: User) -> None:
    app = AuthenticatorApp(totp.prepare(user=person).secret)
    code = app.code()

    results = race(*[lambda: totp.confirm(user_id=person.pk, code=code)] * 20)

    won = [result for result in results if isinstance(result, list)]
    assert len(won) == 1
    assert kinds(results)["list"] == 1
    refused = {type(result) for result in results} - {list}
    assert refused <= {SecondFactorActiveError, TooManyRequestsError}
    kept = Credential.objects.get(pk=person.pk).backup_codes
    assert sorted(stored[:2] for stored in kept) == sorted(code[:2] for code in won[0])


def test_one_code_in_one_sign_in_counts_once(person: User, app: AuthenticatorApp) -> None:
    challenge, code = begin(person), app.code(later=1)

    results = race(*[lambda: finish(challenge, code)] * 20)

    assert kinds(results)["SignedIn"] == 1
    assert {type(result) for result in results} <= {SignedIn, WrongCodeError, InvalidTokenError}
    assert Session.objects.of(person.pk).count() == 1


def test_one_code_in_twenty_sign_ins_counts_once(person: User, app: AuthenticatorApp) -> None:
    challenges, code = [begin(person) for _ in range(20)], app.code(later=1)

    results = race(*[lambda one=one: finish(one, code) for one in challenges])

    assert kinds(results)["SignedIn"] == 1
    assert {type(result) for result in results} <= {
        SignedIn,
        WrongCodeError,
        TooManyRequestsError,
    }
    assert Session.objects.of(person.pk).count() == 1


def test_one_backup_code_counts_once(person: User, app: AuthenticatorApp) -> None:
    code = app.backup_codes[0]

    results = race(*[lambda: second_factor.verify(user=person, code=code)] * 10)

    assert kinds(results) == {"str": 1, "WrongCodeError": 9}
    assert len(Credential.objects.get(pk=person.pk).backup_codes) == 9
    assert AuditEvent.objects.filter(action="accounts.user.backup_code_used").count() == 1


def test_ten_backup_codes_at_once_count_once_each(person: User, app: AuthenticatorApp) -> None:
    results = race(
        *[
            lambda code=code: second_factor.verify(user=person, code=code)
            for code in app.backup_codes
        ]
    )

    assert kinds(results) == {"str": 10}
    assert Credential.objects.get(pk=person.pk).backup_codes == []


def test_of_many_wrong_codes_at_once_ten_are_looked_at(person: User, app: AuthenticatorApp) -> None:
    wrong = app.wrong_code()

    results = race(*[lambda: second_factor.verify(user=person, code=wrong)] * 40)

    assert kinds(results) == {"WrongCodeError": 10, "TooManyRequestsError": 30}


def test_of_many_wrong_codes_in_one_sign_in_five_are_looked_at(
    person: User, app: AuthenticatorApp
) -> None:
    challenge, wrong = begin(person), app.wrong_code()

    results = race(*[lambda: finish(challenge, wrong)] * 40)

    assert kinds(results) == {"WrongCodeError": 5, "InvalidTokenError": 35}
