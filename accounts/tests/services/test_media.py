"""Files behind the API: sweeping, racing and completing."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.choices import MediaStatus
from accounts.exceptions import TooManyFilesError
from accounts.models import MediaFile
from accounts.services import media
from accounts.services.settings import change_setting
from accounts.tests.factories.people import UserFactory, sign_in
from accounts.tests.files import jpeg
from accounts.tests.uploads import announced, completed, files_in, uploaded
from config.shared.clock import database_now
from config.shared.errors import MissingError
from config.tests.racing import race
from config.tests.support import drain

pytestmark = pytest.mark.usefixtures("media_folder")


@pytest.fixture
def _signed_in(api: APIClient, db: None) -> None:
    sign_in(api, UserFactory())


def age(row: MediaFile | dict[str, Any], *, hours: int) -> None:
    key = row["id"] if isinstance(row, dict) else row.pk
    then = database_now() - timedelta(hours=hours)
    MediaFile.objects.filter(pk=key).update(created_at=then, updated_at=then)


@pytest.mark.usefixtures("_signed_in")
def test_uploads_that_nobody_completed_are_swept_after_a_day(
    api: APIClient, media_folder: Path
) -> None:
    age(uploaded(api, jpeg()), hours=25)
    age(announced(api, jpeg()), hours=25)
    fresh = uploaded(api, jpeg())
    kept = completed(api, jpeg())
    age(kept, hours=1000)

    assert media.sweep() == 2
    drain()

    assert {str(key) for key in MediaFile.objects.values_list("pk", flat=True)} == {
        fresh["id"],
        str(kept.pk),
    }
    assert len(files_in(media_folder)) == 3 + 1


@pytest.mark.usefixtures("_signed_in")
def test_rejected_files_are_swept_after_a_week(api: APIClient) -> None:
    rejected = uploaded(api, b"x" * 100)
    api.post(f"/api/v1/media/{rejected['id']}/complete/")

    age(rejected, hours=24 * 6)
    assert media.sweep() == 0
    age(rejected, hours=24 * 8)
    assert media.sweep() == 1


@pytest.mark.usefixtures("_signed_in")
def test_files_past_their_time_are_swept_unless_something_shows_them(api: APIClient) -> None:
    past = database_now() - timedelta(minutes=1)
    lost, shown = completed(api, jpeg()), completed(api, jpeg())
    MediaFile.objects.update(valid_until=past)
    MediaFile.objects.filter(pk=shown.pk).update(
        target_type="accounts.user", target_id=shown.owner_id
    )

    assert media.sweep() == 1

    assert not MediaFile.objects.filter(pk=lost.pk).exists()


@pytest.mark.usefixtures("_signed_in")
def test_a_file_that_is_deleted_while_it_is_checked_leaves_nothing(
    api: APIClient, media_folder: Path
) -> None:
    row = MediaFile.objects.get(pk=uploaded(api, jpeg())["id"])
    media.discard(MediaFile.objects.get(pk=row.pk))

    with pytest.raises(MissingError):
        media.complete(media=row)
    drain()

    assert files_in(media_folder) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_completions_one_is_kept(api: APIClient, media_folder: Path) -> None:
    sign_in(api, UserFactory())
    key = uploaded(api, jpeg())["id"]

    results = race(*[lambda: media.complete(media=MediaFile.objects.get(pk=key)) for _ in range(3)])
    drain()

    row = MediaFile.objects.get()
    assert [result.sha256 for result in results] == [row.sha256] * 3
    assert row.status == MediaStatus.CLEAN
    assert {part["key"] for part in row.renditions.values()} == set(files_in(media_folder))


@pytest.mark.django_db(transaction=True)
def test_of_announcements_at_once_no_more_than_allowed_are_kept() -> None:
    person = UserFactory()
    change_setting(key="media_files_per_day", value=2, actor=UserFactory(superuser=True), reason="")

    def announce() -> MediaFile:
        return media.announce(
            owner=person,
            name="a.jpg",
            kind="image",
            purpose="listing",
            size=10,
            content_type="image/jpeg",
        )

    results = race(*[announce] * 5)

    assert MediaFile.objects.count() == 2
    assert sum(isinstance(result, TooManyFilesError) for result in results) == 3
