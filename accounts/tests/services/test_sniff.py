"""What a file is, and whether documents and films are sound."""

import io
import struct

import pytest

from accounts.services.mp4 import read_film
from accounts.services.sniff import FileFaultError, check_pdf, content_type_of
from accounts.tests.files import HTML, SVG, box, glb, jpeg, mp4, pdf, png, polyglot, webp


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (jpeg(), "image/jpeg"),
        (png(), "image/png"),
        (webp(), "image/webp"),
        (pdf(), "application/pdf"),
        (glb(), "model/gltf-binary"),
        (mp4(), "video/mp4"),
        (polyglot(), "image/jpeg"),
        (mp4(brand=b"qt  "), None),
        (SVG, None),
        (HTML, None),
        (b"", None),
        (b"%PDF-9.9\n", None),
        (b"%PDF-1.7<script>", None),
        (b"GIF89a", None),
        (b"PK\x03\x04", None),
        (b"\x7fELF", None),
    ],
)
def test_a_file_is_known_by_its_beginning(data: bytes, content_type: str | None) -> None:
    assert content_type_of(io.BytesIO(data)) == content_type


def test_a_sound_document_passes() -> None:
    content = io.BytesIO(pdf())

    check_pdf(content, size=len(pdf()))

    assert content.tell() == 0


@pytest.mark.parametrize(
    "data",
    [
        pdf()[:-20],
        pdf(startxref=9_999_999),
        pdf(startxref=3),
        b"%PDF-1.7\n",
        pdf(tail=bytes(4000)),
    ],
    ids=["cut", "beyond", "elsewhere", "nothing", "tail"],
)
def test_a_document_without_its_end_is_refused(data: bytes) -> None:
    with pytest.raises(FileFaultError) as fault:
        check_pdf(io.BytesIO(data), size=len(data))

    assert fault.value.code == "pdf_broken"


def test_a_film_says_how_long_and_how_large_it_is() -> None:
    film = read_film(io.BytesIO(mp4()), size=len(mp4()))

    assert (film.duration_seconds, film.width, film.height) == (12.5, 640, 360)


def test_a_film_with_sixty_four_bit_times_is_read() -> None:
    movie = struct.pack(">B3x16xIQ", 1, 600, 6000) + bytes(80)
    track = struct.pack(">B", 1) + bytes(87) + struct.pack(">II", 1920 << 16, 1080 << 16)
    data = (
        box(b"ftyp", b"mp42", bytes(4))
        + struct.pack(">I4sQ", 1, b"mdat", 16 + 8)
        + bytes(8)
        + box(b"moov", box(b"mvhd", movie), box(b"trak", box(b"tkhd", track)))
    )

    film = read_film(io.BytesIO(data), size=len(data))

    assert (film.duration_seconds, film.width, film.height) == (10.0, 1920, 1080)


def test_sound_alone_has_no_size() -> None:
    data = mp4(width=0, height=0)

    film = read_film(io.BytesIO(data), size=len(data))

    assert (film.width, film.height) == (None, None)


def test_the_last_box_may_last_to_the_end() -> None:
    data = mp4()[: -(64 + 8)] + struct.pack(">I4s", 0, b"mdat") + bytes(64)

    assert read_film(io.BytesIO(data), size=len(data)).duration_seconds == 12.5


MOVIE = struct.pack(">4x8xII", 0, 1) + bytes(80)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (mp4()[:-10], "mp4_broken"),
        (mp4() + b"\x00", "mp4_broken"),
        (mp4()[:40], "mp4_broken"),
        (box(b"ftyp", b"isom", bytes(4)), "mp4_broken"),
        (box(b"moov") + box(b"ftyp") + box(b"mdat"), "mp4_broken"),
        (box(b"ftyp") + box(b"moov") + box(b"mdat"), "mp4_broken"),
        (box(b"ftyp") + box(b"moov", box(b"mvhd", MOVIE)) + box(b"mdat"), "mp4_broken"),
        (
            box(b"ftyp") + box(b"moov", box(b"mvhd"), box(b"trak", box(b"tkhd"))) + box(b"mdat"),
            "mp4_broken",
        ),
        (
            box(b"ftyp") + box(b"moov", box(b"mvhd", MOVIE), box(b"trak")) + box(b"mdat"),
            "mp4_broken",
        ),
        (box(b"ftyp") + struct.pack(">I4s", 4, b"moov") + box(b"mdat"), "mp4_broken"),
        (b"".join([box(b"ftyp"), *[box(b"free")] * 5, box(b"moov"), box(b"moov")]), "mp4_broken"),
        (mp4(seconds=6 * 3600 + 1), "film_too_long"),
        (mp4(width=10_000, height=2), "film_too_large"),
    ],
)
def test_a_film_that_cannot_be_played_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(FileFaultError) as fault:
        read_film(io.BytesIO(data), size=len(data))

    assert fault.value.code == code


def test_a_film_that_says_no_speed_is_refused() -> None:
    track = bytes(76) + struct.pack(">II", 640 << 16, 360 << 16)
    moov = box(b"moov", box(b"mvhd", MOVIE), box(b"trak", box(b"tkhd", track)))
    data = box(b"ftyp", b"isom") + moov + box(b"mdat", bytes(4))

    with pytest.raises(FileFaultError) as fault:
        read_film(io.BytesIO(data), size=len(data))

    assert fault.value.code == "mp4_broken"
