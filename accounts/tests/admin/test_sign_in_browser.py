"""The way into the back office in a real browser, under its content policy."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import Group
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from accounts.models import User
from accounts.services.settings import change_setting
from accounts.tests.authenticator_app import AuthenticatorApp
from accounts.tests.factories.people import PASSWORD, UserFactory
from config.tests.browser import chromium, complaints, hosts_asked

PATIENCE_SECONDS = 30


@pytest.fixture
def browser(require_service: Callable[[str], None]) -> Iterator[Chrome]:
    require_service("chromium")
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or ""
    driver = shutil.which("chromedriver") or "/usr/bin/chromedriver"
    with chromium(executable, driver) as started:
        yield started


@pytest.fixture
def chief(transactional_db: None) -> User:
    chief = UserFactory(superuser=True, password=PASSWORD)
    group, _ = Group.objects.get_or_create(name="Support")
    change_setting(key="staff_totp_required_groups", value=[group.name], actor=chief)
    return chief


def find(browser: Chrome, selector: str) -> Any:
    return WebDriverWait(browser, PATIENCE_SECONDS).until(
        lambda page: page.find_elements(By.CSS_SELECTOR, selector)
    )[0]


def type_in(browser: Chrome, **values: str) -> None:
    for name, value in values.items():
        find(browser, f"#login-form input[name={name}]").send_keys(value)
    find(browser, "#login-form button[type=submit]").click()


@pytest.mark.capability("A27")
def test_staff_set_up_their_second_factor_and_come_in_with_it(
    browser: Chrome, live_server: Any, chief: User, tmp_path: Path
) -> None:
    office = f"{live_server.url}/admin/"
    browser.get(office)
    type_in(browser, username=chief.phone_number or "", password=PASSWORD)
    app = AuthenticatorApp(find(browser, "#secret").text)
    picture = find(browser, "[role=img] svg").size
    assert min(picture["width"], picture["height"]) > 100
    browser.save_screenshot(str(tmp_path / "set_up.png"))

    type_in(browser, code=app.code())
    codes = find(browser, "#backup-codes").text.split()
    browser.save_screenshot(str(tmp_path / "codes.png"))
    assert len(codes) == 10
    find(browser, f"a[href='{urlsplit(office).path}']").click()
    find(browser, "#logout-form")
    assert browser.current_url == office
    assert (complaints(browser), hosts_asked(browser)) == ([], {urlsplit(office).netloc})

    browser.delete_all_cookies()
    browser.get(office)
    type_in(browser, username=chief.phone_number or "", password=PASSWORD)
    find(browser, "input[autocomplete=one-time-code]")
    browser.save_screenshot(str(tmp_path / "code.png"))
    type_in(browser, code=codes[0])

    find(browser, "#logout-form")
    assert browser.current_url == office
