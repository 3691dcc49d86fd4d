"""The ways to send an SMS that stay on this machine."""

import json
from pathlib import Path

import pytest
from django.conf import LazySettings

from accounts.gateways.sms import FileSms, gateway
from accounts.gateways.twilio import TwilioSms

pytestmark = pytest.mark.capability("A15")


def test_the_console_shows_the_message_on_standard_error(
    settings: LazySettings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SMS_BACKEND = "console"

    gateway().send(to="+971501234567", text="Hello")

    shown = capsys.readouterr()
    assert shown.err == "SMS to +971501234567: Hello\n"
    assert shown.out == ""


def test_a_folder_holds_one_file_per_message(tmp_path: Path) -> None:
    folder = FileSms(tmp_path / "outbox")

    first = folder.send(to="+971501234567", text="नमस्ते")
    folder.send(to="+971501234568", text="Hello")

    files = sorted((tmp_path / "outbox").iterdir())
    assert [json.loads(file.read_text()) for file in files] == [
        {"to": "+971501234567", "text": "नमस्ते"},
        {"to": "+971501234568", "text": "Hello"},
    ]
    assert files[0].name == f"sms-{first}.json"
    assert {oct(file.stat().st_mode & 0o777) for file in files} == {"0o600"}
    assert oct((tmp_path / "outbox").stat().st_mode & 0o777) == "0o700"


def test_the_folder_lies_with_the_data(settings: LazySettings, tmp_path: Path) -> None:
    settings.SMS_BACKEND = "file"
    settings.DATA_DIR = tmp_path

    gateway().send(to="+971501234567", text="Hello")

    assert len(list((tmp_path / "outbox").glob("sms-*.json"))) == 1


def test_the_settings_name_the_account_at_twilio(settings: LazySettings) -> None:
    settings.SMS_BACKEND = "twilio"
    settings.TWILIO_ACCOUNT_SID = "AC1"
    settings.TWILIO_AUTH_TOKEN = "secret"
    settings.TWILIO_FROM = "+12025550100"
    settings.TWILIO_BASE_URL = "http://127.0.0.1:1"

    chosen = gateway()

    assert isinstance(chosen, TwilioSms)
    assert chosen.url == "http://127.0.0.1:1/2010-04-01/Accounts/AC1/Messages.json"
