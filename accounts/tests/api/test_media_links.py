"""Opening files: who may, by which link, for how long, and what a browser is told."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.auth.models import Permission
from django.test import Client
from rest_framework.test import APIClient

from accounts.choices import MediaPurpose, UserStatus
from accounts.models import AuditEvent, MediaFile, User, Verification
from accounts.querysets import media as audiences
from accounts.querysets.media import register_audience
from accounts.tests.factories.people import UserFactory, sign_in
from accounts.tests.files import jpeg
from accounts.tests.uploads import MEDIA, body_of, completed, links, path_of
from config.shared.clock import database_now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_folder")]


@pytest.fixture
def audience_of_people() -> Iterator[list[Any]]:
    """A thing that may hold files (a person, here), visible to whoever is put into the list."""
    viewers: list[Any] = []
    register_audience(
        "accounts.user",
        lambda user: User.objects.all() if user.pk in viewers else User.objects.none(),
    )
    yield viewers
    del audiences._audiences["accounts.user"]


def as_person(user: User) -> APIClient:
    client = APIClient()
    sign_in(client, user)
    return client


def staff_with(codename: str) -> User:
    person: User = UserFactory(staff=True)
    person.user_permissions.add(Permission.objects.get(codename=codename))
    return person


@pytest.mark.capability("R35")
def test_a_private_file_is_opened_by_its_signed_link(api: APIClient, owner: User) -> None:
    row = completed(api, jpeg())
    shown = api.get(f"{MEDIA}{row.pk}/").json()

    response = Client().get(path_of(shown["links"]["320"]))

    assert shown["is_private"] is True
    assert shown["links_valid_seconds"] == 300
    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    assert body_of(response)[8:12] == b"WEBP"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.capability("R35")
def test_signed_in_is_not_enough_for_a_private_file(api: APIClient, owner: User) -> None:
    row = completed(api, jpeg())

    response = api.get(f"{MEDIA}{row.pk}/file/")

    assert (response.status_code, response.json()["code"]) == (403, "link_required")


def test_a_public_file_is_open_to_everybody(api: APIClient, owner: User) -> None:
    row = completed(api, jpeg())
    MediaFile.objects.update(is_private=False)

    shown = APIClient().get(f"{MEDIA}{row.pk}/")
    response = Client().get(f"{MEDIA}{row.pk}/file/", headers={"Accept": "image/*"})

    assert shown.status_code == 401
    assert links(as_person(UserFactory()), row)["800"].endswith(f"{row.pk}/file/?rendition=800")
    assert response.status_code == 200
    assert response["Cache-Control"] == "public, max-age=86400"
    body_of(response)


@pytest.mark.capability("R35")
def test_a_link_is_valid_for_five_minutes(api: APIClient, owner: User) -> None:
    row = completed(api, jpeg())
    with time_machine.travel("2026-11-21T08:00:00Z", tick=False):
        sign_in(api, owner)
        link = path_of(links(api, row)["320"])

    with time_machine.travel("2026-11-21T08:04:59Z", tick=False):
        early = Client().get(link)
    with time_machine.travel("2026-11-21T08:05:01Z", tick=False):
        late = Client().get(link)

    assert early.status_code == 200
    body_of(early)
    assert (late.status_code, late.json()["code"]) == (403, "link_refused")


@pytest.mark.capability("R35")
def test_a_link_opens_its_own_file_only(api: APIClient, owner: User) -> None:
    row, other = completed(api, jpeg()), completed(api, jpeg())
    link = path_of(links(api, row)["320"])

    for changed in (link.replace(str(row.pk), str(other.pk)), link + "x", link[:-3]):
        assert Client().get(changed).status_code == 403


@pytest.mark.capability("R35")
def test_a_link_ends_with_the_right_to_see(
    api: APIClient, owner: User, audience_of_people: list[Any]
) -> None:
    viewer = UserFactory()
    row = completed(api, jpeg())
    MediaFile.objects.update(target_type="accounts.user", target_id=owner.pk)
    audience_of_people.append(viewer.pk)
    link = path_of(links(as_person(viewer), row)["320"])

    before = Client().get(link)
    audience_of_people.clear()
    after = Client().get(link)

    assert before.status_code == 200
    body_of(before)
    assert after.status_code == 404


def test_a_link_ends_with_the_account_of_its_holder(api: APIClient, owner: User) -> None:
    link = path_of(links(api, completed(api, jpeg()))["320"])
    User.objects.update(status=UserStatus.SUSPENDED, is_active=False)

    assert Client().get(link).status_code == 403


@pytest.mark.capability("R35")
def test_whoever_sees_the_thing_sees_its_files_and_nobody_else(
    api: APIClient, owner: User, audience_of_people: list[Any]
) -> None:
    viewer, stranger = UserFactory(), UserFactory()
    audience_of_people.append(viewer.pk)
    row = completed(api, jpeg())

    assert as_person(viewer).get(f"{MEDIA}{row.pk}/").status_code == 404
    MediaFile.objects.update(target_type="accounts.user", target_id=owner.pk)
    assert as_person(viewer).get(f"{MEDIA}{row.pk}/").status_code == 200
    assert as_person(stranger).get(f"{MEDIA}{row.pk}/").status_code == 404
    assert as_person(viewer).get(MEDIA).json()["results"] == []


def test_staff_see_files_but_for_papers_and_conversations(api: APIClient, owner: User) -> None:
    staff = as_person(staff_with("view_mediafile"))
    row = completed(api, jpeg())
    assert staff.get(f"{MEDIA}{row.pk}/").status_code == 200

    for purpose in (MediaPurpose.VERIFICATION, MediaPurpose.MESSAGE):
        MediaFile.objects.update(purpose=purpose)
        assert staff.get(f"{MEDIA}{row.pk}/").status_code == 404


@pytest.mark.capability("A37")
def test_reviewers_alone_see_identity_papers_and_each_look_is_written_down(
    api: APIClient, owner: User
) -> None:
    row = completed(api, jpeg(), purpose=MediaPurpose.VERIFICATION)
    verification = Verification.objects.create(
        user=owner, verification_type="emirates_id", submitted_at=database_now()
    )
    MediaFile.objects.update(target_type="accounts.verification", target_id=verification.pk)
    reviewer = staff_with("review_verification")

    own = Client().get(path_of(links(api, row)["1600"]))
    seen = Client().get(path_of(links(as_person(reviewer), row)["1600"]))

    assert (own.status_code, seen.status_code) == (200, 200)
    body_of(own)
    body_of(seen)
    event = AuditEvent.objects.get(action="accounts.mediafile.viewed")
    assert (event.actor, event.object_id) == (reviewer, str(row.pk))
    assert as_person(UserFactory(staff=True)).get(f"{MEDIA}{row.pk}/").status_code == 404


def test_a_file_past_its_time_is_gone(api: APIClient, owner: User) -> None:
    link = path_of(links(api, completed(api, jpeg()))["320"])
    MediaFile.objects.update(valid_until=database_now() - timedelta(seconds=1))

    assert Client().get(link).status_code == 404


@pytest.mark.parametrize("query", ["rendition=9999", "rendition=../../etc", "rendition=whole"])
def test_an_unknown_rendition_is_not_there(api: APIClient, owner: User, query: str) -> None:
    row = completed(api, jpeg())
    MediaFile.objects.update(is_private=False)

    assert Client().get(f"{MEDIA}{row.pk}/file/?{query}").status_code == 404


def test_an_unknown_parameter_is_refused(api: APIClient, owner: User) -> None:
    row = completed(api, jpeg())

    assert Client().get(f"{MEDIA}{row.pk}/file/?size=320").status_code == 400


def test_contents_that_the_disk_has_lost_are_reported_as_trouble(
    api: APIClient, owner: User, settings: LazySettings
) -> None:
    row = completed(api, jpeg())
    link = path_of(links(api, row)["320"])
    (Path(settings.MEDIA_ROOT) / row.renditions["320"]["key"]).unlink()

    response = Client().get(link)

    assert (response.status_code, response.json()["code"]) == (503, "storage_unavailable")
