"""Refresh tokens in many hands at once."""

from collections import Counter
from threading import Barrier
from typing import Any

import pytest
from django.db.models import F

from accounts.choices import SessionEnd
from accounts.credentials.models import Session
from accounts.exceptions import InvalidTokenError, SessionEndedError, TokenReusedError
from accounts.models import RevokedSession
from accounts.services import refreshing, sessions, tokens
from accounts.services.refreshing import Renewed
from accounts.tests.factories.people import UserFactory, open_session
from config.tests.racing import PATIENCE_SECONDS, race

pytestmark = pytest.mark.capability("A28")


@pytest.mark.django_db(transaction=True)
def test_fifty_refreshes_at_once_have_one_successor() -> None:
    token = open_session(UserFactory()).tokens.refresh_token

    results = race(*[lambda: refreshing.refresh(refresh_token=token)] * 50)

    assert Counter(type(result) for result in results) == {Renewed: 50}
    assert len({result.tokens.refresh_token for result in results}) == 1
    assert Session.objects.get().generation == 2


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_there_would_be_several_successors() -> None:
    open_session(UserFactory())
    given: list[int] = []
    together = Barrier(20)

    def naive() -> None:
        session = Session.objects.get()
        together.wait(PATIENCE_SECONDS)
        if session.generation == 1:
            Session.objects.filter(pk=session.pk).update(generation=F("generation") + 1)
            given.append(1)

    race(*[naive] * 20)

    assert len(given) == 20


@pytest.mark.django_db(transaction=True)
def test_an_old_token_in_many_hands_ends_the_family_once() -> None:
    first = open_session(UserFactory()).tokens.refresh_token
    refreshing.refresh(refresh_token=first)
    Session.objects.update(rotated_at="2026-01-01T00:00:00Z")

    results = race(*[lambda: refreshing.refresh(refresh_token=first)] * 20)

    refusals = Counter(type(result) for result in results)
    assert set(refusals) <= {TokenReusedError, SessionEndedError}
    assert refusals[TokenReusedError] >= 1
    assert Session.objects.get().revoked_reason == SessionEnd.REUSE
    assert RevokedSession.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_session_that_ends_meanwhile_gives_no_usable_token() -> None:
    person = UserFactory()
    signed_in = open_session(person)
    token = signed_in.tokens.refresh_token

    def end() -> int:
        return sessions.end(
            user=person,
            session_ids=[signed_in.session.pk],
            reason=SessionEnd.LOGOUT,
            actor=person,
        )

    results = race(*[lambda: refreshing.refresh(refresh_token=token)] * 5, end)

    for renewed in (result for result in results if isinstance(result, Renewed)):
        with pytest.raises(SessionEndedError):
            refreshing.refresh(refresh_token=renewed.tokens.refresh_token)
    assert RevokedSession.objects.filter(sid=signed_in.session.pk).exists()


@pytest.mark.django_db
def test_a_forged_token_of_the_right_generation_is_refused_and_ends_nothing() -> None:
    session = open_session(UserFactory()).session
    session.rotated_at = session.rotated_at.replace(year=2025)
    forged = tokens.refresh_token_of(session)

    with pytest.raises(InvalidTokenError):
        refreshing.refresh(refresh_token=forged)

    assert Session.objects.get().revoked_at is None


@pytest.mark.django_db
def test_a_generation_that_was_never_given_is_refused() -> None:
    session = open_session(UserFactory()).session
    session.generation = 7

    with pytest.raises(InvalidTokenError):
        refreshing.refresh(refresh_token=tokens.refresh_token_of(session))


@pytest.mark.django_db
def test_the_successor_stays_the_same_across_a_change_of_keys(settings: Any) -> None:
    token = open_session(UserFactory()).tokens.refresh_token
    refreshing.refresh(refresh_token=token)
    settings.JWT_VERIFYING_KEYS = [settings.JWT_SIGNING_KEY]
    settings.JWT_SIGNING_KEY = "the-new-key-that-signs-from-today-on-and-is-long"

    again = refreshing.refresh(refresh_token=token).tokens.refresh_token

    assert refreshing.refresh(refresh_token=again).session.generation == 3
