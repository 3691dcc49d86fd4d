"""Accounts that come about by Google: crashes at every step, races, and people who are gone."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache

from accounts.choices import UserStatus
from accounts.credentials.models import Credential, Session
from accounts.gateways import google as gateway
from accounts.models import User
from accounts.proof_exceptions import GoogleLinkRequiredError
from accounts.services import google, registration, upkeep
from accounts.services.sign_in import SecondFactorNeeded, SignedIn
from accounts.services.step_up import Caller
from accounts.tests.factories.people import FACTS, UserFactory, open_session
from accounts.tests.gateways.fake_issuer import CLIENT, FakeIssuer
from config.tests.racing import race

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A31")]

HERE = "http://127.0.0.1:8000/signed-in"
EMAIL = "priya@example.com"
SUBJECT = "110248495921238986420"


@pytest.fixture
def issuer(settings: Any) -> Iterator[FakeIssuer]:
    with FakeIssuer() as issuer:
        settings.GOOGLE_ISSUER = issuer.issuer
        settings.GOOGLE_CLIENT_ID = CLIENT
        cache.clear()
        gateway._keys.cache_clear()
        yield issuer


def ready(issuer: FakeIssuer, user: User | None = None) -> dict[str, Any]:
    """What to come back with: a challenge, and a token with its nonce."""
    started = google.start(redirect_uri=HERE, ip_prefix="192.0.2.0/24", user=user)
    token = issuer.token(nonce=started.nonce)
    return {"challenge_id": started.challenge_id, "id_token": token}


def sign_in(issuer: FakeIssuer) -> SignedIn | SecondFactorNeeded:
    return google.finish(**ready(issuer), request_facts=FACTS)


def sign_in_and_crash(
    issuer: FakeIssuer, monkeypatch: pytest.MonkeyPatch, module: Any, name: str
) -> None:
    """Sign in, and come to an end where the function ``name`` of ``module`` is called."""

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, name, crash)
        with pytest.raises(KeyboardInterrupt):
            sign_in(issuer)


def test_a_token_that_an_app_got_signs_in(issuer: FakeIssuer) -> None:
    signed_in = sign_in(issuer)

    assert isinstance(signed_in, SignedIn)
    assert (signed_in.user.email, signed_in.user.email_verified) == (EMAIL, True)


STEPS: dict[str, tuple[Any, str]] = {
    "before the credential": (google, "_store"),
    "before the account is active": (registration, "complete"),
    "while the account becomes active": (registration, "_store_credential"),
    "before the session": (google.sign_in, "begin"),
}


@pytest.mark.parametrize("claimed", [False, True], ids=["free", "claimed by somebody"])
@pytest.mark.parametrize(("module", "name"), STEPS.values(), ids=STEPS.keys())
def test_a_crash_at_any_step_is_healed_by_the_next_sign_in(
    issuer: FakeIssuer, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, claimed: bool
) -> None:
    if claimed:
        UserFactory(email=EMAIL, email_verified=False)
    sign_in_and_crash(issuer, monkeypatch, module, name)
    assert not Session.objects.exists()

    signed_in = sign_in(issuer)

    assert isinstance(signed_in, SignedIn)
    person = User.objects.get(email=EMAIL)
    assert (person.status, person.email_verified) == (UserStatus.ACTIVE, True)
    assert Credential.objects.get(google_sub=SUBJECT).pk == person.pk == signed_in.user.pk


def test_what_a_crash_left_gives_way_to_an_account_that_came_about_meanwhile(
    issuer: FakeIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    UserFactory(email=EMAIL, email_verified=False)
    sign_in_and_crash(issuer, monkeypatch, registration, "complete")
    User.objects.filter(email=EMAIL).update(email=None)
    owner = UserFactory(email=EMAIL, email_verified=True)

    with pytest.raises(GoogleLinkRequiredError) as refused:
        sign_in(issuer)

    caller = Caller(owner, open_session(owner).session.pk)
    google.link(caller, link_token=refused.value.extra["link_token"])
    assert Credential.objects.get(google_sub=SUBJECT).pk == owner.pk


def test_what_a_crash_left_stands_in_the_way_of_no_link(
    issuer: FakeIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in_and_crash(issuer, monkeypatch, registration, "complete")
    owner = UserFactory()

    caller = Caller(owner, open_session(owner).session.pk)
    google.link(caller, **ready(issuer, owner))

    assert Credential.objects.get(google_sub=SUBJECT).pk == owner.pk


def test_upkeep_leaves_what_a_crash_left_for_its_owner(
    issuer: FakeIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in_and_crash(issuer, monkeypatch, registration, "complete")
    monkeypatch.setattr(upkeep, "STUCK_AFTER", upkeep.STUCK_AFTER * 0)

    upkeep.finish_registrations()

    assert isinstance(sign_in(issuer), SignedIn)
    assert User.objects.count() == 1


def test_a_link_to_somebody_who_is_gone_is_let_go(issuer: FakeIssuer) -> None:
    Credential.objects.create(user_id=uuid4(), google_sub=SUBJECT, google_oauth_token=b"old")

    signed_in = sign_in(issuer)

    assert isinstance(signed_in, SignedIn)
    assert Credential.objects.get(google_sub=SUBJECT).pk == signed_in.user.pk
    assert Credential.objects.exclude(pk=signed_in.user.pk).get().google_oauth_token is None


@pytest.fixture
def prepared(transactional_db: None, issuer: FakeIssuer) -> Callable[[int], list[dict[str, Any]]]:
    """So many sign-ins of one newcomer, each waiting to be finished."""
    return lambda number: [ready(issuer) for _ in range(number)]


@pytest.mark.django_db(transaction=True)
def test_a_newcomer_who_signs_in_ten_times_at_once_gets_one_account(
    prepared: Callable[[int], list[dict[str, Any]]],
) -> None:
    answers = prepared(10)

    results = race(
        *[lambda answer=answer: google.finish(**answer, request_facts=FACTS) for answer in answers]
    )

    assert [type(result) for result in results] == [SignedIn] * 10
    person = User.objects.get()
    assert (person.email, person.status) == (EMAIL, UserStatus.ACTIVE)
    assert Credential.objects.get().google_sub == SUBJECT


@pytest.mark.django_db(transaction=True)
def test_one_answer_that_comes_ten_times_at_once_counts_once(
    prepared: Callable[[int], list[dict[str, Any]]],
) -> None:
    (answer,) = prepared(1)

    results = race(*[lambda: google.finish(**answer, request_facts=FACTS)] * 10)

    assert sorted(type(result).__name__ for result in results) == (
        ["ChallengeClosedError"] * 9 + ["SignedIn"]
    )
    assert Session.objects.count() == 1
