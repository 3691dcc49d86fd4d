"""Entering the back office: the password, by the rules of the API."""

from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.credentials.models import Credential, FailureCounter
from accounts.models import AuditEvent, User
from accounts.services import passwords, sessions, standing
from accounts.tests.factories.people import PASSWORD, UserFactory

pytestmark = [pytest.mark.django_db]

LOGIN = "/admin/login/"
INDEX = "/admin/"
CHANGE = "/admin/password_change/"
OTHER_PASSWORD = "seven green parrots"


@pytest.fixture
def staff(db: None) -> User:
    return UserFactory(staff=True, with_email=True, username="sam", password=PASSWORD)


def log_in(client: Client, name: str | None, password: str = PASSWORD, query: str = "") -> Any:
    return client.post(LOGIN + query, {"username": name, "password": password})


def is_in(client: Client) -> bool:
    return client.get(INDEX).status_code == 200


@pytest.mark.capability("A26")
@pytest.mark.parametrize("name", ["phone_number", "email", "username"])
def test_staff_enter_with_any_name_and_their_password(
    client: Client, staff: User, name: str
) -> None:
    entered = log_in(client, getattr(staff, name))

    assert (entered.status_code, entered["Location"]) == (302, INDEX)
    assert is_in(client)
    event = AuditEvent.objects.get(action="accounts.user.back_office_entered")
    assert (event.actor, event.after) == (staff, {"methods": ["pwd"]})
    staff.refresh_from_db()
    assert staff.last_login_at is not None


@pytest.mark.parametrize("traits", [{}, {"staff": True, "suspended": True}])
def test_whoever_may_not_enter_is_told_no_more_than_a_stranger(
    client: Client, staff: User, traits: dict[str, bool]
) -> None:
    person = UserFactory(password=PASSWORD, **traits)

    answers = [
        log_in(client, person.phone_number),
        log_in(client, "+971509999999"),
        log_in(client, staff.phone_number, "wrong"),
        log_in(client, "nobody"),
    ]

    errors = [answer.context["form"].non_field_errors() for answer in answers]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert errors == [errors[0]] * 4
    assert not is_in(client)
    assert not AuditEvent.objects.filter(action="accounts.user.back_office_entered").exists()


@pytest.mark.capability("A29")
@pytest.mark.parametrize("wrong", [5, 20])
def test_the_right_password_is_refused_from_the_sixth_try_on(
    client: Client, staff: User, wrong: int
) -> None:
    for _ in range(wrong):
        assert log_in(client, staff.username, "wrong").status_code == 200

    refused = log_in(client, staff.username)

    assert refused.context["form"].errors.as_data()["__all__"][0].code == "password_locked"
    assert "Try again in" in str(refused.context["form"].non_field_errors())
    assert not is_in(client)

    FailureCounter.objects.all().delete()
    Credential.objects.filter(pk=staff.pk).update(failed_login_attempts=0, locked_until=None)
    assert log_in(client, staff.username).status_code == 302


@pytest.mark.capability("A29")
def test_a_network_tries_sixty_accounts_and_no_more(client: Client, staff: User) -> None:
    for number in range(60):
        log_in(client, f"somebody{number}", "wrong")

    refused = log_in(client, staff.username)

    assert refused.context["form"].errors.as_data()["__all__"][0].code == "too_many_requests"
    assert not is_in(client)


@pytest.mark.parametrize("body", [{}, {"username": "sam"}, {"password": PASSWORD}])
def test_half_a_proof_is_not_counted(client: Client, staff: User, body: dict[str, str]) -> None:
    assert client.post(LOGIN, body).status_code == 200
    assert not FailureCounter.objects.exists()


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("/admin/accounts/user/", "/admin/accounts/user/"),
        ("https://evil.example/", INDEX),
        ("//evil.example/", INDEX),
        ("javascript:alert(1)", INDEX),
    ],
)
def test_nobody_is_sent_to_another_site(
    client: Client, staff: User, target: str, shown: str
) -> None:
    assert log_in(client, staff.username, query=f"?next={target}")["Location"] == shown


def test_a_session_that_somebody_planted_is_worthless(client: Client, staff: User) -> None:
    client.get(LOGIN)
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key or ""

    log_in(client, staff.username)

    assert client.session.session_key != planted
    assert is_in(client)
    other = Client()
    other.cookies["sessionid"] = planted
    assert not is_in(other)


def test_another_site_cannot_sign_anybody_in(staff: User) -> None:
    client = Client(enforce_csrf_checks=True)

    assert log_in(client, staff.username).status_code == 403
    assert not is_in(client)


def test_no_page_of_the_way_in_is_kept_by_the_browser(client: Client) -> None:
    assert "no-store" in client.get(LOGIN)["Cache-Control"]


def test_a_request_costs_nothing_in_the_database_of_secrets(client: Client, staff: User) -> None:
    log_in(client, staff.username)

    with CaptureQueriesContext(connections["credentials"]) as queries:
        assert is_in(client)

    assert [query["sql"] for query in queries] == []


def test_the_session_ends_after_eight_hours_however_busy(
    client: Client, staff: User, time_machine: Any
) -> None:
    time_machine.move_to("2027-01-04T08:00:00+00:00")
    entered = log_in(client, staff.username)
    assert 0 <= 8 * 3600 - entered.cookies["sessionid"]["max-age"] <= 1

    for clock in ("09:30", "12:00", "15:59"):
        time_machine.move_to(f"2027-01-04T{clock}:00+00:00")
        assert is_in(client), clock
        session = client.session
        session["busy"] = clock
        session.save()

    time_machine.move_to("2027-01-04T16:00:01+00:00")
    assert not is_in(client)


def suspend(user: User) -> None:
    chief = UserFactory(superuser=True)
    standing.suspend(user=user, actor=chief, reason="Left the company")


def reset(user: User) -> None:
    passwords.replace_password(user=user, new_password=OTHER_PASSWORD, actor=user)


def set_at_the_console(user: User) -> None:
    user.set_password(OTHER_PASSWORD)
    user.save()


def sign_out_everywhere(user: User) -> None:
    sessions.sign_out_everywhere(user=user)


def lose_the_job(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_staff=False)


@pytest.mark.capability("A03", "A28")
@pytest.mark.parametrize(
    "happen", [suspend, reset, set_at_the_console, sign_out_everywhere, lose_the_job]
)
def test_sessions_end_at_the_next_request_when(client: Client, staff: User, happen: Any) -> None:
    chief = UserFactory(superuser=True)
    colleague = Client()
    colleague.force_login(chief)
    log_in(client, staff.username)
    assert is_in(client)

    happen(staff)

    refused = client.get(INDEX)
    assert (refused.status_code, refused["Location"]) == (302, f"{LOGIN}?next={INDEX}")
    assert is_in(colleague)


def change(client: Client, old: str, new: str, again: str | None = None) -> Any:
    body = {"old_password": old, "new_password1": new, "new_password2": again or new}
    return client.post(CHANGE, body)


@pytest.mark.capability("A33")
def test_staff_change_their_password_and_only_this_session_goes_on(
    client: Client, staff: User
) -> None:
    other = Client()
    log_in(other, staff.username)
    log_in(client, staff.username)

    changed = change(client, PASSWORD, OTHER_PASSWORD)

    assert (changed.status_code, changed["Location"]) == (302, "/admin/password_change/done/")
    assert is_in(client)
    assert not is_in(other)
    assert log_in(other, staff.username).status_code == 200
    assert log_in(other, staff.username, OTHER_PASSWORD).status_code == 302
    assert AuditEvent.objects.filter(action="accounts.user.password_changed").count() == 1


@pytest.mark.capability("A33")
@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("wrong", OTHER_PASSWORD, OTHER_PASSWORD),
        (PASSWORD, "short", "short"),
        (PASSWORD, "password123", "password123"),
        (PASSWORD, "x" * 129, "x" * 129),
        (PASSWORD, OTHER_PASSWORD, "another one"),
    ],
)
def test_a_password_that_will_not_do_changes_nothing(
    client: Client, staff: User, old: str, new: str, again: str
) -> None:
    log_in(client, staff.username)
    before = Credential.objects.get(pk=staff.pk).password_hash

    refused = change(client, old, new, again)

    assert refused.status_code == 200
    assert refused.context["form"].errors
    assert Credential.objects.get(pk=staff.pk).password_hash == before
    assert is_in(client)


@pytest.mark.capability("A29")
def test_a_stolen_session_does_not_guess_the_password(client: Client, staff: User) -> None:
    log_in(client, staff.username)
    for _ in range(5):
        change(client, "wrong", OTHER_PASSWORD)

    refused = change(client, PASSWORD, OTHER_PASSWORD)

    assert refused.status_code == 200
    assert refused.context["form"].errors.as_data()["old_password"][0].code == "password_locked"
