"""Mail: what a server is given, and what its answers mean."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from accounts.gateways import mail
from accounts.gateways.delivery import DeliveryError
from accounts.tests.gateways.fake_smtp import FakeSmtp, free_port
from config.shared.email import RenderedEmail, render_email

pytestmark = pytest.mark.capability("A15")


@pytest.fixture
def smtp(settings: LazySettings) -> Iterator[FakeSmtp]:
    with FakeSmtp() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = server.port
        settings.PUBLIC_BASE_URL = "https://courtyard.example"
        yield server


def a_code() -> RenderedEmail:
    values = {"purpose": "login", "code": "246810", "minutes": 5}
    return render_email("code", values, locale="ar")


def test_a_mail_has_text_and_html_and_says_what_it_is(smtp: FakeSmtp) -> None:
    message_id = mail.send(to="aisha@example.com", message=a_code(), identifier="0193")

    [received] = smtp.messages
    assert message_id == "<0193@courtyard.example>"
    assert received["Message-ID"] == message_id
    assert received["To"] == "aisha@example.com"
    assert received["From"] == "Courtyard <courtyard@localhost>"
    assert received["Subject"] == "رمز Courtyard الخاص بك"
    assert received["Auto-Submitted"] == "auto-generated"
    assert received["Content-Language"] == "ar"
    parts = {part.get_content_type(): part.get_content() for part in received.iter_parts()}
    assert set(parts) == {"text/plain", "text/html"}
    assert "246810" in parts["text/plain"]
    assert '<html lang="ar" dir="rtl">' in parts["text/html"]


@pytest.mark.parametrize(
    ("refusal", "permanent"),
    [("550 No such mailbox", True), ("450 Mailbox busy", False), ("552 Full", True)],
)
def test_a_refused_mailbox_is_final_only_when_the_server_says_so(
    smtp: FakeSmtp, refusal: str, permanent: bool
) -> None:
    smtp.refusals = {"aisha@example.com": refusal}

    with pytest.raises(DeliveryError, match=f"the mailbox was refused .{refusal[:3]}") as error:
        mail.send(to="aisha@example.com", message=a_code(), identifier="0193")

    assert error.value.permanent is permanent
    assert smtp.messages == []


@pytest.mark.parametrize(
    ("answer", "permanent"), [("554 Not wanted", True), ("451 Try later", False)]
)
def test_a_refused_message_is_final_only_when_the_server_says_so(
    smtp: FakeSmtp, answer: str, permanent: bool
) -> None:
    smtp.answer = answer

    with pytest.raises(DeliveryError, match=f"the mail server answered {answer[:3]}") as error:
        mail.send(to="aisha@example.com", message=a_code(), identifier="0193")

    assert error.value.permanent is permanent


def test_a_server_that_is_away_means_try_again(smtp: FakeSmtp, settings: LazySettings) -> None:
    settings.EMAIL_PORT = free_port()

    with pytest.raises(DeliveryError, match="cannot be reached") as error:
        mail.send(to="aisha@example.com", message=a_code(), identifier="0193")

    assert error.value.permanent is False


def test_a_server_that_wants_another_sign_in_means_try_again(
    smtp: FakeSmtp, settings: LazySettings
) -> None:
    settings.EMAIL_HOST_USER = "courtyard"
    settings.EMAIL_HOST_PASSWORD = "hunter2-hunter2"

    with pytest.raises(DeliveryError, match="the mail server failed") as error:
        mail.send(to="aisha@example.com", message=a_code(), identifier="0193")

    assert error.value.permanent is False
    assert "hunter2" not in repr(error.value)


def test_an_error_repeats_neither_address_nor_text(smtp: FakeSmtp) -> None:
    smtp.refusals = {"aisha@example.com": "550 <aisha@example.com> is unknown, 246810"}

    with pytest.raises(DeliveryError) as error:
        mail.send(to="aisha@example.com", message=a_code(), identifier="0193")

    assert "aisha" not in str(error.value)
    assert "246810" not in str(error.value)
