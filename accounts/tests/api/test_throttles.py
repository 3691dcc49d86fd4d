"""Floods from one network: refused with the time to come back, whoever writes X-Forwarded-For."""

import pytest
from rest_framework.test import APIClient

from accounts.api.throttles import RefreshThrottle, SignInThrottle

pytestmark = pytest.mark.django_db

LOGIN = "/api/v1/auth/login/"
REFRESH = "/api/v1/auth/refresh/"


def test_a_flood_from_one_network_is_refused_and_another_network_is_not(
    api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SignInThrottle, "limit", 3)
    body = {"identifier": "nobody@example.com", "password": "wrong"}

    answers = [api.post(LOGIN, body).status_code for _ in range(3)]
    refused = api.post(LOGIN, body, HTTP_X_FORWARDED_FOR="203.0.113.7")

    assert answers == [401, 401, 401]
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert 3500 < int(refused["Retry-After"]) <= 3600
    assert api.post(LOGIN, body, REMOTE_ADDR="203.0.113.7").status_code == 401


def test_renewing_is_counted_apart(api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SignInThrottle, "limit", 1)
    monkeypatch.setattr(RefreshThrottle, "limit", 2)

    answers = [api.post(REFRESH, {"refresh_token": "x"}).status_code for _ in range(3)]

    assert answers == [401, 401, 429]
