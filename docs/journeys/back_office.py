"""A morning in the back office, in a real browser against a running Courtyard.

    python manage.py demo                      # in one terminal
    python docs/journeys/back_office.py        # in another

A reviewer opens identity papers and approves them, a moderator suspends somebody; every front page
is looked at, light and dark, wide and on a phone. ``--screens FOLDER`` keeps the pictures.
"""

import argparse
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium.common.exceptions import (
    ElementNotInteractableException,
    StaleElementReferenceException,
)
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

DEMO_PASSWORD = "courtyard-demo-2026"  # noqa: S105 - of the demo's people, printed by the demo
PATIENCE_SECONDS = 30
WIDE, PHONE = (1280, 900), (390, 844)
SIDE_BAR = 280
STAFF = {
    "support": "support@demo.courtyard.example",
    "moderation": "moderation@demo.courtyard.example",
    "verification": "verification@demo.courtyard.example",
    "finance": "finance@demo.courtyard.example",
    "site-administration": "siteadmin@demo.courtyard.example",
}
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-sync",
)


class JourneyError(Exception):
    """A page was not what the journey expects."""


class Office:
    """A browser in which one member of staff has signed in."""

    def __init__(self, browser: Chrome, base: str, screens: Path) -> None:
        self.browser, self.base, self.screens = browser, base, screens

    def open(self, path: str) -> None:
        """Go to a page of the back office."""
        self.browser.get(f"{self.base}/admin/{path}")
        self.wait("#main, #content, form")

    def wait(self, selector: str, text: str = "") -> None:
        """Wait until something is there and shows ``text``."""
        self._until(
            lambda: any(text in found.text for found in self._all(selector)),
            f"{selector} with {text!r}",
        )

    def click(self, words: str, within: str = "a, button") -> None:
        """Click what says ``words``."""
        self._until(lambda: self._clicked(words, within), f"{words!r}")

    def _clicked(self, words: str, within: str) -> bool:
        for found in self._all(within):
            if words in found.text and found.is_displayed():
                found.click()
                return True
        return False

    def _all(self, selector: str) -> list[WebElement]:
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def _until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait; a page that is just being replaced is looked at again."""
        waiting = WebDriverWait(
            self.browser,
            PATIENCE_SECONDS,
            ignored_exceptions=[StaleElementReferenceException, ElementNotInteractableException],
        )
        waiting.until(lambda _: condition(), f"{what} at {self.browser.current_url}")

    def tab(self, words: str) -> None:
        """Turn to a tab of the page at hand; the side bar may have a line of the same name."""
        self._until(lambda: self._turned(words), f"the tab {words!r}")

    def _turned(self, words: str) -> bool:
        for found in self._all("a, button"):
            beside_the_bar = found.location["x"] > SIDE_BAR
            if found.text.strip() == words and beside_the_bar and found.is_displayed():
                found.click()
                return True
        return False

    def until_script(self, script: str, what: str) -> None:
        """Wait until a script in the page says yes."""
        self._until(lambda: bool(self.browser.execute_script(script)), what)

    def type(self, name: str, text: str) -> None:
        """Fill a field in, once it is there to be filled."""
        self._until(lambda: self._filled(name, text), f"the field {name!r}")

    def _filled(self, name: str, text: str) -> bool:
        for field in self.browser.find_elements(By.NAME, name):
            if field.is_displayed():
                field.clear()
                field.send_keys(text)
                return True
        return False

    def sign_in(self, identifier: str) -> None:
        """Sign in as a member of staff of the demo."""
        self.browser.delete_all_cookies()
        self.browser.get(f"{self.base}/admin/login/?next=/admin/")
        self.type("username", identifier)
        self.type("password", DEMO_PASSWORD)
        self.browser.find_element(By.CSS_SELECTOR, "button[type=submit]").click()
        self.wait("h1, h2", "People")

    def picture(self, name: str, size: tuple[int, int] = WIDE) -> None:
        """Keep what is shown now; a page is never wider than its screen."""
        self.browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {
                "width": size[0],
                "height": size[1],
                "deviceScaleFactor": 1,
                "mobile": size == PHONE,
            },
        )
        wide = self.browser.execute_script("return document.documentElement.scrollWidth")
        if wide > size[0]:
            raise JourneyError(f"{name} is {wide} pixels wide on a screen of {size[0]}.")
        self.browser.save_screenshot(str(self.screens / f"{name}.png"))

    def complaints(self) -> list[str]:
        """What the browser's console says."""
        return [str(entry["message"]) for entry in self.browser.get_log("browser")]


def say(sentence: str) -> None:
    print(f"- {sentence}")  # noqa: T201 - the script's own output


def look_around(office: Office) -> None:
    """Every front page, in four looks."""
    for group, identifier in STAFF.items():
        office.sign_in(identifier)
        for theme in ("light", "dark"):
            office.browser.execute_cdp_cmd(
                "Emulation.setEmulatedMedia",
                {"features": [{"name": "prefers-color-scheme", "value": theme}]},
            )
            office.open("")
            office.picture(f"{group}-{theme}")
            office.picture(f"{group}-{theme}-phone", PHONE)
    office.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    office.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    say(f"{len(STAFF)} front pages fit on a desk and on a phone, by day and by night.")


def review_papers(office: Office) -> None:
    """The oldest papers: look, and approve."""
    office.sign_in(STAFF["verification"])
    office.open("accounts/verification/?status__exact=pending")
    office.picture("queue")
    office.click("", within="#result_list tbody a")
    office.click("Show the papers")
    office.wait("dd", "784")
    office.picture("papers")
    office.click("Cancel")
    office.click("Approve")
    office.click("Approve", within="dialog button, #modal-content button, [role=dialog] button")
    office.wait("body", "decided")
    say("The oldest identity papers were opened and approved.")


def suspend_somebody(office: Office) -> None:
    """Find a person by the end of their phone number, and suspend them with a reason."""
    office.sign_in(STAFF["moderation"])
    office.open("accounts/user/?q=1000022")
    office.wait("#result_list", "Elena Petrova")
    office.click("Elena Petrova", within="#result_list tbody a")
    office.picture("person")
    office.click("Suspend")
    office.type("reason", "Sold the same sofa twice")
    office.click("Suspend", within="dialog button, #modal-content button, [role=dialog] button")
    office.wait("body", "is suspended")
    say("A person was found by the last digits of a phone number, and suspended with a reason.")


def look_after_homes(office: Office) -> None:
    """A development with its plan and its model turning, a booking, and the week's visits."""
    office.sign_in(STAFF["site-administration"])
    office.open("catalog/development/?q=Marina")
    office.click("Marina Crest", within="#result_list tbody a")
    office.tab("Stacking plan")
    office.wait("caption", "Block A")
    office.picture("stacking-plan")
    office.tab("3D models")
    office.until_script(
        "const shown = document.querySelector('model-viewer'); return shown && shown.loaded",
        "a 3D model that is drawn",
    )
    office.picture("model")
    office.open("bookings/booking/?status__exact=contracted")
    office.click("BK-", within="#result_list tbody a")
    office.tab("Timeline")
    office.picture("booking")
    office.open("bookings/appointment/week/")
    office.picture("week")
    office.picture("week-phone", PHONE)
    say("A development shows its plan and turns its model; a booking shows what was done.")


def second_a_refund(office: Office) -> None:
    """Finance is the second person for a refund above the limit."""
    office.sign_in(STAFF["finance"])
    office.open("bookings/refund/?status__exact=requested")
    office.click("RF-", within="#result_list tbody a")
    office.wait("th", "Debit")
    office.picture("refund-phone", PHONE)
    office.picture("refund")
    office.click("Approve")
    office.click("Approve", within="dialog button, #modal-content button, [role=dialog] button")
    office.wait("body", "approved")
    say("A refund above the limit was approved by a second person.")


@contextmanager
def browser() -> Iterator[Chrome]:
    """Chromium without a window, under a profile of its own."""
    options = ChromeOptions()
    options.binary_location = shutil.which("chromium") or shutil.which("chromium-browser") or ""
    with tempfile.TemporaryDirectory() as profile:
        for argument in (*ARGUMENTS, f"--user-data-dir={profile}", "--window-size=1280,900"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "SEVERE"})
        driver = shutil.which("chromedriver") or "/usr/bin/chromedriver"
        started = Chrome(options=options, service=Service(driver))
        try:
            yield started
        finally:
            started.quit()


def travel(base: str, screens: Path) -> None:
    """The whole morning."""
    screens.mkdir(parents=True, exist_ok=True)
    with browser() as window:
        office = Office(window, base, screens)
        look_around(office)
        review_papers(office)
        suspend_somebody(office)
        look_after_homes(office)
        second_a_refund(office)
        if said := office.complaints():
            raise JourneyError(f"The browser complains: {said}")
        say("The browser had nothing to complain of.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--screens", type=Path, default=Path(".data/screens"))
    options = parser.parse_args()
    travel(options.base.rstrip("/"), options.screens)


if __name__ == "__main__":
    main()
