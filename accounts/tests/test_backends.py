"""Passwords in Django's own forms, by the same rules as in the API."""

import pytest
from django.contrib.auth import authenticate

from accounts.tests.factories.people import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.capability("A26")
@pytest.mark.parametrize("name", ["phone_number", "email", "username"])
def test_any_name_of_a_person_and_their_password_sign_in(name: str) -> None:
    person = UserFactory(email="sam@example.com", username="sam", password=PASSWORD)

    assert authenticate(username=getattr(person, name), password=PASSWORD) == person
    assert authenticate(username=getattr(person, name), password="wrong") is None


@pytest.mark.parametrize("trait", ["inactive", "suspended", "pending"])
def test_only_active_people_sign_in(trait: str) -> None:
    person = UserFactory(password=PASSWORD, **{trait: True})

    assert authenticate(phone_number=person.phone_number, password=PASSWORD) is None


@pytest.mark.capability("A29")
def test_the_back_office_counts_wrong_passwords_as_well() -> None:
    person = UserFactory(password=PASSWORD)
    for _ in range(5):
        assert authenticate(username=person.phone_number, password="wrong") is None

    assert authenticate(username=person.phone_number, password=PASSWORD) is None


@pytest.mark.parametrize("credentials", [{}, {"username": "sam"}, {"password": PASSWORD}])
def test_half_a_proof_is_none(credentials: dict) -> None:
    assert authenticate(**credentials) is None
