"""Settings that staff change: typed, bounded, audited, and read from a copy that is never stale."""

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.choices import SettingType
from accounts.models import AuditEvent, SystemSetting, User
from accounts.services import setting_types
from accounts.services.setting_types import Setting, UnknownSettingError, declare, known_settings
from accounts.services.settings import (
    change_setting,
    current_values,
    ensure_settings,
    forget_settings,
    get_setting,
)
from config.shared.errors import InvalidInputError

FEE = Setting(
    key="test_fee",
    value_type=SettingType.DECIMAL,
    default=Decimal("2.5"),
    at_least=Decimal(0),
    at_most=Decimal(10),
    description="A fee in per cent.",
)


@pytest.fixture
def fee(monkeypatch):
    monkeypatch.setattr(setting_types, "_known", dict(setting_types._known))
    declare([FEE])


@pytest.fixture
def staff(db):
    return User.objects.create_user("+971501110001", is_staff=True)


def test_a_setting_that_nobody_changed_has_its_default_and_follows_the_environment(db, settings):
    assert get_setting("code_seconds") == 300

    settings.CODE_SECONDS = 240

    assert get_setting("code_seconds") == 240


@pytest.mark.capability("A07")
def test_a_change_counts_at_once_and_is_written_down(staff):
    change_setting(key="code_seconds", value=600, actor=staff, reason="Slow networks")

    event = AuditEvent.objects.get(action="accounts.setting.changed")
    assert get_setting("code_seconds") == 600
    assert (event.actor, event.before, event.after) == (staff, {"value": None}, {"value": 600})
    assert event.reason == "Slow networks"
    assert SystemSetting.objects.get(key="code_seconds").updated_by == staff


def test_every_value_a_setting_had_stays_in_its_history(staff):
    change_setting(key="code_seconds", value=120, actor=staff)
    change_setting(key="code_seconds", value=180, actor=staff)

    row = SystemSetting.objects.get(key="code_seconds")
    history = row.events.order_by("pgh_id").values_list("value", flat=True)
    assert list(history) == [None, 120, 180]


def test_none_gives_a_setting_its_default_back(staff):
    change_setting(key="code_seconds", value=120, actor=staff)

    change_setting(key="code_seconds", value=None, actor=staff)

    assert get_setting("code_seconds") == 300


def test_the_same_value_again_leaves_no_trace(staff):
    change_setting(key="code_seconds", value=120, actor=staff)
    before = AuditEvent.objects.count()

    change_setting(key="code_seconds", value=120, actor=staff)

    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("code_seconds", "300", "wrong_type"),
        ("code_seconds", 300.0, "wrong_type"),
        ("code_seconds", True, "wrong_type"),
        ("code_seconds", 601, "too_large"),
        ("code_seconds", 59, "too_small"),
        # "XXX" is ISO 4217's code for no currency at all.
        ("default_currency", "XXX", "not_a_choice"),
        ("default_currency", 1, "wrong_type"),
        ("phone_countries", "AE", "invalid"),
        ("phone_countries", ["AE", "ZZ"], "invalid"),
        ("phone_countries", [["AE"]], "invalid"),
        ("staff_totp_required_groups", ["No such group"], "invalid"),
        ("public_cell_note", "x" * 301, "too_large"),
    ],
)
def test_a_value_that_will_not_do_is_refused_and_changes_nothing(staff, key, value, code):
    with pytest.raises(InvalidInputError) as refusal:
        change_setting(key=key, value=value, actor=staff)

    assert [(error.pointer, error.code) for error in refusal.value.errors] == [("/value", code)]
    assert not AuditEvent.objects.exists()
    assert not SystemSetting.objects.exclude(value=None).exists()


def test_a_setting_that_nothing_asks_for_is_unknown(staff):
    with pytest.raises(UnknownSettingError):
        change_setting(key="no_such_setting", value=1, actor=staff)

    with pytest.raises(UnknownSettingError):
        get_setting("no_such_setting")


@pytest.mark.parametrize("value", ["3.25", 3, Decimal("3.25")])
def test_decimals_are_exact(staff, fee, value):
    assert get_setting("test_fee") == Decimal("2.5")

    row = change_setting(key="test_fee", value=value, actor=staff)

    assert get_setting("test_fee") == Decimal(str(value))
    assert row.value == str(value)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "two", "", 2.5, True, "10.01"])
def test_a_decimal_is_a_number_within_its_bounds(staff, fee, value):
    with pytest.raises(InvalidInputError):
        change_setting(key="test_fee", value=value, actor=staff)

    assert get_setting("test_fee") == Decimal("2.5")


def test_groups_that_need_a_second_factor_are_groups_that_exist(staff):
    Group.objects.get_or_create(name="Finance")

    change_setting(key="staff_totp_required_groups", value=["Finance"], actor=staff)

    assert get_setting("staff_totp_required_groups") == ["Finance"]


def test_a_stored_value_that_the_bounds_now_exclude_counts_as_the_default(db):
    SystemSetting.objects.create(
        key="code_seconds", value=9999, value_type=SettingType.INTEGER, description="Old"
    )

    assert get_setting("code_seconds") == 300


def test_rows_are_made_once_and_hold_no_value(staff):
    change_setting(key="code_seconds", value=120, actor=staff)
    SystemSetting.objects.filter(key="code_seconds").update(description="Outdated")

    made, again = ensure_settings(), ensure_settings()

    assert (made, again) == (len(known_settings()) - 1, 0)
    assert SystemSetting.objects.get(key="code_seconds").description != "Outdated"
    assert get_setting("code_seconds") == 120
    assert get_setting("verification_purge_days") == 90


def test_only_public_settings_are_listed_for_everybody(db):
    public = {item.pk for item in current_values(public_only=True)}
    every = {item.pk for item in current_values(public_only=False)}

    assert "default_currency" in public
    assert "staff_totp_required_groups" not in public
    assert every == {setting.key for setting in known_settings()}


def test_two_settings_cannot_have_one_name(fee):
    other = Setting(key="test_fee", value_type=SettingType.INTEGER, default=1, description="Other")

    with pytest.raises(ValueError, match="test_fee"):
        declare([other])


def test_a_default_out_of_its_bounds_is_a_mistake_in_the_code(fee):
    wrong = Setting(
        key="test_wrong", value_type=SettingType.INTEGER, default=0, at_least=1, description="Wrong"
    )

    with pytest.raises(ValueError, match="test_wrong"):
        declare([wrong])


def test_reading_costs_one_query_for_all_settings_while_the_copy_is_fresh(db):
    forget_settings()

    with CaptureQueriesContext(connection) as queries:
        for setting in known_settings():
            get_setting(setting.key)

    assert len(queries) == 1


@pytest.mark.django_db(transaction=True)
def test_another_process_of_the_machine_sees_a_change_with_its_next_read():
    """A copy that was read before the stamp moved is what another process would hold."""
    from accounts.services import settings as service

    get_setting("code_seconds")
    copy_of_other_process = dict(service._copies)
    change_setting(key="code_seconds", value=120, actor=None)
    service._copies.update(copy_of_other_process)

    assert get_setting("code_seconds") == 120


@pytest.mark.django_db(transaction=True)
def test_a_copy_is_read_anew_after_ten_seconds_even_without_a_stamp(monkeypatch):
    from accounts.services import settings as service

    get_setting("code_seconds")
    SystemSetting.objects.create(
        key="code_seconds", value=120, value_type=SettingType.INTEGER, description="Elsewhere"
    )
    now = service.time.monotonic()
    assert get_setting("code_seconds") == 300

    monkeypatch.setattr(service.time, "monotonic", lambda: now + 10.1)

    assert get_setting("code_seconds") == 120


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_was_never_seen_by_others():
    seen = []

    def look():
        seen.append(get_setting("code_seconds"))
        connection.close()

    with transaction.atomic():
        change_setting(key="code_seconds", value=120, actor=None)
        mine = get_setting("code_seconds")
        run_together(look)
        transaction.set_rollback(True)

    assert (mine, seen) == (120, [300])
    assert get_setting("code_seconds") == 300


@pytest.mark.django_db(transaction=True)
def test_two_first_changes_at_once_leave_one_row():
    barrier = threading.Barrier(2)

    def change(value):
        barrier.wait()
        change_setting(key="code_seconds", value=value, actor=None)
        connection.close()

    run_together(lambda: change(120), lambda: change(180))

    row = SystemSetting.objects.get(key="code_seconds")
    assert row.value in {120, 180}
    assert get_setting("code_seconds") == row.value


def run_together(*calls):
    """Run ``calls`` each in a thread of its own; the first exception of any is raised."""
    with ThreadPoolExecutor(len(calls)) as pool:
        for running in [pool.submit(call) for call in calls]:
            running.result()


@pytest.mark.django_db(transaction=True)
def test_migrating_everything_gives_every_setting_a_row():
    call_command("migrate", verbosity=0)
    whole = SystemSetting.objects.count()
    SystemSetting.objects.all().delete()

    call_command("migrate", database="default", verbosity=0)

    assert (whole, SystemSetting.objects.count()) == (len(known_settings()), 0)
