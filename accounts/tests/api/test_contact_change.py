"""Another phone number or e-mail address: fresh sign-in, proof of the new, word to the old."""

import pytest
from rest_framework.test import APIClient

from accounts.choices import MessageChannel, UserStatus
from accounts.credentials.models import OneTimeCode, Session
from accounts.models import AuditEvent, OutgoingMessage, User
from accounts.tests.factories.people import PASSWORD, UserFactory, open_session, sign_in
from accounts.tests.outbox import code_sent_to, sent_email, sent_sms
from config.tests.support import drain

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A14")]

PHONE = "/api/v1/auth/change-phone/"
EMAIL = "/api/v1/auth/change-email/"
STEP_UP = "/api/v1/auth/step-up/"
OLD, NEW = "+971501234567", "+971507654321"


def confirm(api: APIClient, path: str, sent: dict, address: str) -> tuple[int, dict]:
    body = {"challenge_id": sent["challenge_id"], "code": code_sent_to(address)}
    response = api.post(f"{path}confirm/", body)
    return response.status_code, response.json()


def grow_stale() -> None:
    Session.objects.update(authenticated_at="2026-01-01T00:00:00Z")


def test_a_new_phone_number_is_proved_and_the_old_one_told(api: APIClient) -> None:
    person = UserFactory(phone_number=OLD, with_email=True)
    here, there = sign_in(api, person), open_session(person)

    sent = api.post(PHONE, {"phone_number": "050 765 4321"})
    assert sent.status_code == 202
    status, tokens = confirm(api, PHONE, sent.json(), NEW)

    assert status == 200
    person.refresh_from_db()
    assert (person.phone_number, person.phone_verified, person.token_version) == (NEW, True, 1)
    drain()
    assert "+971•••4321" in sent_sms(OLD)[-1]
    assert len(sent_email(person.email)) == 1
    for old in (here, there):
        api.credentials(HTTP_AUTHORIZATION=f"Bearer {old.tokens.access_token}")
        assert api.get("/api/v1/auth/me/").status_code == 401
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens['access_token']}")
    assert api.get("/api/v1/auth/me/").json()["phone_number"] == NEW
    assert AuditEvent.objects.filter(action="accounts.user.contact_changed").count() == 1


def test_a_new_email_address_is_proved(api: APIClient) -> None:
    person = UserFactory(phone_number=OLD)
    sign_in(api, person)

    sent = api.post(EMAIL, {"new_email": "Sam@Example.com"})
    status, _ = confirm(api, EMAIL, sent.json(), "sam@example.com")

    assert status == 200
    person.refresh_from_db()
    assert (person.email, person.email_verified) == ("sam@example.com", True)


@pytest.mark.parametrize(
    ("path", "body"), [(PHONE, {"phone_number": NEW}), (EMAIL, {"email": "sam@example.com"})]
)
def test_an_old_sign_in_is_not_enough(api: APIClient, path: str, body: dict) -> None:
    sign_in(api, UserFactory(phone_number=OLD))
    grow_stale()

    response = api.post(path, body)

    assert (response.status_code, response.json()["code"]) == (403, "fresh_sign_in_required")
    assert not OneTimeCode.objects.exists()


def test_proof_grows_stale_between_asking_and_confirming(api: APIClient) -> None:
    person = UserFactory(phone_number=OLD)
    sign_in(api, person)
    sent = api.post(PHONE, {"phone_number": NEW}).json()
    grow_stale()

    assert confirm(api, PHONE, sent, NEW)[0] == 403

    person.refresh_from_db()
    assert person.phone_number == OLD


def test_a_password_freshens_the_session(api: APIClient) -> None:
    person = UserFactory(phone_number=OLD, password=PASSWORD)
    sign_in(api, person)
    grow_stale()

    wrong = api.post(STEP_UP, {"password": "not it"})
    right = api.post(STEP_UP, {"password": PASSWORD})

    assert (wrong.status_code, wrong.json()["code"]) == (400, "wrong_password")
    assert right.status_code == 204
    assert api.post(PHONE, {"phone_number": NEW}).status_code == 202


def test_a_code_to_the_old_phone_freshens_the_session(api: APIClient) -> None:
    person = UserFactory(phone_number=OLD)
    sign_in(api, person)
    grow_stale()

    sent = api.post(STEP_UP, {})
    assert sent.status_code == 202
    body = {"challenge_id": sent.json()["challenge_id"], "code": code_sent_to(OLD)}
    assert api.post(STEP_UP, body).status_code == 204

    assert api.post(PHONE, {"phone_number": NEW}).status_code == 202
    assert AuditEvent.objects.filter(action="accounts.user.confirmed").count() == 1


def test_whoever_has_no_verified_contact_cannot_be_sent_a_code(api: APIClient) -> None:
    sign_in(api, UserFactory(unverified=True), amr=("pwd",))

    response = api.post(STEP_UP, {})

    assert (response.status_code, response.json()["code"]) == (409, "contact_missing")


def test_a_number_of_somebody_else_is_told_only_after_proof(api: APIClient) -> None:
    holder = UserFactory(phone_number=NEW)
    person = UserFactory(phone_number=OLD)
    sign_in(api, person)

    sent = api.post(PHONE, {"phone_number": NEW})
    assert sent.status_code == 202
    status, problem = confirm(api, PHONE, sent.json(), NEW)

    assert (status, problem["code"]) == (409, "contact_taken")
    person.refresh_from_db()
    holder.refresh_from_db()
    assert (person.phone_number, holder.phone_number) == (OLD, NEW)
    assert person.token_version == 0


def test_proof_of_an_address_takes_it_from_a_mere_claimant(api: APIClient) -> None:
    claimant = UserFactory(email="sam@example.com", email_verified=False)
    person = UserFactory()
    sign_in(api, person)

    sent = api.post(EMAIL, {"email": "sam@example.com"})
    status, _ = confirm(api, EMAIL, sent.json(), "sam@example.com")

    assert status == 200
    claimant.refresh_from_db()
    person.refresh_from_db()
    assert (claimant.email, person.email) == (None, "sam@example.com")
    assert AuditEvent.objects.filter(action="accounts.user.email_claim_ended").count() == 1
    told = OutgoingMessage.objects.get(user=claimant)
    assert (told.channel, told.template) == (MessageChannel.SMS, "security_changed")


def test_a_registration_that_nobody_proved_does_not_hold_a_number(api: APIClient) -> None:
    pending = User.objects.create(phone_number=NEW, status=UserStatus.PENDING)
    person = UserFactory(phone_number=OLD)
    sign_in(api, person)

    sent = api.post(PHONE, {"phone_number": NEW})

    assert confirm(api, PHONE, sent.json(), NEW)[0] == 200
    assert not User.objects.filter(pk=pending.pk).exists()


def test_a_code_is_of_no_use_in_another_account(api: APIClient) -> None:
    sign_in(api, UserFactory(phone_number=OLD))
    sent = api.post(PHONE, {"phone_number": NEW}).json()
    thief = UserFactory()
    sign_in(api, thief)

    assert confirm(api, PHONE, sent, NEW)[0] == 400

    thief.refresh_from_db()
    assert thief.phone_number != NEW
    assert OneTimeCode.objects.get().attempts == 0


def test_the_present_number_is_not_a_new_one(api: APIClient) -> None:
    sign_in(api, UserFactory(phone_number=OLD))

    response = api.post(PHONE, {"phone_number": OLD})

    assert (response.status_code, response.json()["errors"][0]["code"]) == (400, "unchanged")


@pytest.mark.parametrize(("path", "pointer"), [(PHONE, "/phone_number"), (EMAIL, "/email")])
def test_the_new_contact_has_to_be_named(api: APIClient, path: str, pointer: str) -> None:
    sign_in(api, UserFactory())

    response = api.post(path, {})

    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == pointer
