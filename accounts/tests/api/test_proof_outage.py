"""Second factors, passkeys, Google and the back office while the database of secrets is away."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.tests.factories.people import PASSWORD, UserFactory, sign_in
from config.tests.outages import database_down

pytestmark = pytest.mark.django_db(transaction=True)

AUTH = "/api/v1/auth/"
CHALLENGE = str(uuid4())
CREDENTIAL = {"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {}}


@pytest.mark.capability("A27", "A31", "A32")
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("mfa/verify/", {"mfa_token": CHALLENGE, "code": "123456"}),
        ("mfa/totp/start/", {}),
        ("mfa/totp/confirm/", {"code": "123456"}),
        ("mfa/totp/disable/", {"code": "123456"}),
        ("mfa/backup-codes/", {"code": "123456"}),
        ("passkeys/options/", {}),
        ("passkeys/", {"challenge_id": CHALLENGE, "credential": CREDENTIAL}),
        ("passkeys/sign-in/options/", {}),
        ("passkeys/sign-in/", {"challenge_id": CHALLENGE, "credential": CREDENTIAL}),
        ("google/start/", {"redirect_uri": "http://127.0.0.1:8000/"}),
        ("google/", {"challenge_id": CHALLENGE, "code": "abc"}),
        ("google/link/", {"link_token": CHALLENGE}),
    ],
)
def test_every_proof_says_when_to_come_back(api: APIClient, path: str, body: Any) -> None:
    sign_in(api, UserFactory())

    with database_down("credentials"):
        refused = api.post(f"{AUTH}{path}", body)

    assert (refused.status_code, refused.json()["code"]) == (503, "sign_in_unavailable")
    assert int(refused["Retry-After"]) > 0


@pytest.mark.parametrize("path", ["mfa/", "passkeys/"])
def test_what_cannot_be_read_says_when_to_come_back(api: APIClient, path: str) -> None:
    sign_in(api, UserFactory())

    with database_down("credentials"):
        refused = api.get(f"{AUTH}{path}")

    assert refused.status_code == 503
    assert int(refused["Retry-After"]) > 0


def test_staff_who_are_in_go_on_and_others_are_told(client: Client) -> None:
    staff = UserFactory(staff=True, password=PASSWORD)
    body = {"username": staff.phone_number, "password": PASSWORD}
    client.post("/admin/login/", body)

    with database_down("credentials"):
        inside = client.get("/admin/")
        outside = Client().post("/admin/login/", body)

    assert (inside.status_code, outside.status_code) == (200, 200)
    assert "not possible at this moment" in str(outside.context["form"].non_field_errors())
