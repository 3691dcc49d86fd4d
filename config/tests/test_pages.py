"""The first page, the pages about errors, and which version this is."""

import re
import tomllib
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.template.loader import render_to_string
from django.test import Client

from config.shared.version import VERSION

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parent.parent.parent
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


def test_people_get_a_page_with_links(client: Client) -> None:
    response = client.get("/", headers={"Accept": BROWSER})

    page = response.content.decode()
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Accept" in response.headers["Vary"]
    assert "<h1>Courtyard</h1>" in page
    assert f"Version {VERSION}" in page
    assert re.search(r'<html lang="en"\s+dir="ltr">', page)
    assert '<a href="/api/v1/health/">Health of this site</a>' in page
    assert '<a href="/admin/">Back office</a>' in page
    assert "<script" not in page
    assert "style=" not in page
    assert not re.search(r'(?:href|src)="(?:https?:)?//', page)


@pytest.mark.parametrize("accept", ["*/*", "application/json", ""])
def test_machines_get_the_same_as_json(client: Client, accept: str) -> None:
    response = client.get("/", headers={"Accept": accept})

    assert response.headers["Content-Type"] == "application/json"
    document = response.json()
    assert document["name"] == "Courtyard"
    assert document["version"] == VERSION
    assert document["links"]["health"] == "http://testserver/api/v1/health/"
    assert document["links"]["docs"] == "http://testserver/docs/"
    assert document["links"]["schema"] == "http://testserver/api/v1/schema/"


@pytest.mark.urls("config.tests.bare_urls")
def test_what_is_switched_off_is_not_linked(client: Client, settings: LazySettings) -> None:
    settings.ADMIN_PATH = "a-path-of-our-own/"

    assert client.get("/").json()["links"] == {}


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_first_page_is_only_read(client: Client, method: str) -> None:
    response = getattr(client, method)("/")

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"


def test_people_who_are_lost_get_a_page(client: Client) -> None:
    response = client.get("/nothing/here/", headers={"Accept": BROWSER})

    assert response.status_code == 404
    assert "<h1>There is nothing here</h1>" in response.content.decode()


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html"])
def test_pages_about_errors_need_nothing_but_themselves(name: str) -> None:
    page = render_to_string(name)

    assert page.count("<h1>") == 1
    assert '<a href="/">To the first page</a>' in page
    assert "<script" not in page


def test_the_style_of_the_pages_is_served(client: Client) -> None:
    response = client.get("/static/courtyard/pages.css")

    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/css")
    assert b"prefers-color-scheme: dark" in b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_browsers_find_an_icon_where_they_look(client: Client) -> None:
    response = client.get("/favicon.ico", follow=True)
    response.close()

    assert response.redirect_chain == [("/static/courtyard/icon.svg", 301)]
    assert response.headers["Content-Type"] == "image/svg+xml"


def test_the_version_is_told_in_one_way() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    latest = re.search(r"^## (\d+\.\d+\.\d+)", changelog, re.MULTILINE)

    assert project["version"] == VERSION
    assert latest is not None
    assert latest[1] == VERSION
