"""Films in MP4 (ISO/IEC 14496-12): whether the boxes fit together, and how long the film is."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from accounts.services.sniff import FileFaultError

MAX_TOP_BOXES = 200_000
MAX_INNER_BOXES = 1000
MAX_MOOV_BYTES = 32 * 1024 * 1024
LONGEST_SECONDS = 6 * 3600
LARGEST_SIDE = 8192


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its name, and where its content begins and ends."""

    name: bytes
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Film:
    """What is known of a film."""

    duration_seconds: float
    width: int | None
    height: int | None


def read_film(content: BinaryIO, *, size: int) -> Film:
    """The duration and the size of a film.

    Raises ``FileFaultError`` with the code ``mp4_broken`` for boxes that overlap, overrun or lack,
    and ``film_too_long`` or ``film_too_large``.
    """
    boxes = list(_boxes(content, 0, size, limit=MAX_TOP_BOXES))
    names = [box.name for box in boxes]
    if names[:1] != [b"ftyp"] or names.count(b"moov") != 1 or b"mdat" not in names:
        raise _broken("it lacks its beginning, its index or its content")
    moov = boxes[names.index(b"moov")]
    if moov.end - moov.start > MAX_MOOV_BYTES:
        raise _broken("its index is too large")
    inner = list(_boxes(content, moov.start, moov.end, limit=MAX_INNER_BOXES))
    header = next((box for box in inner if box.name == b"mvhd"), None)
    tracks = [box for box in inner if box.name == b"trak"]
    if header is None or not tracks:
        raise _broken("it has no tracks")
    width, height = _largest(content, tracks)
    film = Film(_duration(content, header), width, height)
    if film.duration_seconds > LONGEST_SECONDS:
        raise FileFaultError("film_too_long", "A film lasts at most six hours.")
    if max(film.width or 0, film.height or 0) > LARGEST_SIDE:
        raise FileFaultError("film_too_large", f"A film is at most {LARGEST_SIDE} pixels wide.")
    content.seek(0)
    return film


def _broken(why: str) -> FileFaultError:
    return FileFaultError("mp4_broken", f"This film cannot be played: {why}.")


def _boxes(content: BinaryIO, start: int, end: int, *, limit: int) -> Iterator[Box]:
    """The boxes between two places, which they must fill exactly."""
    place = start
    for _ in range(limit):
        if place == end:
            return
        content.seek(place)
        head = content.read(16)
        if len(head) < 8:
            raise _broken("it ends too early")
        length, name = struct.unpack(">I4s", head[:8])
        begins = place + 8
        if length == 1 and len(head) == 16:
            (length,) = struct.unpack(">Q", head[8:])
            begins = place + 16
        elif length == 0:
            length = end - place
        if length < begins - place or place + length > end:
            raise _broken("a part of it overruns")
        yield Box(name, begins, place + length)
        place += length
    raise _broken("it has too many parts")


def _read(content: BinaryIO, box: Box, length: int) -> bytes:
    content.seek(box.start)
    data = content.read(min(length, box.end - box.start))
    if len(data) < length:
        raise _broken("a header is too short")
    return data


def _duration(content: BinaryIO, header: Box) -> float:
    """Seconds, by the movie header: version 1 has 64-bit times (ISO/IEC 14496-12 §8.2.2)."""
    version = _read(content, header, 1)[0]
    if version == 1:
        scale, length = struct.unpack(">20xIQ", _read(content, header, 32))
    else:
        scale, length = struct.unpack(">12xII", _read(content, header, 20))
    if scale == 0:
        raise _broken("it does not say how fast it plays")
    return round(length / scale, 3)


def _largest(content: BinaryIO, tracks: list[Box]) -> tuple[int | None, int | None]:
    """Width and height of the largest track; sound has neither."""
    sizes = [(0, 0)]
    for track in tracks:
        inner = _boxes(content, track.start, track.end, limit=MAX_INNER_BOXES)
        header = next((box for box in inner if box.name == b"tkhd"), None)
        if header is None:
            raise _broken("a track has no header")
        version = _read(content, header, 1)[0]
        length = 96 if version == 1 else 84
        wide, high = struct.unpack(">II", _read(content, header, length)[-8:])
        sizes.append((wide >> 16, high >> 16))
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    return (width, height) if width and height else (None, None)
