"""Announcing and uploading files: what is signed, bounded and counted."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from rest_framework.test import APIClient

from accounts.choices import MediaStatus
from accounts.models import MediaFile, User
from accounts.services.settings import change_setting
from accounts.tests.factories.people import UserFactory, sign_in
from accounts.tests.files import jpeg, mp4
from accounts.tests.uploads import (
    MEDIA,
    announced,
    announcement,
    code_of,
    complete,
    files_in,
    path_of,
    put,
    uploaded,
)
from config.shared.clock import database_now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_folder")]


def test_completing_before_uploading_can_be_made_up_for(api: APIClient, owner: User) -> None:
    data = jpeg()
    media = announced(api, data)

    early = complete(api, media)
    put(media["upload"], data)

    assert (early.status_code, code_of(early)) == (400, "not_uploaded")
    assert complete(api, media).status_code == 200


@pytest.mark.capability("R35")
@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data + b"x"])
def test_only_the_announced_bytes_are_taken_in(
    api: APIClient, owner: User, media_folder: Path, change: Callable[[bytes], bytes]
) -> None:
    media = announced(api, jpeg())

    response = put(media["upload"], change(jpeg()))

    assert (response.status_code, code_of(response)) == (400, "size_mismatch")
    assert files_in(media_folder) == []
    assert MediaFile.objects.get().status == MediaStatus.ANNOUNCED


def test_a_repeated_upload_replaces_the_first(api: APIClient, owner: User) -> None:
    data = jpeg()
    media = announced(api, data)

    put(media["upload"], bytes(len(data)))
    put(media["upload"], data)

    assert complete(api, media).status_code == 200


@pytest.mark.parametrize(
    "spoil",
    [
        lambda url, other: url.replace("token=", "token=x"),
        lambda url, other: url.partition("?")[0] + "?token=",
        lambda url, other: url.partition("?")[0] + "?" + other.partition("?")[2],
    ],
    ids=["changed", "empty", "of another file"],
)
def test_an_upload_without_its_signature_is_refused(
    api: APIClient, owner: User, media_folder: Path, spoil: Callable[[str, str], str]
) -> None:
    media, other = announced(api, jpeg()), announced(api, jpeg())
    target = {**media["upload"], "url": spoil(media["upload"]["url"], other["upload"]["url"])}

    response = put(target, jpeg())

    assert (response.status_code, response.json()["code"]) == (403, "upload_refused")
    assert files_in(media_folder) == []


def test_an_upload_comes_in_time_or_not_at_all(api: APIClient) -> None:
    with time_machine.travel("2026-11-21T08:00:00Z", tick=False):
        sign_in(api, UserFactory())
        target = announced(api, jpeg())["upload"]
    with time_machine.travel("2026-11-21T08:15:01Z", tick=False):
        assert put(target, jpeg()).status_code == 403
    with time_machine.travel("2026-11-21T08:14:59Z", tick=False):
        assert put(target, jpeg()).status_code == 204


def test_a_file_that_is_complete_cannot_be_uploaded_again(api: APIClient, owner: User) -> None:
    media = uploaded(api, jpeg())
    complete(api, media)

    assert put(media["upload"], jpeg()).status_code == 403


def test_a_large_body_is_never_held_in_memory(api: APIClient, owner: User) -> None:
    data = mp4()[: -(64 + 8)]
    data += (8 + 30_000_000).to_bytes(4, "big") + b"mdat" + bytes(30_000_000)
    media = announced(api, data, "video")

    assert put(media["upload"], data).status_code == 204
    assert complete(api, media).status_code == 200
    response = Client().get(path_of(api.get(f"{MEDIA}{media['id']}/").json()["links"]["whole"]))
    assert sum(len(piece) for piece in response.streaming_content) == len(data)  # type: ignore[attr-defined]


@pytest.mark.capability("R35")
@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"size": 15 * 1024 * 1024 + 1}, "/size", "file_too_large"),
        ({"size": 0}, "/size", "min_value"),
        ({"size": 10**12}, "/size", "max_value"),
        ({"content_type": "image/svg+xml"}, "/content_type", "type_not_allowed"),
        ({"content_type": "application/pdf"}, "/content_type", "type_not_allowed"),
        ({"kind": "program"}, "/kind", "invalid_choice"),
        ({"purpose": "fun"}, "/purpose", "invalid_choice"),
        ({"name": "x" * 201}, "/name", "max_length"),
        ({"name": ""}, "/name", "blank"),
    ],
)
def test_an_announcement_that_cannot_be_kept_is_refused(
    api: APIClient, owner: User, changes: dict[str, Any], pointer: str, code: str
) -> None:
    response = api.post(MEDIA, announcement(jpeg(), **changes))

    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == pointer
    assert code_of(response) == code
    assert not MediaFile.objects.exists()


def test_a_stranger_announces_nothing(api: APIClient) -> None:
    assert api.post(MEDIA, announcement(jpeg())).status_code == 401
    assert not MediaFile.objects.exists()


def test_a_day_has_room_for_so_many_files(api: APIClient, owner: User) -> None:
    change_setting(key="media_files_per_day", value=2, actor=UserFactory(superuser=True), reason="")
    announced(api, jpeg())
    announced(api, jpeg())

    response = api.post(MEDIA, announcement(jpeg()))

    assert response.status_code == 429
    assert response.json()["code"] == "too_many_files"
    assert response["Retry-After"] == "3600"
    MediaFile.objects.update(created_at=database_now() - timedelta(hours=25))
    assert api.post(MEDIA, announcement(jpeg())).status_code == 201


def test_a_person_has_so_much_space(api: APIClient, owner: User) -> None:
    change_setting(
        key="media_bytes_per_person",
        value=2 * 1024 * 1024,
        actor=UserFactory(superuser=True),
        reason="",
    )
    announced(api, jpeg(), size=2 * 1024 * 1024 - 10)

    assert api.post(MEDIA, announcement(jpeg(), size=11)).status_code == 429
    assert api.post(MEDIA, announcement(jpeg(), size=10)).status_code == 201
