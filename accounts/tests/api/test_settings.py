"""Settings of the site over the API: who reads what, and who changes it."""

import pytest
from django.contrib.auth.models import Permission

from accounts.models import AuditEvent, SystemSetting, User
from accounts.services.setting_types import known_settings

SETTINGS = "/api/v1/settings/"
PUBLIC = f"{SETTINGS}code_seconds/"
PRIVATE = f"{SETTINGS}verification_purge_days/"


@pytest.fixture
def resident(db):
    return User.objects.create_user("+971501110007")


@pytest.fixture
def staff(db):
    person = User.objects.create_user("+971501110008", is_staff=True)
    person.user_permissions.set(
        Permission.objects.filter(codename__in=["view_systemsetting", "change_systemsetting"])
    )
    return person


def test_everybody_reads_the_public_settings_and_no_others(api, db):
    response = api.get(SETTINGS)

    public = [setting.key for setting in known_settings() if setting.is_public]
    assert [item["key"] for item in response.data] == public
    assert {item["key"]: item["value"] for item in response.data}["default_currency"] == "AED"


def test_staff_with_the_permission_read_all_of_them(api, staff):
    api.force_authenticate(staff)

    response = api.get(SETTINGS)

    assert [item["key"] for item in response.data] == [item.key for item in known_settings()]


def test_the_list_costs_the_same_however_many_were_changed(api, staff, assert_constant_queries):
    api.force_authenticate(staff)
    values = iter(range(60, 600))

    def change_one():
        api.put(PUBLIC, {"value": next(values)})

    assert_constant_queries(lambda: api.get("/api/v1/settings/"), change_one)


@pytest.mark.parametrize("path", [PRIVATE, f"{SETTINGS}no_such_setting/"])
def test_a_setting_that_is_not_public_is_not_there_for_others(api, resident, path):
    api.force_authenticate(resident)

    response = api.get(path)

    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_staff_change_a_setting_and_it_is_written_down(api, staff):
    api.force_authenticate(staff)

    response = api.put(PRIVATE, {"value": 30, "reason": "New law"})

    event = AuditEvent.objects.get(action="accounts.setting.changed")
    assert response.status_code == 200
    assert (response.data["value"], response.data["default"]) == (30, 90)
    assert (event.actor, event.after, event.reason) == (staff, {"value": 30}, "New law")


def test_null_gives_the_default_back(api, staff):
    api.force_authenticate(staff)
    api.put(PRIVATE, {"value": 30})

    assert api.put(PRIVATE, {"value": None}).data["value"] == 90


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"value": "thirty"}, "/value", "wrong_type"),
        ({"value": 0}, "/value", "too_small"),
        ({}, "/value", "required"),
        ({"value": 30, "reason": "x" * 501}, "/reason", "max_length"),
    ],
)
def test_a_wrong_value_is_a_400_and_changes_nothing(api, staff, body, pointer, code):
    api.force_authenticate(staff)

    response = api.put(PRIVATE, body)

    errors = [(error["pointer"], error["code"]) for error in response.json()["errors"]]
    assert (response.status_code, errors) == (400, [(pointer, code)])
    assert not SystemSetting.objects.exclude(value=None).exists()


def test_an_unknown_setting_cannot_be_made(api, staff):
    api.force_authenticate(staff)

    assert api.put(f"{SETTINGS}no_such_setting/", {"value": 1}).status_code == 404
    assert not SystemSetting.objects.exists()


@pytest.mark.parametrize("is_staff", [True, False])
def test_nobody_changes_a_setting_without_the_permission(api, db, is_staff):
    api.force_authenticate(User.objects.create_user("+971501110009", is_staff=is_staff))

    response = api.put(PUBLIC, {"value": 120})

    assert response.status_code == 403
    assert not SystemSetting.objects.exists()


def test_nobody_changes_a_setting_without_signing_in(api, db):
    assert api.put(PUBLIC, {"value": 120}).status_code == 401


def test_a_change_on_top_of_somebody_elses_is_refused(api, staff):
    api.force_authenticate(staff)
    seen = api.get(PRIVATE)["ETag"]
    api.put(PRIVATE, {"value": 30}, headers={"if-match": seen})

    late = api.put(PRIVATE, {"value": 60}, headers={"if-match": seen})

    assert late.status_code == 412
    assert api.get(PRIVATE).data["value"] == 30


def test_unknown_parameters_are_refused(api, db):
    assert api.get(f"{SETTINGS}?page=2").status_code == 400
