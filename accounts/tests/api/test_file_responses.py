"""How files are sent: shown or downloaded, in parts, never run."""

from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.files import jpeg, mp4, pdf
from accounts.tests.uploads import body_of, completed, links, path_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_folder")]


def test_a_browser_shows_pictures_and_runs_nothing(api: APIClient, owner: User) -> None:
    response = Client().get(path_of(links(api, completed(api, jpeg(), name="my café.jpg"))["320"]))

    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Content-Disposition"] == "inline; filename*=utf-8''my%20caf%C3%A9.webp"
    body_of(response)


@pytest.mark.parametrize(
    ("kind", "data", "name"),
    [("document", pdf(), "plan.pdf"), ("video", mp4(), 'a"b.mp4')],
)
def test_everything_else_is_downloaded(
    api: APIClient, owner: User, kind: str, data: bytes, name: str
) -> None:
    link = path_of(links(api, completed(api, data, kind, name=name))["whole"])

    response = Client().get(link)

    assert response["Content-Disposition"].startswith("attachment; filename=")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Length"] == str(len(data))
    assert body_of(response) == data


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-3", 0, 4),
        ("bytes=10-", 10, None),
        ("bytes=-5", -5, None),
        ("bytes=0-999999999", 0, None),
    ],
)
def test_a_part_of_a_film_is_sent_when_it_is_asked_for(
    api: APIClient, owner: User, header: str, first: int, last: int | None
) -> None:
    data = mp4()
    link = path_of(links(api, completed(api, data, "video"))["whole"])

    response = Client().get(link, headers={"Range": header})

    assert response.status_code == 206
    assert body_of(response) == data[first:last]
    begin = first % len(data)
    end = (last or len(data)) - 1
    assert response["Content-Range"] == f"bytes {begin}-{end}/{len(data)}"
    assert response["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("bytes=99999999-", 416),
        ("bytes=-0", 416),
        ("bytes=5-2", 200),
        ("bytes=0-1,3-4", 200),
        ("lines=1-2", 200),
    ],
)
def test_a_part_that_is_not_there_is_refused_and_nonsense_gets_all(
    api: APIClient, owner: User, header: str, status: int
) -> None:
    link = path_of(links(api, completed(api, mp4(), "video"))["whole"])

    response = Client().get(link, headers={"Range": header})

    assert response.status_code == status
    assert len(response.getvalue()) == (len(mp4()) if status == 200 else 0)


def test_an_asynchronous_server_sends_it_piece_by_piece(api: APIClient, owner: User) -> None:
    data = mp4()
    link = path_of(links(api, completed(api, data, "video"))["whole"])

    async def fetched() -> tuple[bool, bytes]:
        response: Any = await AsyncClient().get(link, headers={"Range": "bytes=3-"})
        return response.is_async, b"".join([piece async for piece in response.streaming_content])

    assert async_to_sync(fetched)() == (True, data[3:])


def test_what_the_browser_has_is_not_sent_again(api: APIClient, owner: User) -> None:
    link = path_of(links(api, completed(api, jpeg()))["320"])
    first = Client().get(link)
    body_of(first)

    again = Client().get(link, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
