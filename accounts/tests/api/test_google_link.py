"""Linking a Google account to one's own, which nothing but its owner's proof does."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import F
from rest_framework.test import APIClient

from accounts.choices import UserStatus
from accounts.credentials.models import Credential, Session
from accounts.models import User
from accounts.tests.clients import client_of
from accounts.tests.factories.people import UserFactory
from accounts.tests.gateways.openid import (
    EMAIL,
    GOOGLE,
    SUBJECT,
    OpenIDProvider,
    come_back,
    google_sign_in,
)
from accounts.tests.outbox import sent_email, sent_sms
from config.tests.support import drain

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A31")]

LINK = "/api/v1/auth/google/link/"


def linked(user: User) -> str | None:
    return Credential.objects.values_list("google_sub", flat=True).get(pk=user.pk)


@pytest.mark.parametrize("status", [UserStatus.ACTIVE, UserStatus.INACTIVE, UserStatus.SUSPENDED])
def test_a_matching_address_links_nothing_by_itself(
    provider: OpenIDProvider, status: UserStatus
) -> None:
    owner = UserFactory(email="Priya@Example.com", email_verified=True, status=status)

    refused = google_sign_in(provider)

    assert (refused.status_code, refused.json()["code"]) == (409, "google_link_required")
    assert refused.json()["link_token"]
    assert linked(owner) is None
    assert not Session.objects.exists()
    assert User.objects.count() == 1


def test_its_owner_links_it_after_proving_the_account(provider: OpenIDProvider) -> None:
    owner = UserFactory(email=EMAIL, email_verified=True)
    token = google_sign_in(provider).json()["link_token"]

    done = client_of(owner).post(LINK, {"link_token": token})

    assert done.status_code == 204
    assert linked(owner) == SUBJECT
    assert google_sign_in(provider).status_code == 200
    drain()
    assert "Signing in with Google was added" in str(sent_email(EMAIL)[-1].body)


def test_a_link_token_is_for_the_owner_of_the_address_alone(provider: OpenIDProvider) -> None:
    owner = UserFactory(email=EMAIL, email_verified=True)
    stranger = UserFactory()
    token = google_sign_in(provider).json()["link_token"]

    refused = client_of(stranger).post(LINK, {"link_token": token})

    assert (refused.status_code, refused.json()["code"]) == (400, "challenge_closed")
    assert refused.json()["errors"][0]["pointer"] == "/link_token"
    assert (linked(owner), linked(stranger)) == (None, None)


def test_the_owner_of_an_account_links_google_from_within(provider: OpenIDProvider) -> None:
    owner = UserFactory()
    client = client_of(owner)

    done = client.post(LINK, come_back(client, provider))

    assert done.status_code == 204
    assert linked(owner) == SUBJECT
    assert google_sign_in(provider).status_code == 200
    assert Session.objects.of(owner.pk).filter(amr=["google"]).count() == 1
    owner.refresh_from_db()
    assert owner.email is None


def test_linking_again_changes_nothing(provider: OpenIDProvider) -> None:
    owner = UserFactory()
    client = client_of(owner)

    answers = [client.post(LINK, come_back(client, provider)).status_code for _ in range(2)]

    assert answers == [204, 204]
    assert linked(owner) == SUBJECT


def test_what_somebody_else_started_links_nothing(provider: OpenIDProvider) -> None:
    """A code that a stranger obtained, slipped under somebody's browser, leads nowhere."""
    owner, stranger = UserFactory(), UserFactory()
    theirs = come_back(client_of(stranger), provider)
    open_one = come_back(APIClient(), provider)

    answers = [client_of(owner).post(LINK, body) for body in (theirs, open_one)]

    assert [answer.json()["code"] for answer in answers] == ["challenge_closed"] * 2
    assert (linked(owner), linked(stranger)) == (None, None)


def test_what_was_started_to_link_signs_nobody_in(provider: OpenIDProvider) -> None:
    body = come_back(client_of(UserFactory()), provider)

    assert APIClient().post(GOOGLE, body).json()["code"] == "challenge_closed"
    assert User.objects.count() == 1


def test_a_google_account_is_linked_to_one_account(provider: OpenIDProvider) -> None:
    first, second = UserFactory(), UserFactory()
    client = client_of(first)
    client.post(LINK, come_back(client, provider))

    other = client_of(second)
    refused = other.post(LINK, come_back(other, provider))

    assert (refused.status_code, refused.json()["code"]) == (409, "google_taken")
    assert (linked(first), linked(second)) == (SUBJECT, None)
    drain()
    assert not [text for text in sent_sms(second.phone_number) if "Google" in text]


def test_an_account_has_one_google_account(provider: OpenIDProvider) -> None:
    client = client_of(owner := UserFactory())
    client.post(LINK, come_back(client, provider))
    provider.has("other", email="other@example.com", email_verified=True)

    refused = client.post(LINK, come_back(client, provider, "other"))

    assert (refused.status_code, refused.json()["code"]) == (409, "google_taken")
    assert linked(owner) == SUBJECT


def test_a_link_is_taken_away_by_its_owner(provider: OpenIDProvider) -> None:
    owner = UserFactory()
    client = client_of(owner)
    client.post(LINK, come_back(client, provider))

    assert client.delete(GOOGLE).status_code == 204
    assert client.delete(GOOGLE).status_code == 404

    row = Credential.objects.get(pk=owner.pk)
    assert (row.google_sub, row.google_oauth_token) == (None, None)
    drain()
    assert "Signing in with Google was removed" in sent_sms(owner.phone_number)[-1]


def test_links_are_made_and_taken_away_on_a_fresh_sign_in(provider: OpenIDProvider) -> None:
    linked_one, other = UserFactory(), UserFactory(email=EMAIL, email_verified=True)
    client = client_of(linked_one)
    provider.has("second", email="second@example.com", email_verified=True)
    client.post(LINK, come_back(client, provider, "second"))
    token = google_sign_in(provider).json()["link_token"]
    late = client_of(other)
    Session.objects.update(authenticated_at=F("authenticated_at") - timedelta(hours=1))

    answers = [client.delete(GOOGLE), late.post(LINK, {"link_token": token})]

    assert [answer.json()["code"] for answer in answers] == ["fresh_sign_in_required"] * 2
    assert (linked(linked_one), linked(other)) == ("second", None)


def test_nobody_links_without_signing_in(api: APIClient, provider: OpenIDProvider) -> None:
    assert api.post(LINK, {"link_token": str(uuid4())}).status_code == 401
    assert api.delete(GOOGLE).status_code == 401


@pytest.mark.parametrize("body", [{}, {"code": "abc"}, {"challenge_id": str(uuid4())}])
def test_a_link_takes_a_token_or_an_answer(provider: OpenIDProvider, body: dict[str, str]) -> None:
    assert client_of(UserFactory()).post(LINK, body).status_code == 400
