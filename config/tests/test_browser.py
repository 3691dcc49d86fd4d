"""The pages work in a real browser under their own content policies, without any other host."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

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
