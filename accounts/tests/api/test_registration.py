"""Opening an account over the API: one answer for everybody, and nothing before the code."""

import pytest
from rest_framework.test import APIClient

from accounts.choices import Role, UserStatus
from accounts.credentials.models import Credential, OneTimeCode
from accounts.models import User
from accounts.tests.factories.people import PASSWORD, UserFactory
from accounts.tests.outbox import code_sent_to

pytestmark = pytest.mark.django_db

PHONE = "+971501234567"
REGISTER = "/api/v1/auth/register/"
VERIFY = "/api/v1/auth/verify-otp/"


def register(api: APIClient, **body: object) -> dict:
    response = api.post(REGISTER, body)
    assert response.status_code == 202, response.content
    return response.json()


@pytest.mark.capability("A01", "A11")
def test_a_person_opens_an_account_with_a_phone_number_and_its_code(api: APIClient) -> None:
    sent = register(
        api,
        phone_number="050 123 4567",
        name="Priya Nair",
        email="Priya@Example.com",
        password=PASSWORD,
        role="contractor",
    )
    assert User.objects.get().status == UserStatus.PENDING

    shown = api.post(VERIFY, {"challenge_id": sent["challenge_id"], "code": code_sent_to(PHONE)})

    assert shown.status_code == 200
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {shown.json()['access_token']}")
    me = api.get("/api/v1/auth/me/").json()
    assert me["phone_number"] == PHONE
    assert me["email"] == "priya@example.com"
    assert (me["full_name"], me["first_name"], me["last_name"]) == ("Priya Nair", "Priya", "Nair")
    assert me["roles"] == [Role.CONTRACTOR]
    assert (me["phone_verified"], me["email_verified"], me["is_verified"]) == (True, False, True)
    assert shown.json()["token_data"]["user_id"] == me["id"]
    assert shown.json()["token_data"]["scope"] == "full"


@pytest.mark.capability("A26", "A33")
def test_the_password_asked_for_signs_in_once_the_code_was_shown(api: APIClient) -> None:
    sent = register(api, phone_number=PHONE, password=PASSWORD)
    login = {"identifier": PHONE, "password": PASSWORD}
    assert api.post("/api/v1/auth/login/", login).status_code == 401

    api.post(VERIFY, {"challenge_id": sent["challenge_id"], "code": code_sent_to(PHONE)})

    assert api.post("/api/v1/auth/login/", login).status_code == 200


def test_an_account_can_be_opened_with_an_email_address_alone(api: APIClient) -> None:
    sent = register(api, email="sam@example.com", password=PASSWORD, full_name="Sam Lee")

    code = code_sent_to("sam@example.com")
    shown = api.post(VERIFY, {"challenge_id": sent["challenge_id"], "code": code})

    assert shown.status_code == 200
    person = User.objects.get()
    assert (person.email, person.email_verified, person.phone_number) == (
        "sam@example.com",
        True,
        None,
    )


@pytest.mark.capability("A10")
def test_a_known_number_gets_the_same_answer_and_keeps_its_account(api: APIClient) -> None:
    owner = UserFactory(phone_number=PHONE, full_name="The Owner", password="the owner's own")
    unknown = register(api, phone_number="+971501234568", name="Thief", password=PASSWORD)

    known = register(api, phone_number=PHONE, name="Thief", password=PASSWORD, role="seller")

    assert known.keys() == unknown.keys()
    assert {key: value for key, value in known.items() if key != "challenge_id"} == {
        key: value for key, value in unknown.items() if key != "challenge_id"
    }
    shown = api.post(VERIFY, {"challenge_id": known["challenge_id"], "code": code_sent_to(PHONE)})
    assert shown.status_code == 200
    assert shown.json()["token_data"]["user_id"] == str(owner.pk)
    owner.refresh_from_db()
    assert owner.full_name == "The Owner"
    assert owner.roles == [Role.RESIDENT]
    login = {"identifier": PHONE, "password": PASSWORD}
    assert api.post("/api/v1/auth/login/", login).status_code == 401


def test_a_password_that_somebody_else_chose_never_opens_the_account(api: APIClient) -> None:
    register(api, phone_number=PHONE, password="the thief's password")
    OneTimeCode.objects.update(created_at="2026-01-01T00:00:00Z")
    register(api, phone_number=PHONE, password="the owner's password")

    shown = api.post(VERIFY, {"phone_number": PHONE, "otp_code": code_sent_to(PHONE)})

    assert shown.status_code == 200
    for password in ("the thief's password", "the owner's password"):
        login = {"identifier": PHONE, "password": password}
        assert api.post("/api/v1/auth/login/", login).status_code == 401
    assert Credential.objects.get().password_hash == ""


def test_a_code_that_was_sent_again_keeps_what_was_asked_for(api: APIClient) -> None:
    first = register(api, phone_number=PHONE, name="Priya Nair", password=PASSWORD)
    OneTimeCode.objects.update(created_at="2026-01-01T00:00:00Z")

    again = api.post("/api/v1/auth/send-otp/", {"challenge_id": first["challenge_id"]})

    assert again.status_code == 202
    body = {"challenge_id": again.json()["challenge_id"], "code": code_sent_to(PHONE)}
    assert api.post(VERIFY, body).status_code == 200
    assert User.objects.get().full_name == "Priya Nair"
    login = {"identifier": PHONE, "password": PASSWORD}
    assert api.post("/api/v1/auth/login/", login).status_code == 200


@pytest.mark.capability("A02")
def test_nobody_makes_themselves_an_admin(api: APIClient) -> None:
    response = api.post(REGISTER, {"phone_number": PHONE, "role": "admin"})

    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == "/role"
    assert not User.objects.exists()
    assert not OneTimeCode.objects.exists()


def test_buyer_and_seller_is_two_roles(api: APIClient) -> None:
    sent = register(api, phone_number=PHONE, role="both")

    api.post(VERIFY, {"challenge_id": sent["challenge_id"], "code": code_sent_to(PHONE)})

    person = User.objects.get()
    assert (person.roles, person.primary_role) == ([Role.BUYER, Role.SELLER], Role.BUYER)


def test_an_email_that_somebody_else_has_is_not_taken_and_not_told(api: APIClient) -> None:
    holder = UserFactory(email="mine@example.com", email_verified=True)
    sent = register(api, phone_number=PHONE, email="mine@example.com")

    shown = api.post(VERIFY, {"challenge_id": sent["challenge_id"], "code": code_sent_to(PHONE)})

    assert shown.status_code == 200
    assert User.objects.get(phone_number=PHONE).email is None
    holder.refresh_from_db()
    assert holder.email == "mine@example.com"


def test_proof_of_an_address_takes_it_from_whoever_merely_claimed_it(api: APIClient) -> None:
    claimant = UserFactory(email="mine@example.com", email_verified=False)
    sent = register(api, email="mine@example.com")

    code = code_sent_to("mine@example.com")
    shown = api.post(VERIFY, {"challenge_id": sent["challenge_id"], "code": code})

    assert shown.status_code == 200
    claimant.refresh_from_db()
    assert claimant.email is None
    owner = User.objects.get(email="mine@example.com")
    assert owner.email_verified
    assert owner != claimant


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/phone_number", "required"),
        ({"phone_number": "12"}, "/phone_number", "phone_invalid"),
        ({"phone_number": PHONE, "password": "short"}, "/password", "password_too_short"),
        ({"phone_number": PHONE, "password": "password1"}, "/password", "password_too_common"),
        ({"phone_number": PHONE, "password": PHONE}, "/password", "password_is_identifier"),
        ({"phone_number": PHONE, "username": "9lives"}, "/username", "invalid"),
    ],
)
@pytest.mark.capability("A33")
def test_what_will_not_do_is_refused_before_anything_is_sent(
    api: APIClient, body: dict, pointer: str, code: str
) -> None:
    response = api.post(REGISTER, body)

    assert response.status_code == 400
    assert (response.json()["errors"][0]["pointer"], response.json()["errors"][0]["code"]) == (
        pointer,
        code,
    )
    assert not User.objects.exists()
    assert not OneTimeCode.objects.exists()
