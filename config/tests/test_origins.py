"""Web origins, and the settings that name some."""

import json

import pytest

from config.shared.origins import is_confidential, origin_of
from config.tests.production import start


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://courtyard.example", "https://courtyard.example"),
        ("https://Courtyard.Example:443/path?a=b", "https://courtyard.example"),
        ("http://courtyard.example:80/", "http://courtyard.example"),
        ("http://127.0.0.1:8000/x", "http://127.0.0.1:8000"),
        ("http://[::1]:8000/x", "http://[::1]:8000"),
        ("https://someone@courtyard.example/", "https://courtyard.example"),
        ("https://courtyard.example\\@evil.example/", ""),
        ("https://courtyard.example:99999/", ""),
        ("javascript:alert(1)", ""),
        ("//courtyard.example/", ""),
        ("https://", ""),
        ("", ""),
    ],
)
def test_an_address_belongs_to_one_origin(address: str, origin: str) -> None:
    assert origin_of(address) == origin


@pytest.mark.parametrize(
    ("address", "confidential"),
    [
        ("https://accounts.google.com", True),
        ("http://127.0.0.1:9400", True),
        ("http://localhost:9400", True),
        ("http://[::1]:9400", True),
        ("http://accounts.google.com", False),
        ("http://127.0.0.1.evil.example", False),
        ("ftp://127.0.0.1", False),
        ("", False),
    ],
)
def test_what_is_sent_in_the_clear_stays_on_this_machine(address: str, confidential: bool) -> None:
    assert is_confidential(address) is confidential


def test_an_issuer_is_reached_in_the_clear_on_this_machine_only() -> None:
    refused = start("production", GOOGLE_ISSUER="http://accounts.google.com")

    assert refused.returncode == 1
    assert "GOOGLE_ISSUER must begin with https://" in refused.stderr
    assert start("production", GOOGLE_ISSUER="http://127.0.0.1:9400").returncode == 0


def test_passkeys_belong_to_this_host_or_to_a_domain_above_it() -> None:
    above = {
        "PUBLIC_BASE_URL": "https://api.courtyard.example",
        "PASSKEY_HOST": "courtyard.example",
    }

    assert json.loads(start("production", "PASSKEY_HOST").stdout) == {
        "PASSKEY_HOST": "courtyard.example"
    }
    assert start("production", **above).returncode == 0


@pytest.mark.parametrize("host", ["evil.example", "yard.example", "www.courtyard.example"])
def test_passkeys_belong_to_no_other_host(host: str) -> None:
    refused = start("production", PASSKEY_HOST=host)

    assert refused.returncode == 1
    assert "PASSKEY_HOST is neither the host" in refused.stderr
