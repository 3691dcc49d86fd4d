"""A real browser for tests, with an ear for what it complains about and whom it asks."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--window-size=1200,900",
)


@contextmanager
def chromium(executable: str, driver: str) -> Iterator[webdriver.Chrome]:
    """A browser without a window, closed at the end of the block."""
    options = Options()
    options.binary_location = executable
    for argument in ARGUMENTS:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(service=Service(driver), options=options)
    try:
        yield browser
    finally:
        browser.quit()


def complaints(browser: webdriver.Chrome) -> list[str]:
    """What the console says since it was last asked."""
    return [str(entry["message"]) for entry in browser.get_log("browser")]


def hosts_asked(browser: webdriver.Chrome) -> set[str]:
    """The hosts that the pages asked for anything since this was last called."""
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    addresses = [
        message["params"]["request"]["url"]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    ]
    return {
        urlsplit(address).netloc
        for address in addresses
        if urlsplit(address).scheme in {"http", "https"}
    }
