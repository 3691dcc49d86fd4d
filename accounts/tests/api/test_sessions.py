"""Devices: listed, ended one by one or together; tokens exchanged for their successors."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from accounts.choices import SessionEnd, UserStatus
from accounts.credentials.models import Session
from accounts.models import AuditEvent, OutgoingMessage, User
from accounts.tests.factories.people import UserFactory, open_session, sign_in

pytestmark = pytest.mark.django_db

SESSIONS = "/api/v1/auth/sessions/"
REFRESH = "/api/v1/auth/refresh/"
ME = "/api/v1/auth/me/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def refresh(token: str) -> tuple[int, dict]:
    response = APIClient().post(REFRESH, {"refresh_token": token})
    return response.status_code, response.json()


def reaches(token: str) -> bool:
    return APIClient().get(ME, HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 200


@pytest.mark.capability("A28")
def test_devices_are_listed_by_names_that_people_know(api: APIClient) -> None:
    person = UserFactory(password="seven green parrots")
    login = {"identifier": person.phone_number, "password": "seven green parrots"}
    answer = APIClient().post(
        "/api/v1/auth/login/", login, HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="203.0.113.7"
    )
    assert answer.status_code == 200
    current = sign_in(api, person)
    open_session(UserFactory())

    listed = api.get(SESSIONS).json()

    assert listed["count"] == 2
    shown = {entry["device_label"]: entry for entry in listed["results"]}
    assert shown["Firefox on Windows"]["ip_prefix"] == "203.0.113.0/24"
    assert shown["Firefox on Windows"]["is_current"] is False
    assert shown["Tests"]["id"] == str(current.session.pk)
    assert shown["Tests"]["is_current"] is True


def test_the_list_of_devices_costs_the_same_however_many_there_are(
    api: APIClient, assert_constant_queries
) -> None:
    person = UserFactory()
    sign_in(api, person)

    assert_constant_queries(lambda: api.get(SESSIONS), lambda: open_session(person))


@pytest.mark.capability("A28")
def test_one_device_is_ended_and_refused_at_once(api: APIClient) -> None:
    person = UserFactory()
    sign_in(api, person)
    lost = open_session(person)

    assert api.delete(f"{SESSIONS}{lost.session.pk}/").status_code == 204

    assert not reaches(lost.tokens.access_token)
    assert refresh(lost.tokens.refresh_token)[0] == 401
    assert api.get(ME).status_code == 200
    assert Session.objects.get(pk=lost.session.pk).revoked_reason == SessionEnd.LOGOUT
    assert AuditEvent.objects.filter(action="credentials.session.revoked").count() == 1
    assert api.delete(f"{SESSIONS}{lost.session.pk}/").status_code == 404


def test_nobody_ends_the_device_of_somebody_else(api: APIClient) -> None:
    sign_in(api, UserFactory())
    other = open_session(UserFactory())

    assert api.get(f"{SESSIONS}{other.session.pk}/").status_code == 404
    assert api.delete(f"{SESSIONS}{other.session.pk}/").status_code == 404
    assert api.delete(f"{SESSIONS}{uuid4()}/").status_code == 404

    assert reaches(other.tokens.access_token)


@pytest.mark.capability("A28")
def test_all_other_devices_are_ended_together(api: APIClient) -> None:
    person = UserFactory()
    sign_in(api, person)
    others = [open_session(person) for _ in range(3)]
    stranger = open_session(UserFactory())

    assert api.delete(SESSIONS).status_code == 204

    assert [reaches(other.tokens.access_token) for other in others] == [False, False, False]
    assert [refresh(other.tokens.refresh_token)[0] for other in others] == [401, 401, 401]
    assert api.get(SESSIONS).json()["count"] == 1
    assert reaches(stranger.tokens.access_token)


@pytest.mark.capability("A28")
def test_signing_out_ends_this_device_alone(api: APIClient) -> None:
    person = UserFactory()
    here, there = sign_in(api, person), open_session(person)

    assert api.post("/api/v1/auth/logout/").status_code == 204

    assert api.get(ME).status_code == 401
    assert refresh(here.tokens.refresh_token)[0] == 401
    assert reaches(there.tokens.access_token)


def test_a_refresh_token_signs_out_where_the_access_token_has_expired(api: APIClient) -> None:
    signed_in = open_session(UserFactory())

    body = {"refresh_token": signed_in.tokens.refresh_token}
    assert api.post("/api/v1/auth/logout/", body).status_code == 204

    assert not reaches(signed_in.tokens.access_token)
    assert api.post("/api/v1/auth/logout/").status_code == 401
    assert api.post("/api/v1/auth/logout/", {"refresh_token": "junk"}).status_code == 401


@pytest.mark.capability("A28")
def test_signing_out_everywhere_ends_every_device(api: APIClient) -> None:
    person = UserFactory()
    everywhere = [sign_in(api, person), open_session(person)]

    assert api.post("/api/v1/auth/logout-all/").status_code == 204

    assert not any(reaches(one.tokens.access_token) for one in everywhere)
    assert [refresh(one.tokens.refresh_token)[0] for one in everywhere] == [401, 401]
    person.refresh_from_db()
    assert person.token_version == 1


@pytest.mark.capability("A28")
def test_a_refresh_token_is_exchanged_for_its_successor() -> None:
    first = open_session(UserFactory()).tokens

    status, second = refresh(first.refresh_token)

    assert status == 200
    assert second["refresh_token"] != first.refresh_token
    assert reaches(second["access_token"])
    assert refresh(second["refresh_token"])[0] == 200


@pytest.mark.capability("A28")
def test_the_token_just_replaced_gets_the_same_successor_for_half_a_minute() -> None:
    first = open_session(UserFactory()).tokens
    successor = refresh(first.refresh_token)[1]["refresh_token"]

    assert refresh(first.refresh_token)[1]["refresh_token"] == successor

    Session.objects.update(rotated_at="2026-01-01T00:00:00Z")
    status, problem = refresh(first.refresh_token)
    assert (status, problem["code"]) == (401, "token_reused")


@pytest.mark.capability("A28")
def test_an_old_token_ends_the_whole_family_and_tells_its_owner() -> None:
    person = UserFactory()
    first = open_session(person).tokens
    neighbour = open_session(person).tokens
    second = refresh(first.refresh_token)[1]
    third = refresh(second["refresh_token"])[1]

    status, problem = refresh(first.refresh_token)

    assert (status, problem["code"]) == (401, "token_reused")
    assert refresh(third["refresh_token"])[0] == 401
    assert not reaches(third["access_token"])
    assert reaches(neighbour.access_token)
    ended = Session.objects.get(revoked_at__isnull=False)
    assert ended.revoked_reason == SessionEnd.REUSE
    assert AuditEvent.objects.filter(after__why="reuse").count() == 1
    assert [message.template for message in OutgoingMessage.objects.all()] == ["session_reused"]


@pytest.mark.capability("A28")
@pytest.mark.parametrize("column", ["expires_at", "absolute_expires_at"])
def test_an_idle_or_an_old_session_is_over(column: str) -> None:
    tokens = open_session(UserFactory()).tokens
    Session.objects.update(**{column: "2026-01-01T00:00:00Z"})

    assert refresh(tokens.refresh_token)[0] == 401


def test_renewing_never_outlives_the_absolute_end() -> None:
    signed_in = open_session(UserFactory())
    life = signed_in.session.absolute_expires_at - signed_in.session.created_at
    assert round(life.total_seconds() / 86_400) == settings.REFRESH_ABSOLUTE_DAYS == 180
    Session.objects.update(absolute_expires_at="2026-12-01T00:00:00Z")

    refresh(signed_in.tokens.refresh_token)

    session = Session.objects.get()
    assert session.expires_at == session.absolute_expires_at


@pytest.mark.capability("A03", "A28")
@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({"status": UserStatus.SUSPENDED, "is_active": False}, (403, "account_suspended")),
        ({"status": UserStatus.INACTIVE, "is_active": False}, (401, "session_ended")),
        ({"token_version": 1}, (401, "session_ended")),
    ],
)
def test_nothing_is_renewed_for_whoever_lost_access(change: dict, answer: tuple) -> None:
    person = UserFactory()
    tokens = open_session(person).tokens
    User.objects.filter(pk=person.pk).update(**change)

    status, problem = refresh(tokens.refresh_token)

    assert (status, problem["code"]) == answer
    assert Session.objects.get().generation == 1


def test_nothing_is_renewed_for_somebody_who_is_gone() -> None:
    person = UserFactory()
    tokens = open_session(person).tokens
    User.objects.filter(pk=person.pk).delete()

    assert refresh(tokens.refresh_token)[0] == 401


def test_an_access_token_renews_nothing() -> None:
    assert refresh(open_session(UserFactory()).tokens.access_token)[0] == 401


def test_the_database_holds_no_token() -> None:
    signed_in = open_session(UserFactory())
    refresh(signed_in.tokens.refresh_token)

    row = Session.objects.get()

    stored = " ".join(str(getattr(row, field.attname)) for field in Session._meta.concrete_fields)
    assert "eyJ" not in stored
    assert re.fullmatch(r"[0-9a-f]{64}", row.refresh_hash)


def test_tokens_are_issued_in_one_place() -> None:
    sources = [
        path
        for app in ("accounts", "bookings", "catalog", "config", "messaging")
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py")
        if "tests" not in path.parts
    ]

    assert not [path for path in sources if "for_user(" in path.read_text()]
