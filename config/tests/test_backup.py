"""Backup and restore between real servers: nothing lost, nothing mixed, nothing half done."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config.backups import connecting
from config.backups.errors import BackupError
from config.embedded_postgres.server import PROJECT
from config.settings.databases import EMBEDDED_NAMES
from config.settings.security import DEVELOPMENT_VALUES
from config.tests.embedded import environment, fresh_folder, manage, rows, using

PEOPLE = """
from accounts.models import User
from accounts.credentials.models import Credential
for number in range(20):
    user = User(full_name=f"Neighbour {number}", lat=25.2 + number / 100, lng=55.3)
    Credential.objects.create(user_id=user.pk, totp_secret="a sealed secret")
    user.save(force_insert=True)
print("ready", flush=True)
"""
# Writes the secret first, as Courtyard does, for as long as it is not interrupted.
WRITER = PEOPLE.replace("range(20)", "range(100_000)").replace(
    "user.save(force_insert=True)",
    "user.save(force_insert=True)\n    if number == 20: print('going', flush=True)",
)


@pytest.fixture(scope="module")
def source() -> Iterator[Path]:
    """A server with both schemas and twenty people, of whom each has a secret."""
    with fresh_folder() as folder, using(folder) as user:
        user.query()
        assert manage(folder, "migrate", "--verbosity=0").returncode == 0
        done = manage(folder, "shell", "-c", PEOPLE)
        assert done.returncode == 0, done.stderr
        yield folder


@pytest.fixture(scope="module")
def archive(source: Path) -> Path:
    path = source.parent / "courtyard.tar"
    done = manage(source, "backup", str(path))
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture(scope="module")
def target() -> Iterator[Path]:
    """A server with two empty databases; a test that fills them empties them again."""
    with fresh_folder() as folder, using(folder) as user:
        user.query()
        yield folder


def relations(folder: Path, alias: str) -> int:
    query = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    return int(rows(folder, EMBEDDED_NAMES[alias], query)[0][0])


def is_empty(folder: Path) -> bool:
    return relations(folder, "default") == relations(folder, "credentials") == 0


def refused(folder: Path, *arguments: str) -> str:
    done = manage(folder, *arguments)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr.strip()


def rewritten(archive: Path, change: Callable[[dict[str, Any]], None], target: Path) -> Path:
    """A copy of the archive with another manifest, whose sum is right."""
    with tarfile.open(archive) as old, tarfile.open(target, "w") as new:
        content = {member.name: old.extractfile(member).read() for member in old}  # type: ignore[union-attr]
        manifest = json.loads(content["manifest.json"])
        change(manifest)
        content["manifest.json"] = json.dumps(manifest).encode()
        content["manifest.json.sha256"] = (
            hashlib.sha256(content["manifest.json"]).hexdigest().encode()
        )
        for name, data in content.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            new.addfile(member, io.BytesIO(data))
    return target


def test_what_was_backed_up_is_restored_to_the_last_value(archive: Path) -> None:
    with fresh_folder() as folder, using(folder) as user:
        user.query()
        done = manage(folder, "restore", str(archive))
        assert done.returncode == 0, done.stderr
        assert re.search(
            r"^default: \d+ tables, [\d,]+ rows, \d+ migrations", done.stdout, re.MULTILINE
        )
        assert "Restored and verified" in done.stdout

        assert people_and_orphans(folder) == (20, 0, 0)
        assert manage(folder, "migrate", "--check").returncode == 0
        again = folder.parent / "again.tar"
        assert manage(folder, "backup", str(again)).returncode == 0
        assert contents(again) == contents(archive)


def people_and_orphans(folder: Path) -> tuple[int, int, int]:
    """How many people there are, how many without a secret, and secrets without a person."""
    people = set(rows(folder, EMBEDDED_NAMES["default"], "SELECT id FROM accounts_user"))
    query = "SELECT user_id FROM credentials_credential"
    secrets = set(rows(folder, EMBEDDED_NAMES["credentials"], query))
    return len(people), len(people - secrets), len(secrets - people)


def contents(archive: Path) -> dict[str, Any]:
    with tarfile.open(archive) as tar:
        dumps = json.load(tar.extractfile("manifest.json"))["dumps"]  # type: ignore[arg-type]
    return {alias: dump["figures"] for alias, dump in dumps.items()}


def test_no_key_and_no_opened_secret_is_in_the_archive(archive: Path, tmp_path: Path) -> None:
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path, filter="data")
    restorer = connecting.find_program("pg_restore", at_least=18)
    everything = (
        b"".join(
            subprocess.run([restorer, "-f", "-", str(dump)], check=True, capture_output=True).stdout
            for dump in tmp_path.glob("*.dump")
        )
        + (tmp_path / "manifest.json").read_bytes()
    )

    assert b"Neighbour 7" in everything
    assert b"a sealed secret" not in everything
    for value in DEVELOPMENT_VALUES.values():
        assert value.rpartition(":")[2].encode() not in everything
    assert archive.stat().st_mode & 0o777 == 0o600


def test_both_databases_are_taken_at_one_moment_while_people_register(source: Path) -> None:
    busy = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-c", WRITER],
        cwd=PROJECT,
        env=environment(source),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert busy.stdout
        assert any("going" in line for line in busy.stdout)
        path = source.parent / "busy.tar"
        done = manage(source, "backup", str(path))
    finally:
        busy.terminate()
        busy.communicate()
    assert done.returncode == 0, done.stderr

    with fresh_folder() as folder, using(folder) as user:
        user.query()
        assert manage(folder, "restore", str(path)).returncode == 0
        people, without_secret, without_person = people_and_orphans(folder)

    assert people >= 40
    assert without_secret == 0
    assert without_person <= 3


def test_a_dry_run_tells_and_changes_nothing(source: Path, target: Path, archive: Path) -> None:
    before = set(source.rglob("*.tar")) | set(source.parent.glob("*"))

    surveyed = manage(source, "backup", "--dry-run")
    checked = manage(target, "restore", "--dry-run", str(archive))

    assert "Nothing was written." in surveyed.stdout
    assert surveyed.stdout.startswith("default: ")
    assert "nothing restored" in checked.stdout
    assert set(source.rglob("*.tar")) | set(source.parent.glob("*")) == before
    assert is_empty(target)


@pytest.mark.parametrize("position", [0.3, 0.6, 0.9])
def test_a_damaged_archive_is_refused_before_anything_is_written(
    archive: Path, target: Path, tmp_path: Path, position: float
) -> None:
    data = bytearray(archive.read_bytes())
    with tarfile.open(archive) as tar:
        dump = tar.getmember("default.dump")
    data[dump.offset_data + int(dump.size * position)] ^= 0x01
    damaged = tmp_path / "damaged.tar"
    damaged.write_bytes(data)

    assert "default.dump does not have the sum it had" in refused(target, "restore", str(damaged))
    assert is_empty(target)


@pytest.mark.parametrize("content", [b"", b"not an archive at all"])
def test_what_is_no_archive_is_refused(target: Path, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.tar"
    path.write_bytes(content)

    assert "is not an archive that backup made" in refused(target, "restore", str(path))
    assert "is not an archive" in refused(target, "restore", str(tmp_path / "missing.tar"))


def test_a_changed_manifest_is_refused(target: Path, archive: Path, tmp_path: Path) -> None:
    data = archive.read_bytes()
    changed = tmp_path / "changed.tar"
    changed.write_bytes(data.replace(b'"app', b'"ape', 1).replace(b'"rows": 2', b'"rows": 3', 1))

    assert "manifest does not have the sum" in refused(target, "restore", str(changed))
    assert is_empty(target)


def test_a_schema_that_this_version_does_not_know_is_refused(
    target: Path, archive: Path, tmp_path: Path
) -> None:
    def add_migration(manifest: dict[str, Any]) -> None:
        manifest["dumps"]["default"]["figures"]["migrations"].append(["accounts", "9999_later"])

    path = rewritten(archive, add_migration, tmp_path / "later.tar")

    assert "does not know: accounts/9999_later" in refused(target, "restore", str(path))
    assert is_empty(target)


@pytest.mark.parametrize(("field", "value"), [("rows", 19), ("sum", "1")])
def test_a_restored_table_that_differs_empties_both_databases(
    target: Path, archive: Path, tmp_path: Path, field: str, value: Any
) -> None:
    def change(manifest: dict[str, Any]) -> None:
        tables = manifest["dumps"]["credentials"]["figures"]["tables"]
        assert tables["credentials_credential"]["rows"] == 20
        tables["credentials_credential"][field] = value

    path = rewritten(archive, change, tmp_path / "wrong.tar")

    sentence = refused(target, "restore", str(path))

    assert "credentials does not hold what the archive says, in credentials_credential" in sentence
    assert is_empty(target)


def test_databases_with_something_in_them_are_never_touched(source: Path, archive: Path) -> None:
    before = relations(source, "default")

    assert "The database default is not empty" in refused(source, "restore", str(archive))
    assert relations(source, "default") == before


def test_an_existing_file_is_never_replaced(source: Path, tmp_path: Path) -> None:
    path = tmp_path / "kept.tar"
    path.write_text("kept")

    assert "exists already" in refused(source, "backup", str(path))
    assert path.read_text() == "kept"
    assert "cannot be written" in refused(source, "backup", "/nonexistent/folder/x.tar")


@pytest.mark.parametrize(
    ("there", "wanted", "chosen"),
    [([15, 18], 15, 15), ([15, 18], 16, 18), ([16, 17, 18], 17, 17), ([15], 16, None)],
)
def test_the_servers_own_version_of_a_program_is_preferred(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    there: list[int],
    wanted: int,
    chosen: int | None,
) -> None:
    for version in there:
        program = tmp_path / str(version) / "bin" / "pg_dump"
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}.3'\n")
        program.chmod(0o755)
    monkeypatch.setattr(connecting, "DEBIAN", tmp_path)
    monkeypatch.setattr(connecting, "installed_programs", lambda: tmp_path / "none")
    monkeypatch.setattr(os, "environ", {"PATH": "/nonexistent"})

    if chosen is None:
        with pytest.raises(BackupError, match="pg_dump of PostgreSQL 16 or newer is needed"):
            connecting.find_program("pg_dump", at_least=wanted)
    else:
        found = connecting.find_program("pg_dump", at_least=wanted)
        assert found == str(tmp_path / str(chosen) / "bin" / "pg_dump")
