"""The archive: one tar file with a manifest and a dump of each database, and nothing secret else.

The manifest says when and by which version it was made, what each database held, and the SHA-256
sum of every dump; a sum of its own stands beside it. No setting and no key is in it.
"""

import hashlib
import json
import os
import tarfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from config.backups.errors import BackupError
from config.backups.figures import Figures, Table

FORMAT = 1
MANIFEST = "manifest.json"
MANIFEST_SUM = "manifest.json.sha256"
CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Dump:
    """One database in the archive."""

    file: str
    bytes: int
    sha256: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says about itself."""

    made_at: str
    version: str
    dumps: dict[str, Dump]


def pack(folder: Path, manifest: Manifest) -> Path:
    """Put the dumps in ``folder`` and the manifest into one file there, and give its path."""
    text = json.dumps({"format": FORMAT, **asdict(manifest)}, indent=1).encode()
    (folder / MANIFEST).write_bytes(text)
    (folder / MANIFEST_SUM).write_text(hashlib.sha256(text).hexdigest() + "\n")
    archive = folder / "archive.tar"
    with tarfile.open(archive, "x") as tar:
        for name in (MANIFEST, MANIFEST_SUM, *(dump.file for dump in manifest.dumps.values())):
            tar.add(folder / name, name, filter=_anonymous)
    with archive.open("rb") as file:
        os.fsync(file.fileno())
    archive.chmod(0o600)
    return archive


def unpack(path: Path, folder: Path) -> Manifest:
    """Take the archive apart into ``folder`` and compare every sum.

    Raises ``BackupError`` for anything that is not an undamaged archive of ours.
    """
    try:
        with tarfile.open(path, "r:") as tar:
            tar.extractall(folder, filter="data")
        text = (folder / MANIFEST).read_bytes()
        expected = (folder / MANIFEST_SUM).read_text().strip()
    except (tarfile.TarError, OSError, UnicodeDecodeError) as error:
        raise BackupError(f"{path} is not an archive that backup made: {error}") from error
    if hashlib.sha256(text).hexdigest() != expected:
        raise BackupError(f"{path} is damaged: its manifest does not have the sum beside it.")
    manifest = _manifest(json.loads(text))
    for dump in manifest.dumps.values():
        file = folder / dump.file
        if not file.is_file() or sha256(file) != dump.sha256:
            raise BackupError(f"{path} is damaged: {dump.file} does not have the sum it had.")
    return manifest


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _manifest(parts: dict[str, Any]) -> Manifest:
    if parts.get("format") != FORMAT:
        raise BackupError(f"The archive has the format {parts.get('format')}, not {FORMAT}.")
    dumps = {alias: _dump(found) for alias, found in parts["dumps"].items()}
    return Manifest(parts["made_at"], parts["version"], dumps)


def _dump(parts: dict[str, Any]) -> Dump:
    figures = parts.pop("figures")
    tables = {name: Table(**table) for name, table in figures.pop("tables").items()}
    return Dump(**parts, figures=Figures(**figures, tables=tables))
