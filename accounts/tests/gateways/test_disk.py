"""Files on the disk: complete or not there, and never outside of their folder."""

import io
from pathlib import Path

import pytest

from accounts.gateways.disk import DiskStore
from accounts.gateways.storage import NotUploadedError, StorageUnavailableError


@pytest.fixture
def store(tmp_path: Path) -> DiskStore:
    return DiskStore(tmp_path / "media")


def files_in(store: DiskStore) -> list[str]:
    return [str(path.relative_to(store.root)) for path in store.root.rglob("*") if path.is_file()]


def test_what_is_kept_can_be_opened(store: DiskStore) -> None:
    store.keep("media/a/b.webp", io.BytesIO(b"picture"), content_type="image/webp")

    with store.open("media/a/b.webp") as file:
        assert file.read() == b"picture"
    assert files_in(store) == ["media/a/b.webp"]
    assert oct((store.root / "media/a").stat().st_mode & 0o777) == "0o700"


@pytest.mark.parametrize(("sent", "came"), [(b"1234", 4), (b"123456", 5)])
def test_an_upload_of_another_length_leaves_nothing(
    store: DiskStore, sent: bytes, came: int
) -> None:
    assert store.receive("incoming/x", io.BytesIO(sent), size=5) == came

    assert files_in(store) == []
    with pytest.raises(NotUploadedError):
        store.fetch_incoming("incoming/x", io.BytesIO(), at_most=10)


def test_an_upload_that_breaks_off_leaves_nothing(store: DiskStore) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise ConnectionResetError

    with pytest.raises(StorageUnavailableError):
        store.receive("incoming/x", Broken(), size=5)

    assert files_in(store) == []


def test_what_arrived_is_fetched_up_to_a_bound(store: DiskStore) -> None:
    store.receive("incoming/x", io.BytesIO(b"12345"), size=5)
    into = io.BytesIO()

    assert store.fetch_incoming("incoming/x", into, at_most=3) == 3
    assert into.getvalue() == b"123"


def test_forgetting_takes_keys_and_folders_and_minds_no_gaps(store: DiskStore) -> None:
    for key in ("media/a/1", "media/a/2", "media/b/1", "incoming/x"):
        store.keep(key, io.BytesIO(b"."), content_type="image/webp")

    for _ in range(2):
        store.forget(["incoming/x", "incoming/never"], folder="media/a")

    assert files_in(store) == ["media/b/1"]


@pytest.mark.parametrize("key", ["../outside", "media/../../outside", "/etc/passwd", "", "."])
def test_a_key_never_leads_out_of_the_folder(store: DiskStore, key: str) -> None:
    with pytest.raises(ValueError, match="below the folder"):
        store.keep(key, io.BytesIO(b"."), content_type="image/webp")


def test_a_disk_that_takes_nothing_is_reported_as_trouble(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file where the folder should be")

    with pytest.raises(StorageUnavailableError):
        DiskStore(tmp_path / "media").keep("media/a", io.BytesIO(b"."), content_type="image/webp")
