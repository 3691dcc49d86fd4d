"""Files through the API, kept on the disk."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from PIL import Image
from rest_framework.test import APIClient

from accounts.choices import MediaStatus
from accounts.models import MediaFile, User
from accounts.services import media as media_service
from accounts.tests.factories.people import UserFactory, sign_in
from accounts.tests.files import HTML, SVG, glb, jpeg, mp4, pdf, png_bomb, polyglot
from accounts.tests.uploads import (
    MEDIA,
    announced,
    announcement,
    code_of,
    complete,
    completed,
    files_in,
    put,
    uploaded,
)
from config.tests.support import drain

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_folder")]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ('a\r\nX-Evil: 1".png', 'aX-Evil: 1".png'),
        ("bill\u202egnp.exe", "billgnp.exe"),
        ("\u200b\u202e/", "file"),
    ],
)
def test_the_name_of_a_file_shows_all_that_is_in_it(
    api: APIClient, owner: User, name: str, kept: str
) -> None:
    assert announced(api, b"x", name=name)["name"] == kept


@pytest.mark.capability("R35")
def test_a_picture_is_announced_uploaded_and_completed(
    api: APIClient, owner: User, media_folder: Path
) -> None:
    data = jpeg(2000, 1500)

    media = announced(api, data, name="C:\\photos\\me.jpg")
    assert media["status"] == "announced"
    assert media["name"] == "me.jpg"
    assert media["links"] == {}
    assert put(media["upload"], data).status_code == 204
    response = complete(api, media)

    body = response.json()
    assert response.status_code == 200
    assert body["status"] == "clean"
    assert body["content_type"] == "image/webp"
    assert (body["width"], body["height"]) == (1600, 1200)
    assert sorted(body["links"]) == ["1600", "320", "800"]
    drain()
    row = MediaFile.objects.get()
    assert row.owner == owner
    assert len(files_in(media_folder)) == 3
    assert all(name.startswith(media_service.folder_of(row)) for name in files_in(media_folder))
    stored = (media_folder / row.file.name).read_bytes()
    assert len(stored) == row.size
    assert Image.open(io.BytesIO(stored)).size == (1600, 1200)
    assert oct((media_folder / row.file.name).stat().st_mode & 0o777) == "0o600"


@pytest.mark.parametrize(
    ("kind", "data", "facts"),
    [
        ("document", pdf(), {"content_type": "application/pdf", "width": None}),
        ("model", glb(), {"content_type": "model/gltf-binary"}),
        ("video", mp4(), {"content_type": "video/mp4", "duration_seconds": 12.5, "width": 640}),
    ],
)
def test_other_files_are_kept_as_they_are(
    api: APIClient, owner: User, media_folder: Path, kind: str, data: bytes, facts: dict[str, Any]
) -> None:
    row = completed(api, data, kind)

    shown = api.get(f"{MEDIA}{row.pk}/").json()
    drain()
    assert facts.items() <= shown.items()
    assert list(shown["links"]) == ["whole"]
    assert [(media_folder / name).read_bytes() for name in files_in(media_folder)] == [data]


def test_a_model_tells_what_it_consists_of(api: APIClient, owner: User) -> None:
    assert completed(api, glb(), "model").meta == {
        "model": {
            "nodes": 2,
            "meshes": 1,
            "materials": 1,
            "textures": 1,
            "vertices": 3,
            "triangles": 1,
        }
    }


@pytest.mark.capability("R35")
@pytest.mark.parametrize(
    ("kind", "data", "code"),
    [
        ("image", SVG, "type_not_allowed"),
        ("image", HTML, "type_not_allowed"),
        ("image", pdf(), "type_not_allowed"),
        ("image", png_bomb(), "image_too_large"),
        ("image", jpeg(800, 600)[:5000], "image_broken"),
        ("document", jpeg(), "type_not_allowed"),
        ("document", pdf()[:-20], "pdf_broken"),
        ("model", glb(lambda d: d["buffers"][0].update(uri="file:///etc/passwd")), "glb_external"),
        ("model", glb()[:-4], "glb_broken"),
        ("video", mp4()[:-4], "mp4_broken"),
        ("video", HTML, "type_not_allowed"),
    ],
    ids=[
        "svg",
        "html",
        "pdf-as-image",
        "bomb",
        "cut-jpeg",
        "jpeg-as-pdf",
        "cut-pdf",
        "glb-outside",
        "cut-glb",
        "cut-mp4",
        "html-as-mp4",
    ],
)
def test_what_is_not_sound_is_rejected_and_nothing_is_kept(
    api: APIClient, owner: User, media_folder: Path, kind: str, data: bytes, code: str
) -> None:
    media = uploaded(api, data, kind)

    response = complete(api, media)
    again = complete(api, media)
    drain()

    assert response.status_code == 400
    assert code_of(response) == code
    assert again.status_code == 409
    assert (again.json()["code"], again.json()["rejection_code"]) == ("file_rejected", code)
    row = MediaFile.objects.get()
    assert (row.status, row.rejection_code, row.file.name) == (MediaStatus.REJECTED, code, "")
    assert files_in(media_folder) == []
    assert put(media["upload"], data).status_code == 403


def test_a_picture_that_is_a_page_too_is_only_a_picture_afterwards(
    api: APIClient, owner: User, media_folder: Path
) -> None:
    completed(api, polyglot())
    drain()

    for name in files_in(media_folder):
        assert b"script" not in (media_folder / name).read_bytes()


def test_completing_twice_shows_the_same(api: APIClient, owner: User) -> None:
    media = uploaded(api, jpeg())

    first, second = complete(api, media), complete(api, media)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json()["sha256"] == second.json()["sha256"]


def test_addresses_are_built_from_the_settings_alone(
    api: APIClient, settings: LazySettings
) -> None:
    settings.PUBLIC_BASE_URL = "https://courtyard.example"
    settings.MEDIA_BASE_URL = "https://files.courtyard.example"
    sign_in(api, UserFactory())

    response = api.post(MEDIA, announcement(jpeg()), headers={"X-Forwarded-Host": "evil.example"})
    row = completed(api, jpeg())

    assert response.json()["upload"]["url"].startswith("https://courtyard.example/api/v1/media/")
    links = api.get(f"{MEDIA}{row.pk}/").json()["links"]
    assert links["320"].startswith(f"https://files.courtyard.example/api/v1/media/{row.pk}/file/?")


@pytest.mark.capability("R35")
def test_others_see_nothing_of_an_unfinished_or_a_private_file(api: APIClient, owner: User) -> None:
    media = uploaded(api, jpeg())
    stranger = APIClient()
    sign_in(stranger, UserFactory())

    for finish in (False, True):
        if finish:
            complete(api, media)
        assert stranger.get(f"{MEDIA}{media['id']}/").status_code == 404
        assert stranger.post(f"{MEDIA}{media['id']}/complete/").status_code == 404
        assert stranger.delete(f"{MEDIA}{media['id']}/").status_code == 404
        assert stranger.get(f"{MEDIA}{media['id']}/file/").status_code == 404
        assert stranger.get(MEDIA).json()["results"] == []
    assert MediaFile.objects.get().status == MediaStatus.CLEAN


def test_one_lists_ones_own_files_by_kind_and_state(api: APIClient, owner: User) -> None:
    picture, document = completed(api, jpeg()), completed(api, pdf(), "document")
    announced(api, jpeg())

    def listed(query: str) -> list[str]:
        return [row["id"] for row in api.get(f"{MEDIA}?{query}").json()["results"]]

    assert len(listed("")) == 3
    assert listed("kind=document") == [str(document.pk)]
    assert listed("status=clean&kind=image") == [str(picture.pk)]
    assert api.get(f"{MEDIA}?colour=red").status_code == 400


def test_the_list_costs_the_same_at_any_length(
    api: APIClient, owner: User, assert_constant_queries: Callable[..., None]
) -> None:
    assert_constant_queries(
        lambda: api.get("/api/v1/media/"), lambda: completed(api, jpeg()), times=3
    )


def test_a_file_of_ones_own_is_deleted_with_its_contents(
    api: APIClient, owner: User, media_folder: Path
) -> None:
    row = completed(api, jpeg())
    drain()
    assert len(files_in(media_folder)) == 3

    response = api.delete(f"{MEDIA}{row.pk}/")
    drain()

    assert response.status_code == 204
    assert not MediaFile.objects.exists()
    assert files_in(media_folder) == []


def test_a_file_that_is_shown_somewhere_is_not_deleted(
    api: APIClient, owner: User, media_folder: Path
) -> None:
    row = completed(api, jpeg())
    MediaFile.objects.update(target_type="accounts.user", target_id=owner.pk)

    response = api.delete(f"{MEDIA}{row.pk}/")

    assert (response.status_code, response.json()["code"]) == (409, "file_in_use")
    assert MediaFile.objects.filter(pk=row.pk).exists()


def test_the_document_of_the_api_knows_the_routes(api: APIClient) -> None:
    paths = json.loads(api.get("/api/v1/schema/?format=json").content or b"{}").get("paths", {})

    assert {path for path in paths if "/media/" in path} == {
        "/api/v1/media/",
        "/api/v1/media/{id}/",
        "/api/v1/media/{id}/complete/",
        "/api/v1/media/{id}/file/",
        "/api/v1/media/{id}/upload/",
    }
