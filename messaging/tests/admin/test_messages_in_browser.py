"""Previews of messages, and the page that stops them, in a real browser."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from accounts.groups import SUPPORT
from accounts.tests.factories.organizations import staff_in
from accounts.tests.factories.people import UserFactory
from config.tests.browser import complaints, hosts_asked
from config.tests.test_browser import browser, wait_for  # noqa: F401 - a fixture
from messaging.models import NotificationPreference
from messaging.services.unsubscribing import token_of

COLOUR = "return getComputedStyle(document.querySelector('main')).backgroundColor"


@pytest.mark.capability("M12")
def test_the_html_of_a_message_is_shown_as_it_is_and_asks_nobody_for_anything(
    browser: Chrome,  # noqa: F811
    live_server: Any,
    tmp_path: Path,
) -> None:
    office = Client()
    office.force_login(staff_in(SUPPORT))
    browser.get(f"{live_server.url}/admin/login/")
    cookie = office.cookies[settings.SESSION_COOKIE_NAME].value
    browser.add_cookie({"name": settings.SESSION_COOKIE_NAME, "value": cookie})
    complaints(browser)
    hosts_asked(browser)

    browser.get(f"{live_server.url}/admin/messaging/notification/texts/hold_placed/ar/")
    browser.switch_to.frame(wait_for(browser, "iframe[sandbox]"))

    assert wait_for(browser, "h1").text.startswith("الوحدة")
    assert browser.execute_script("return document.documentElement.dir") == "rtl"
    assert browser.execute_script(COLOUR) == "rgb(255, 255, 255)"
    browser.switch_to.default_content()
    browser.save_screenshot(str(tmp_path / "preview.png"))
    assert complaints(browser) == []
    assert hosts_asked(browser) == {urlsplit(live_server.url).netloc}


@pytest.mark.capability("M11")
def test_the_button_stops_the_emails(browser: Chrome, live_server: Any) -> None:  # noqa: F811
    person = UserFactory(with_email=True, locale="en")
    browser.get(f"{live_server.url}/unsubscribe/{token_of(person.pk, 'market')}/")

    assert "offers, sales and streams" in wait_for(browser, "main").text
    browser.find_element(By.CSS_SELECTOR, "button").click()

    assert wait_for(browser, "[role=status]").text.startswith("Done:")
    assert complaints(browser) == []
    assert NotificationPreference.objects.get(user=person).category == "market"
