"""The credentials database goes away: whoever is signed in goes on, signing in waits."""

import pytest
from rest_framework.test import APIClient

from accounts.tests.factories.people import PASSWORD, UserFactory, sign_in
from config.tests.outages import database_down

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.capability("A13")
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("login", {"identifier": "sam@example.com", "password": PASSWORD}),
        ("login", {"phone_number": "+971501234567"}),
        ("send-otp", {"phone_number": "+971501234567"}),
        ("register", {"phone_number": "+971501234567"}),
        ("forgot-password", {"email": "sam@example.com"}),
        (
            "verify-otp",
            {"challenge_id": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f", "code": "123456"},
        ),
    ],
)
def test_signing_in_says_when_to_come_back(path: str, body: dict) -> None:
    UserFactory(email="sam@example.com", password=PASSWORD)

    with database_down("credentials"):
        response = APIClient().post(f"/api/v1/auth/{path}/", body)

    assert (response.status_code, response.json()["code"]) == (503, "sign_in_unavailable")
    assert int(response["Retry-After"]) > 0


@pytest.mark.capability("A13", "A28")
def test_whoever_is_signed_in_goes_on_and_renews_later(api: APIClient) -> None:
    signed_in = sign_in(api, UserFactory())
    body = {"refresh_token": signed_in.tokens.refresh_token}

    with database_down("credentials"):
        assert api.get("/api/v1/auth/me/").status_code == 200
        down = APIClient().post("/api/v1/auth/refresh/", body)
    back = APIClient().post("/api/v1/auth/refresh/", body)

    assert (down.status_code, down.json()["code"]) == (503, "sign_in_unavailable")
    assert back.status_code == 200
