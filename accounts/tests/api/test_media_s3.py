"""Files through the API, kept in an object store."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from django.conf import LazySettings
from django.test import Client
from rest_framework.test import APIClient

from accounts.choices import MediaStatus
from accounts.models import MediaFile
from accounts.services import media as media_service
from accounts.tests.factories.people import UserFactory, sign_in
from accounts.tests.files import glb, jpeg
from accounts.tests.gateways.fake_s3 import BUCKET, object_store, point_at
from accounts.tests.gateways.fake_smtp import free_port
from accounts.tests.uploads import announced, announcement, path_of, put
from config.tests.support import drain

pytestmark = pytest.mark.django_db

MEDIA = "/api/v1/media/"


@pytest.fixture
def bucket(settings: LazySettings, tmp_path: Path) -> Iterator[Any]:
    settings.DATA_DIR = tmp_path
    with object_store(settings) as client:
        yield client


@pytest.fixture(autouse=True)
def _signed_in(api: APIClient) -> None:
    sign_in(api, UserFactory())


def keys_in(bucket: Any) -> list[str]:
    return [entry["Key"] for entry in bucket.list_objects_v2(Bucket=BUCKET).get("Contents", ())]


def send(target: dict[str, Any], data: bytes) -> None:
    answer = httpx2.put(target["url"], content=data, headers=target["headers"])
    assert answer.status_code == 200, answer.text


def complete(api: APIClient, media: dict[str, Any]) -> Any:
    return api.post(f"{MEDIA}{media['id']}/complete/")


def test_an_upload_goes_to_the_store_signed_for_its_key_length_and_type(
    api: APIClient, bucket: Any
) -> None:
    media = announced(api, jpeg())

    address = urlsplit(media["upload"]["url"])
    query = parse_qs(address.query)
    row = MediaFile.objects.get()
    assert address.path == f"/{BUCKET}/{row.incoming_key}"
    assert query["X-Amz-SignedHeaders"] == ["content-length;content-type;host"]
    assert query["X-Amz-Expires"] == ["900"]
    assert media["upload"]["headers"] == {"Content-Type": "image/jpeg"}


def test_a_picture_is_kept_in_three_sizes_and_opened_by_a_signed_address(
    api: APIClient, bucket: Any
) -> None:
    media = announced(api, jpeg(2000, 1500))
    send(media["upload"], jpeg(2000, 1500))

    response = complete(api, media)
    drain()

    assert response.status_code == 200, response.content
    row = MediaFile.objects.get()
    assert sorted(keys_in(bucket)) == sorted(part["key"] for part in row.renditions.values())
    opened = Client().get(path_of(response.json()["links"]["800"]))
    assert opened.status_code == 302
    assert opened["Cache-Control"] == "private, no-store"
    fetched = httpx2.get(opened["Location"])
    assert fetched.headers["Content-Type"] == "image/webp"
    assert fetched.headers["Content-Disposition"].startswith("inline")
    assert fetched.content[8:12] == b"WEBP"
    assert "X-Amz-Expires=300" in opened["Location"]


def test_a_model_is_offered_for_download(api: APIClient, bucket: Any) -> None:
    media = announced(api, glb(), "model")
    send(media["upload"], glb())

    link = complete(api, media).json()["links"]["whole"]

    fetched = httpx2.get(Client().get(path_of(link))["Location"])
    assert fetched.content == glb()
    assert fetched.headers["Content-Disposition"].startswith("attachment")


def test_what_is_not_sound_leaves_nothing_in_the_store(api: APIClient, bucket: Any) -> None:
    media = announced(api, jpeg())
    send(media["upload"], b"<svg/>".ljust(len(jpeg())))

    response = complete(api, media)
    drain()

    assert response.status_code == 400
    assert MediaFile.objects.get().status == MediaStatus.REJECTED
    assert keys_in(bucket) == []


def test_another_length_than_announced_can_be_made_good(api: APIClient, bucket: Any) -> None:
    media = announced(api, jpeg())
    row = MediaFile.objects.get()
    bucket.put_object(Bucket=BUCKET, Key=row.incoming_key, Body=jpeg() + b"x")

    refused = complete(api, media)
    send(media["upload"], jpeg())

    assert refused.json()["errors"][0]["code"] == "size_mismatch"
    assert complete(api, media).status_code == 200


def test_nothing_uploaded_is_said_plainly(api: APIClient, bucket: Any) -> None:
    response = complete(api, announced(api, jpeg()))

    assert (response.status_code, response.json()["errors"][0]["code"]) == (400, "not_uploaded")


def test_deleting_empties_the_store(api: APIClient, bucket: Any) -> None:
    media = announced(api, jpeg())
    send(media["upload"], jpeg())
    complete(api, media)

    api.delete(f"{MEDIA}{media['id']}/")
    drain()

    assert keys_in(bucket) == []


def test_the_site_itself_takes_no_contents_in(api: APIClient, bucket: Any) -> None:
    media = announced(api, jpeg())
    path = f"http://testserver{MEDIA}{media['id']}/upload/?token=x"

    response = put({"url": path, "headers": {"Content-Type": "image/jpeg"}}, jpeg())

    assert response.status_code == 403


def test_a_store_that_is_down_is_a_503_for_files_alone(
    api: APIClient, settings: LazySettings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    point_at(settings, f"http://127.0.0.1:{free_port()}")

    announced_anyway = api.post(MEDIA, announcement(jpeg()))
    response = api.post(f"{MEDIA}{announced_anyway.json()['id']}/complete/")

    assert announced_anyway.status_code == 201
    assert (response.status_code, response.json()["code"]) == (503, "storage_unavailable")
    assert response["Retry-After"] == "10"
    assert MediaFile.objects.get().status == MediaStatus.ANNOUNCED
    assert api.get(MEDIA).status_code == 200


def test_what_the_store_could_not_forget_is_tried_again(
    api: APIClient, settings: LazySettings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    point_at(settings, f"http://127.0.0.1:{free_port()}")
    media_service.discard(MediaFile.objects.get(pk=announced(api, jpeg())["id"]))

    drain(retry=True)
    with object_store(settings):
        names = drain(retry=True, later=True)

    assert names == ["accounts.forget_media_contents"]
