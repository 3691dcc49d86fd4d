"""The pages work in a real browser under their own content policies, without any other host."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from rest_framework.test import APIClient
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from accounts.tests.factories.people import PASSWORD, UserFactory
from accounts.tests.outbox import link_sent_to
from config.tests.browser import chromium, complaints, hosts_asked

# ReDoc's bundle asks its maker for a logo; the policy of the page does not let it.
REDOC_LOGO = "https://cdn.redoc.ly/redoc/logo-mini.svg"


@pytest.fixture
def browser(require_service: Callable[[str], None]) -> Iterator[Chrome]:
    require_service("chromium")
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or ""
    driver = shutil.which("chromedriver") or "/usr/bin/chromedriver"
    with chromium(executable, driver) as started:
        yield started


def wait_for(browser: Chrome, selector: str) -> Any:
    return WebDriverWait(browser, 30).until(
        lambda page: page.find_elements(By.CSS_SELECTOR, selector)
    )[0]


def test_pages_docs_and_back_office_stay_within_their_policies(
    browser: Chrome, live_server: Any
) -> None:
    ours = urlsplit(live_server.url).netloc

    browser.get(f"{live_server.url}/")
    assert wait_for(browser, "h1").text == "Courtyard"
    assert browser.execute_script("return document.styleSheets[0].cssRules.length") > 5
    assert (complaints(browser), hosts_asked(browser)) == ([], {ours})

    browser.get(f"{live_server.url}/docs/")
    wait_for(browser, "#operations-tag-health").click()
    assert "Health of the site" in wait_for(browser, "#operations-health-health_report").text
    assert (complaints(browser), hosts_asked(browser)) == ([], {ours})

    browser.get(f"{live_server.url}/admin/login/")
    assert wait_for(browser, "input[name=password]").is_displayed()
    assert (complaints(browser), hosts_asked(browser)) == ([], {ours})


def test_what_a_library_wants_from_elsewhere_is_blocked(browser: Chrome, live_server: Any) -> None:
    browser.get(f"{live_server.url}/redoc/")
    assert "Courtyard" in wait_for(browser, "h1").text

    said = complaints(browser)

    assert [message for message in said if REDOC_LOGO not in message] == []
    assert all("violates the following Content Security Policy" in message for message in said)


def test_the_first_page_follows_the_person_into_the_dark(browser: Chrome, live_server: Any) -> None:
    paper = "return getComputedStyle(document.body).backgroundColor"
    browser.get(f"{live_server.url}/")
    light = browser.execute_script(paper)

    features = [{"name": "prefers-color-scheme", "value": "dark"}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    assert light == "rgb(251, 250, 247)"
    assert browser.execute_script(paper) == "rgb(20, 25, 23)"


@pytest.fixture
def mailed_link(api: APIClient, live_server: Any, settings: LazySettings) -> str:
    """The link to a new password for ``sam@example.com``, as the message has it."""
    settings.PUBLIC_BASE_URL = live_server.url
    UserFactory(with_email=True, email="sam@example.com", password=PASSWORD)
    api.post("/api/v1/auth/forgot-password/", {"email": "sam@example.com"})
    return link_sent_to("sam@example.com")


def choose(browser: Chrome, password: str) -> None:
    field = wait_for(browser, "#new-password")
    field.clear()
    field.send_keys(password)
    browser.find_element(By.CSS_SELECTOR, "button").click()


def wait_for_words(browser: Chrome, selector: str) -> str:
    """The first words that the element shows."""
    return str(
        WebDriverWait(browser, 30).until(
            lambda page: page.find_element(By.CSS_SELECTOR, selector).text
        )
    )


@pytest.mark.capability("A30")
def test_the_mailed_link_leads_to_a_page_that_takes_a_new_password(
    browser: Chrome, api: APIClient, mailed_link: str, live_server: Any
) -> None:
    identifier = {"identifier": "sam@example.com"}

    browser.get(mailed_link)
    choose(browser, "password")
    refusal = wait_for_words(browser, "#new-password-trouble")
    choose(browser, "seven green parrots")
    outcome = wait_for_words(browser, "#outcome")

    assert refusal == "Too many people use this password: choose another one."
    assert outcome == "Your password was changed. Sign in with it in the app."
    assert browser.switch_to.active_element.get_attribute("id") == "outcome"
    assert browser.current_url == f"{live_server.url}/reset-password/"
    assert hosts_asked(browser) == {urlsplit(live_server.url).netloc}
    assert [line for line in complaints(browser) if "400 (Bad Request)" not in line] == []
    old = api.post("/api/v1/auth/login/", {**identifier, "password": PASSWORD})
    new = api.post("/api/v1/auth/login/", {**identifier, "password": "seven green parrots"})
    assert (old.status_code, new.status_code) == (401, 200)


@pytest.mark.capability("A30")
def test_a_link_that_was_used_says_so(browser: Chrome, api: APIClient, mailed_link: str) -> None:
    token = mailed_link.partition("#token=")[2]
    body = {"token": token, "new_password": "seven green parrots"}
    assert api.post("/api/v1/auth/reset-password/", body).status_code == 204

    browser.get(mailed_link)
    choose(browser, "blue tin roof today")

    assert wait_for_words(browser, "#outcome").startswith("This link was used already")
    assert not browser.find_element(By.CSS_SELECTOR, "form").is_displayed()


def test_the_page_of_an_incomplete_link_asks_for_no_password(
    browser: Chrome, live_server: Any
) -> None:
    browser.get(f"{live_server.url}/reset-password/")

    assert wait_for_words(browser, "#outcome").startswith("This link is not complete")
    assert not browser.find_element(By.CSS_SELECTOR, "form").is_displayed()
    assert complaints(browser) == []


@pytest.mark.parametrize("language", ["en", "ar", "hi"])
def test_the_pages_of_messages_fit_a_phone(
    browser: Chrome, live_server: Any, language: str
) -> None:
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True},
    )
    browser.execute_cdp_cmd("Network.enable", {})
    browser.execute_cdp_cmd(
        "Network.setExtraHTTPHeaders", {"headers": {"Accept-Language": language}}
    )
    wide = "return document.documentElement.scrollWidth"

    for path in ("reset-password/#token=x", "invitations/", "export/"):
        browser.get(f"{live_server.url}/{path}")
        assert wait_for(browser, "h1").text
        assert browser.execute_script("return document.documentElement.lang") == language
        assert browser.execute_script(wide) <= 390, path
        assert complaints(browser) == []
