"""Uploading for tests, the way clients do it."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from rest_framework.test import APIClient

from accounts.choices import MediaKind, MediaPurpose
from accounts.models import MediaFile

TYPES = {"image": "image/jpeg", "document": "application/pdf", "model": "model/gltf-binary"}
TYPES["video"] = "video/mp4"

MEDIA = "/api/v1/media/"


def files_in(folder: Path) -> list[str]:
    """Everything that a folder holds."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def complete(api: APIClient, media: dict[str, Any]) -> Any:
    """The answer to completing an announced file."""
    return api.post(f"{MEDIA}{media['id']}/complete/")


def code_of(response: Any) -> str:
    """The code of the first error in a refusal."""
    return str(response.json()["errors"][0]["code"])


def announcement(data: bytes, kind: str = "image", **changes: Any) -> dict[str, Any]:
    """The body that announces ``data``."""
    return {
        "name": f"my {kind}.bin",
        "kind": kind,
        "purpose": MediaPurpose.LISTING,
        "size": len(data),
        "content_type": TYPES.get(kind, "image/jpeg"),
        **changes,
    }


def announced(
    api: APIClient, data: bytes, kind: str = MediaKind.IMAGE, **changes: Any
) -> dict[str, Any]:
    """What the API answers to an announcement that it accepts."""
    response = api.post(MEDIA, announcement(data, kind, **changes))
    assert response.status_code == 201, response.content
    body: dict[str, Any] = response.json()
    return body


def put(target: dict[str, Any], data: bytes, **headers: str) -> Any:
    """Send ``data`` to an upload target of the site."""
    address = urlsplit(target["url"])
    return Client(headers=headers).put(
        f"{address.path}?{address.query}",
        data=data,
        content_type=target["headers"]["Content-Type"],
    )


def uploaded(
    api: APIClient, data: bytes, kind: str = MediaKind.IMAGE, **changes: Any
) -> dict[str, Any]:
    """A file that was announced and brought in, not completed yet."""
    media = announced(api, data, kind, **changes)
    assert put(media["upload"], data).status_code == 204
    return media


def completed(
    api: APIClient, data: bytes, kind: str = MediaKind.IMAGE, **changes: Any
) -> MediaFile:
    """A file that was announced, brought in and accepted."""
    media = uploaded(api, data, kind, **changes)
    response = api.post(f"{MEDIA}{media['id']}/complete/")
    assert response.status_code == 200, response.content
    return MediaFile.objects.get(pk=media["id"])


def path_of(url: str) -> str:
    """The path and query of an address of the site."""
    address = urlsplit(url)
    return f"{address.path}?{address.query}"


def links(client: APIClient, row: MediaFile) -> dict[str, str]:
    """The addresses at which a caller may open a file."""
    found: dict[str, str] = client.get(f"{MEDIA}{row.pk}/").json()["links"]
    return found


def body_of(response: Any) -> bytes:
    """What was sent piece by piece."""
    return b"".join(response.streaming_content)
