"""Entering the back office with a second factor: asked for, required of groups, set up."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from accounts.groups import FINANCE, GRANTS, SUPPORT, grant
from accounts.models import AuditEvent, User
from accounts.services import second_factor, totp
from accounts.services.settings import change_setting
from accounts.tests.authenticator_app import AuthenticatorApp
from accounts.tests.factories.people import PASSWORD, UserFactory
from accounts.tests.outbox import sent_sms
from config.tests.support import drain

pytestmark = [pytest.mark.django_db, pytest.mark.capability("A27")]

LOGIN = "/admin/login/"
INDEX = "/admin/"
PEOPLE = "/admin/accounts/user/"
CODE = "/admin/second-factor/"
SET_UP = "/admin/second-factor/set-up/"


@pytest.fixture(autouse=True)
def _groups(db: None) -> None:
    """The groups of staff, which tests that empty the tables take away."""
    grant(apps, {SUPPORT: [*GRANTS[SUPPORT], "accounts.reset_second_factor"], FINANCE: []})


@pytest.fixture
def staff(db: None) -> User:
    return UserFactory(staff=True, password=PASSWORD)


@pytest.fixture
def app(staff: User) -> AuthenticatorApp:
    """The app of ``staff``."""
    app = AuthenticatorApp(totp.prepare(user=staff).secret)
    app.backup_codes = second_factor.confirm(user=staff, code=app.code())
    return app


@pytest.fixture
def required(db: None) -> None:
    """Support takes a second factor."""
    chief = UserFactory(superuser=True)
    change_setting(key="staff_totp_required_groups", value=[SUPPORT], actor=chief)


def log_in(client: Client, user: User, query: str = "") -> Any:
    return client.post(LOGIN + query, {"username": user.phone_number, "password": PASSWORD})


def is_in(client: Client) -> bool:
    return client.get(INDEX).status_code == 200


def join(user: User, group: str) -> None:
    user.groups.add(Group.objects.get(name=group))


def error_of(response: Any) -> str:
    return str(response.context["form"].errors.as_data()["code"][0].code)


def test_the_password_alone_lets_nobody_in(
    client: Client, staff: User, app: AuthenticatorApp
) -> None:
    half = log_in(client, staff)

    assert (half.status_code, half["Location"]) == (302, CODE)
    assert not is_in(client)
    assert client.get(CODE).status_code == 200
    assert not AuditEvent.objects.filter(action="accounts.user.back_office_entered").exists()


def test_password_and_code_let_in_where_one_wanted_to_go(
    client: Client, staff: User, app: AuthenticatorApp
) -> None:
    log_in(client, staff, f"?next={PEOPLE}")

    entered = client.post(CODE, {"code": app.code(later=1)})

    assert (entered.status_code, entered["Location"]) == (302, PEOPLE)
    assert is_in(client)
    event = AuditEvent.objects.get(action="accounts.user.back_office_entered")
    assert event.after == {"methods": ["otp", "pwd"]}


def test_a_wrong_code_lets_nobody_in_and_is_written_down(
    client: Client, staff: User, app: AuthenticatorApp
) -> None:
    log_in(client, staff)

    refused = client.post(CODE, {"code": app.wrong_code()})

    assert (refused.status_code, error_of(refused)) == (200, "wrong_code")
    assert not is_in(client)
    assert AuditEvent.objects.filter(action="accounts.user.back_office_refused").count() == 1


def test_a_code_counts_once_over_api_and_back_office(
    client: Client, staff: User, app: AuthenticatorApp
) -> None:
    code = app.code(later=1)
    second_factor.verify(user=staff, code=code)
    log_in(client, staff)

    assert error_of(client.post(CODE, {"code": code})) == "wrong_code"
    assert not is_in(client)


def test_a_backup_code_lets_in_once(client: Client, staff: User, app: AuthenticatorApp) -> None:
    other = Client()
    for browser in (client, other):
        log_in(browser, staff)

    assert client.post(CODE, {"code": app.backup_codes[0]}).status_code == 302
    assert other.post(CODE, {"code": app.backup_codes[0]}).status_code == 200
    assert (is_in(client), is_in(other)) == (True, False)


def test_codes_are_not_guessed(client: Client, staff: User, app: AuthenticatorApp) -> None:
    log_in(client, staff)
    wrong = app.wrong_code()
    for _ in range(10):
        client.post(CODE, {"code": wrong})

    refused = client.post(CODE, {"code": app.code(later=1)})

    assert error_of(refused) == "too_many_requests"
    assert not is_in(client)


def test_whoever_waits_longer_than_ten_minutes_starts_again(
    client: Client, staff: User, app: AuthenticatorApp, time_machine: Any
) -> None:
    log_in(client, staff)
    time_machine.move_to(timezone.now() + timedelta(minutes=10, seconds=1))

    late = client.post(CODE, {"code": app.code(later=1)})

    assert (late.status_code, late["Location"]) == (302, LOGIN)
    assert not is_in(client)


def test_a_password_change_in_between_voids_the_first_half(
    client: Client, staff: User, app: AuthenticatorApp
) -> None:
    log_in(client, staff)
    staff.set_password("seven green parrots")
    staff.save()

    late = client.post(CODE, {"code": app.code(later=1)})

    assert (late.status_code, late["Location"]) == (302, LOGIN)
    assert not is_in(client)


@pytest.mark.parametrize("path", [CODE, SET_UP])
def test_nobody_comes_to_the_second_step_without_the_first(
    client: Client, staff: User, path: str
) -> None:
    for answer in (client.get(path), client.post(path, {"code": "123456"})):
        assert (answer.status_code, answer["Location"]) == (302, LOGIN)
    assert totp.waiting(user=staff) is None


def test_a_group_that_takes_a_second_factor_sets_it_up_on_the_way_in(
    client: Client, staff: User, required: None
) -> None:
    join(staff, SUPPORT)

    half = log_in(client, staff, f"?next={PEOPLE}")

    assert (half.status_code, half["Location"]) == (302, SET_UP)
    assert not is_in(client)
    page = client.get(SET_UP)
    secret = page.context["enrolment"].secret
    assert "<svg" in page.content.decode()
    assert secret in page.content.decode()
    assert client.get(SET_UP).context["enrolment"].secret == secret

    app = AuthenticatorApp(secret)
    assert error_of(client.post(SET_UP, {"code": app.wrong_code()})) == "wrong_code"
    assert not is_in(client)

    done = client.post(SET_UP, {"code": app.code()})

    codes = done.context["codes"]
    assert len(codes) == 10
    assert all(code in done.content.decode() for code in codes)
    assert secret not in done.content.decode()
    assert done.context["next_url"] == PEOPLE
    assert is_in(client)
    drain()
    assert "An authenticator app was added" in sent_sms(staff.phone_number)[-1]


def test_other_groups_are_not_asked(client: Client, staff: User, required: None) -> None:
    join(staff, FINANCE)

    assert log_in(client, staff)["Location"] == INDEX
    assert is_in(client)


def test_superusers_belong_to_every_group(client: Client, required: None) -> None:
    assert log_in(client, UserFactory(superuser=True, password=PASSWORD))["Location"] == SET_UP
    assert not is_in(client)


def test_a_requirement_reaches_whoever_is_in_at_their_next_request(
    client: Client, staff: User
) -> None:
    join(staff, SUPPORT)
    log_in(client, staff)
    assert is_in(client)

    chief = UserFactory(superuser=True)
    change_setting(key="staff_totp_required_groups", value=[SUPPORT], actor=chief)

    assert client.get(PEOPLE)["Location"] == f"{LOGIN}?next={PEOPLE}"
    assert client.get(LOGIN).status_code == 200
    assert log_in(client, staff)["Location"] == SET_UP


def test_a_requirement_leaves_whoever_has_a_second_factor_alone(
    client: Client, staff: User, app: AuthenticatorApp
) -> None:
    join(staff, SUPPORT)
    log_in(client, staff)
    client.post(CODE, {"code": app.code(later=1)})

    chief = UserFactory(superuser=True)
    change_setting(key="staff_totp_required_groups", value=[SUPPORT], actor=chief)

    assert is_in(client)


def test_staff_set_up_a_second_factor_of_their_own_accord(client: Client, staff: User) -> None:
    log_in(client, staff)
    app = AuthenticatorApp(client.get(SET_UP).context["enrolment"].secret)

    client.post(SET_UP, {"code": app.code()})

    assert is_in(client)
    assert totp.is_enrolled(staff.pk)
    again = client.get(SET_UP)
    assert (again.status_code, again["Location"]) == (302, INDEX)


def test_setting_one_up_takes_fresh_proof(client: Client, staff: User, time_machine: Any) -> None:
    log_in(client, staff)
    time_machine.move_to(timezone.now() + timedelta(minutes=11))

    late = client.get(SET_UP)

    assert (late.status_code, late["Location"]) == (302, INDEX)
    assert totp.waiting(user=staff) is None
    assert "fresh proof" in client.get(INDEX).content.decode()


def test_staff_reset_a_lost_second_factor_from_the_page_of_a_person(
    client: Client, staff: User
) -> None:
    person = UserFactory()
    app = AuthenticatorApp(totp.prepare(user=person).secret)
    totp.confirm(user_id=person.pk, code=app.code())
    join(staff, SUPPORT)
    log_in(client, staff)
    path = f"{PEOPLE}{person.pk}/reset-second-factor/"

    assert client.post(path, {"reason": "", "_form_submitted": "1"}).status_code == 200
    assert totp.is_enrolled(person.pk)
    client.post(path, {"reason": "Showed their passport", "_form_submitted": "1"})

    assert not totp.is_enrolled(person.pk)
    event = AuditEvent.objects.get(action="accounts.user.totp_reset")
    assert (event.actor, event.reason) == (staff, "Showed their passport")
