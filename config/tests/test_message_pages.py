"""The pages that links in messages lead to: there, in every language, and showing nothing."""

import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from accounts.services import code_messages, exports, invitations
from config.shared.email import public_link

PATHS = (code_messages.RESET_PATH, invitations.PAGE, exports.PAGE)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl"), ("hi", "ltr")])
def test_every_link_in_a_message_leads_to_a_page_in_the_language_of_the_browser(
    client: Client, path: str, language: str, direction: str
) -> None:
    response = client.get(path, headers={"Accept-Language": f"fr-CH, {language}-XX;q=0.9, *;q=0.1"})

    page = response.content.decode()
    assert response.status_code == 200
    assert re.search(rf'<html lang="{language}"\s+dir="{direction}">', page)
    assert "Accept-Language" in response.headers["Vary"]
    assert len(re.findall(r"<h1>\s*[^<\s]", page)) == 1


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("wanted", ["", "fr", "*", "x" * 4000, ";;q=,,"])
def test_the_language_of_last_resort_is_english(client: Client, path: str, wanted: str) -> None:
    response = client.get(path, headers={"Accept-Language": wanted})

    assert re.search(r'<html lang="en"\s+dir="ltr">', response.content.decode())


@pytest.mark.parametrize("path", PATHS)
def test_the_pages_bring_no_script_or_style_of_their_own(client: Client, path: str) -> None:
    response = client.get(path)

    page = response.content.decode()
    assert "style=" not in page
    assert not re.search(r"<script(?![^>]* src=)", page)
    assert not re.search(r'(?:href|src)="(?:https?:)?//', page)
    assert "unsafe" not in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_pages_are_only_read(client: Client, path: str, method: str) -> None:
    assert getattr(client, method)(path).status_code == 405


def sentences(client: Client, language: str) -> dict[str, Any]:
    page = client.get(code_messages.RESET_PATH, headers={"Accept-Language": language})
    found = re.findall(
        r'<template data-says="([^"]+)">(.*?)</template>', page.content.decode(), re.DOTALL
    )
    return {code: text.strip() for code, text in found}


def test_every_language_has_a_sentence_for_each_refusal(client: Client) -> None:
    english = sentences(client, "en")

    for language in ("ar", "hi"):
        others = sentences(client, language)
        assert others.keys() == english.keys()
        assert all(others.values())
        assert not set(others.values()) & set(english.values())


def test_links_lead_to_a_front_end_of_ones_own(settings: LazySettings) -> None:
    settings.PUBLIC_BASE_URL = "https://courtyard.example"
    assert public_link("/invitations/") == "https://courtyard.example/invitations/"

    settings.FRONT_END_URL = "https://app.courtyard.example"

    assert public_link("/invitations/") == "https://app.courtyard.example/invitations/"
