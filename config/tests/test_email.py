"""The texts of messages: complete, in every language, and safe in every part."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings

from accounts.choices import CodePurpose, PaperKind
from accounts.services.message_templates import TEMPLATES, values_to_show
from config.shared.email import LANGUAGES, language_of, public_link, render_email, render_sms
from config.shared.message_samples import SAMPLES

CASES = [(name, language) for name in TEMPLATES for language in LANGUAGES]
BRANCHES = [
    *(("code", "purpose", purpose) for purpose in CodePurpose.values),
    *(("contact_changed", "kind", kind) for kind in ("phone", "email")),
    *(
        ("security_changed", "what", what)
        for what in (
            "totp_enabled",
            "totp_disabled",
            "backup_codes",
            "passkey_added",
            "passkey_removed",
            "google_linked",
            "google_unlinked",
            "email_claim_ended",
        )
    ),
    *(("verification_decided", "status", status) for status in ("approved", "rejected", "revoked")),
    *(("residency_decided", "status", status) for status in ("verified", "rejected", "ended")),
    *(("objection_answered", "outcome", outcome) for outcome in ("upheld", "dismissed")),
    *(("paper_expires", "paper", paper) for paper in PaperKind.values),
    *(("appointment_rescheduled", "status", status) for status in ("requested", "confirmed")),
    *(("cancellation_asked", "status", status) for status in ("asked", "second_needed")),
    *(
        ("cancellation_decided", "status", status)
        for status in ("approved", "rejected", "withdrawn")
    ),
    *(
        ("transfer_decided", "status", status)
        for status in ("approved", "rejected", "declined", "withdrawn")
    ),
    *(("dispute_decided", "outcome", outcome) for outcome in ("released", "refunded", "split")),
    *(("handover_signed", "side", side) for side in ("customer", "builder")),
]


class Elements(HTMLParser):
    """The elements and the text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def values_of(name: str, **changes: Any) -> dict[str, Any]:
    needs = TEMPLATES[name].needs
    return values_to_show({key: changes.get(key, SAMPLES[key]) for key in needs})


def template_files() -> set[str]:
    folder = Path(settings.BASE_DIR) / "templates" / "emails"
    return {
        f"{path.parent.name}/{path.stem}"
        for path in folder.glob("*/*.txt")
        if path.parent.name != "parts" and path.stem not in {"footer", "unsubscribe"}
    }


@pytest.mark.capability("M12")
def test_every_message_has_a_text_in_every_language_and_no_text_is_left_over() -> None:
    assert template_files() == {f"{language}/{name}" for name, language in CASES}


@pytest.mark.capability("M12")
@pytest.mark.parametrize(("name", "language"), CASES)
def test_a_message_is_complete(name: str, language: str) -> None:
    values = values_of(name)

    email = render_email(name, values, locale=language)
    sms = render_sms(name, values, locale=language)

    assert email.language == language
    assert 5 < len(email.subject) < 110
    assert "\n" not in email.subject
    assert len(email.text) > 40
    assert sms.startswith("Courtyard: ")
    assert "\n" not in sms
    for text in (email.subject, email.text, sms):
        assert not re.search(r"[{}%]|None", text)
    for key in ("code", "link"):
        if key in values:
            assert values[key] in email.text
            assert values[key] in sms
            assert values[key] not in email.subject


@pytest.mark.capability("M12")
def test_days_are_not_turned_around_between_arabic_words() -> None:
    values = values_of("offer_accepted", product="Vase of 1920-01-02x", reference="SL-2026-000001")
    kept = "\u20662026-11-28 14:30 (Asia/Dubai)\u2069"

    arabic = render_email("offer_accepted", values, locale="ar")

    assert kept in arabic.text
    assert kept in arabic.html
    assert kept in render_sms("offer_accepted", values, locale="ar")
    assert "\u2066" not in arabic.subject
    assert "\u2066" not in render_email("offer_accepted", values, locale="en").text


@pytest.mark.capability("M12")
@pytest.mark.parametrize(("name", "language"), CASES)
def test_the_html_says_the_same_and_loads_nothing(name: str, language: str) -> None:
    values = values_of(name)

    email = render_email(name, values, locale=language)
    page = Elements(email.html)

    tags = [tag for tag, _ in page.found]
    assert page.found[0] == (
        "html",
        {"lang": language, "dir": "rtl" if language == "ar" else "ltr"},
    )
    assert not {"img", "link", "script", "style", "iframe", "form"} & set(tags)
    assert tags.count("h1") == 1
    links = [attributes["href"] for tag, attributes in page.found if tag == "a"]
    assert links == ([values["link"]] if "link" in values else [])
    shown = " ".join(page.text.split())
    for paragraph in email.text.split("\n\n"):
        assert " ".join(paragraph.removeprefix("-- \n").split()) in shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted({name for name, _, _ in BRANCHES}))
def test_every_case_of_a_message_has_words_of_its_own(name: str, language: str) -> None:
    cases = [(key, value) for branch, key, value in BRANCHES if branch == name]

    texts = {
        render_sms(name, values_of(name, **{key: value}), locale=language) for key, value in cases
    }

    assert len(texts) == len(cases)


def test_what_people_write_stays_text_in_html() -> None:
    values = values_of("invitation", organization="<b>Fun</b> & Co", inviter="{{ code }}")

    email = render_email("invitation", values, locale="en")

    assert "&lt;b&gt;Fun&lt;/b&gt; &amp; Co" in email.html
    assert "<b>" not in email.html
    assert "<b>Fun</b> & Co" in email.text
    assert "{{ code }} invites you" in email.text


def test_a_name_with_line_breaks_makes_no_second_header() -> None:
    values = values_of("invitation", organization="Palm\r\nBcc: everybody@example.com")

    email = render_email("invitation", values, locale="en")

    assert email.subject == "Aisha Khan invites you to Palm Bcc: everybody@example. com"


def test_a_link_that_is_not_the_only_thing_in_its_paragraph_makes_no_button() -> None:
    values = values_of("invitation", inviter="https://evil.example/")

    links = [
        attributes["href"]
        for tag, attributes in Elements(render_email("invitation", values, locale="en").html).found
        if tag == "a"
    ]

    assert links == [values["link"]]


@pytest.mark.parametrize(
    ("locale", "language"),
    [("en", "en"), ("ar-AE", "ar"), ("AR", "ar"), ("hi_IN", "hi"), ("fr", "en"), ("", "en")],
)
def test_other_languages_read_english(locale: str, language: str) -> None:
    assert language_of(locale) == language


def test_a_link_begins_with_the_public_address(settings: LazySettings) -> None:
    settings.PUBLIC_BASE_URL = "https://courtyard.example"

    assert public_link("/reset/?token=a") == "https://courtyard.example/reset/?token=a"
    with pytest.raises(ValueError, match="one slash"):
        public_link("//evil.example")


@pytest.mark.parametrize("name", ["organization", "inviter"])
@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Win at https://evil.example/x?y=1", "Win at https: //evil. example/x?y=1"),
        ("evil.example", "evil. example"),
        ("evil\uff0eexample", "evil\uff0e example"),
        ("Pearl\r\nBcc: x@evil.example", "Pearl Bcc: x@evil. example"),
        ("gnp\u202eexe.evil", "gnp exe. evil"),
        ("Dr. A.B. Khan & Sons, No. 2.5", "Dr. A. B. Khan & Sons, No. 2.5"),
        ("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937"),
    ],
)
def test_the_words_of_people_become_no_links(name: str, words: str, shown: str) -> None:
    values = values_to_show(
        {"organization": "Feathers", "inviter": "Serin", "role": "member", "link_path": "/in/"}
        | {name: words}
    )

    email = render_email("invitation", values, locale="en")
    sms = render_sms("invitation", values, locale="en")

    assert shown in email.subject
    assert shown in email.text
    assert shown in sms
    assert sms.count("://") == 1
    assert set(re.findall(r'href="(https?://[^"]*)"', email.html)) == {values["link"]}
