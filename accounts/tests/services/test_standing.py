"""Suspending and reactivating people."""

import pytest
from rest_framework.test import APIClient

from accounts.choices import UserStatus
from accounts.credentials.models import Session
from accounts.exceptions import OwnRequestError
from accounts.models import AuditEvent, User
from accounts.services import standing
from accounts.tests.factories.people import UserFactory, sign_in
from config.shared.errors import InvalidInputError, InvalidTransitionError, NotAllowedError

ME = "/api/v1/auth/me/"
REASON = "Sold the same sofa twice"


@pytest.fixture
def chief(db: None) -> User:
    return UserFactory(superuser=True)


@pytest.mark.capability("A03", "A24")
def test_a_suspended_person_is_refused_at_the_next_call(api: APIClient, chief: User) -> None:
    person = UserFactory()
    sign_in(api, person)
    assert api.get(ME).status_code == 200

    standing.suspend(user=person, actor=chief, reason=REASON)

    response = api.get(ME)
    person.refresh_from_db()
    event = AuditEvent.objects.about(person).get(action="accounts.user.suspended")
    assert (response.status_code, response.json()["code"]) == (403, "account_suspended")
    assert (person.status, person.is_active) == (UserStatus.SUSPENDED, False)
    assert (event.actor, event.reason) == (chief, REASON)
    assert not Session.objects.of(person.pk).live().exists()


@pytest.mark.capability("A03")
def test_a_reactivated_person_signs_in_again(api: APIClient, chief: User) -> None:
    person = UserFactory()
    standing.suspend(user=person, actor=chief, reason=REASON)

    standing.reactivate(user=person, actor=chief, reason="A mistake")

    person.refresh_from_db()
    sign_in(api, person)
    assert (person.status, api.get(ME).status_code) == (UserStatus.ACTIVE, 200)


@pytest.mark.parametrize("status", ["active", "inactive", "pending"])
def test_only_a_suspended_person_is_reactivated(chief: User, status: str) -> None:
    person = UserFactory(status=status)

    with pytest.raises(InvalidTransitionError):
        standing.reactivate(user=person, actor=chief, reason="Why not")

    person.refresh_from_db()
    assert person.status == status


@pytest.mark.capability("A24")
def test_staff_without_the_permission_suspend_nobody(db: None) -> None:
    person, clerk = UserFactory(), UserFactory(staff=True)

    with pytest.raises(NotAllowedError):
        standing.suspend(user=person, actor=clerk, reason=REASON)

    person.refresh_from_db()
    assert (person.status, person.token_version) == (UserStatus.ACTIVE, 0)
    assert not AuditEvent.objects.about(person).exists()


def test_nobody_suspends_themselves(chief: User) -> None:
    with pytest.raises(OwnRequestError):
        standing.suspend(user=chief, actor=chief, reason=REASON)

    chief.refresh_from_db()
    assert chief.is_active


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_suspension_has_a_reason(chief: User, reason: str) -> None:
    person = UserFactory()

    with pytest.raises(InvalidInputError):
        standing.suspend(user=person, actor=chief, reason=reason)

    person.refresh_from_db()
    assert person.is_active
