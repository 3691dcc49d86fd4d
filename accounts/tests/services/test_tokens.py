"""Who is given tokens, and what they cover."""

import pytest

from accounts.choices import UserStatus
from accounts.credentials.models import Session
from accounts.exceptions import AccountInactiveError, AccountSuspendedError, InvalidTokenError
from accounts.models import User
from accounts.services import tokens
from accounts.tests.factories.people import UserFactory, open_session
from config.shared import permissions

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A13")]


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (UserStatus.SUSPENDED, AccountSuspendedError),
        (UserStatus.INACTIVE, AccountInactiveError),
        (UserStatus.PENDING, AccountInactiveError),
    ],
)
def test_only_an_active_person_is_given_tokens(
    status: UserStatus, refusal: type[Exception]
) -> None:
    person = UserFactory()
    session = open_session(person).session
    User.objects.filter(pk=person.pk).update(status=status, is_active=False)
    person.refresh_from_db()

    with pytest.raises(refusal):
        tokens.issue_tokens(user=person, session=session)


@pytest.mark.parametrize(
    ("verified", "scope"),
    [
        ({"phone_verified": False, "email_verified": False}, permissions.UNVERIFIED),
        ({"phone_verified": True}, permissions.FULL),
        ({"email": "sam@example.com", "email_verified": True}, permissions.FULL),
    ],
)
def test_the_scope_is_full_once_any_contact_is_verified(verified: dict, scope: str) -> None:
    person = UserFactory(**{"phone_verified": False, **verified})

    issued = open_session(person).tokens

    assert issued.claims.scope == scope
    assert tokens.read_access_token(issued.access_token) == issued.claims


def test_a_refresh_token_is_a_function_of_its_session() -> None:
    issued = open_session(UserFactory()).tokens

    assert tokens.refresh_token_of(Session.objects.get()) == issued.refresh_token
    assert tokens.fingerprint(issued.refresh_token) == Session.objects.get().refresh_hash


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "é", "eyJhbGciOiJIUzI1NiJ9.e30."])
def test_what_is_no_token_is_refused(text: str) -> None:
    for read in (tokens.read_access_token, tokens.read_refresh_token):
        with pytest.raises(InvalidTokenError):
            read(text)
