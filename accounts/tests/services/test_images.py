"""Pictures: drawn anew, bounded before they are decoded, nothing hidden left."""

import io
import subprocess
import sys
import threading

import pytest
from django.conf import settings
from PIL import Image

from accounts.services import images
from accounts.services.images import Rendition, renditions_of
from accounts.services.sniff import FileFaultError
from accounts.tests.files import (
    GPS_INFO,
    HTML,
    ORIENTATION,
    SVG,
    jpeg,
    png,
    png_bomb,
    polyglot,
    webp,
)
from config.shared.errors import UnavailableError

SIDES = (320, 800, 1600)


def drawn(data: bytes, *, max_pixels: int = 40_000_000) -> list[Rendition]:
    return renditions_of(io.BytesIO(data), max_pixels=max_pixels, sides=SIDES)


def opened(rendition: Rendition) -> Image.Image:
    return Image.open(io.BytesIO(rendition.data), formats=["WEBP"])


def test_a_picture_comes_in_three_sizes() -> None:
    renditions = drawn(jpeg(4000, 3000))

    assert [(each.name, each.width, each.height) for each in renditions] == [
        ("320", 320, 240),
        ("800", 800, 600),
        ("1600", 1600, 1200),
    ]
    assert [opened(each).size for each in renditions] == [(320, 240), (800, 600), (1600, 1200)]


def test_a_small_picture_is_never_enlarged() -> None:
    assert {(each.width, each.height) for each in drawn(png(100, 50))} == {(100, 50)}


def test_a_very_narrow_picture_keeps_a_pixel() -> None:
    assert [(each.width, each.height) for each in drawn(png(10_000, 3))] == [
        (320, 1),
        (800, 1),
        (1600, 1),
    ]


def test_nothing_that_a_camera_or_a_stranger_wrote_survives() -> None:
    original = jpeg(800, 600, secret="hidden-canary")
    assert Image.open(io.BytesIO(original)).getexif().get_ifd(GPS_INFO)
    assert b"hidden-canary" in original

    for rendition in drawn(original):
        picture = opened(rendition)
        assert dict(picture.getexif()) == {}
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(picture.info)
        assert b"hidden-canary" not in rendition.data


def test_a_page_behind_a_picture_does_not_survive() -> None:
    for rendition in drawn(polyglot()):
        assert b"script" not in rendition.data


@pytest.mark.parametrize(
    ("orientation", "size", "top_left"),
    [
        (1, (64, 48), "red"),
        (2, (64, 48), "blue"),
        (3, (64, 48), "blue"),
        (5, (48, 64), "red"),
        (6, (48, 64), "red"),
        (8, (48, 64), "blue"),
    ],
)
def test_a_picture_stands_upright(orientation: int, size: tuple[int, int], top_left: str) -> None:
    picture = opened(drawn(jpeg(orientation=orientation))[-1]).convert("RGB")

    red, _, blue = picture.getpixel((4, 4))  # type: ignore[misc]
    assert picture.size == size
    assert ("red" if red > blue else "blue") == top_left
    assert ORIENTATION not in picture.getexif()


@pytest.mark.parametrize(
    ("mode", "drawn_mode"),
    [("RGB", "RGB"), ("RGBA", "RGBA"), ("P", "RGB"), ("L", "RGB"), ("LA", "RGBA"), ("1", "RGB")],
)
def test_every_kind_of_colour_is_drawn(mode: str, drawn_mode: str) -> None:
    assert opened(drawn(png(mode=mode))[0]).mode == drawn_mode


def test_sixteen_bits_of_grey_keep_their_shades() -> None:
    image = Image.new("I;16", (64, 64), 32_768)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")

    shade = opened(drawn(buffer.getvalue())[0]).convert("L").getpixel((32, 32))

    assert isinstance(shade, int)
    assert abs(shade - 128) <= 3


def test_what_is_transparent_stays_so() -> None:
    assert opened(drawn(webp())[0]).mode == "RGBA"


def test_the_colours_of_a_wide_profile_are_translated() -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(buffer, "JPEG", icc_profile=profile)

    renditions = drawn(buffer.getvalue())

    assert opened(renditions[0]).mode == "RGB"


@pytest.mark.parametrize(
    "data",
    [
        SVG,
        HTML,
        b"",
        b"GIF89a" + bytes(100),
        jpeg(800, 600)[:4000],
        png(400, 400)[:60],
        webp(400, 400)[:30],
        b"\x89PNG\r\n\x1a\n" + bytes(200),
        b"\xff\xd8\xff\xe0" + bytes(200),
    ],
    ids=["svg", "html", "empty", "gif", "cut-jpeg", "cut-png", "cut-webp", "no-png", "no-jpeg"],
)
def test_what_cannot_be_read_is_refused(data: bytes) -> None:
    with pytest.raises(FileFaultError) as fault:
        drawn(data)

    assert fault.value.code == "image_broken"


@pytest.mark.capability("R35")
@pytest.mark.parametrize("side", [6400, 9500, 13_000, 30_000])
def test_too_many_pixels_are_refused(side: int) -> None:
    with pytest.raises(FileFaultError) as fault:
        drawn(png_bomb(side))

    assert fault.value.code == "image_too_large"
    assert fault.value.detail == "A picture has at most 40 megapixels."


MEASURE = """
import io, resource, sys
from accounts.services.images import renditions_of
from accounts.services.sniff import FileFaultError
from accounts.tests.files import png, png_bomb
data = png_bomb(13_000) if sys.argv[1] == "bomb" else png(6300, 6300, mode="RGBA")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    renditions_of(io.BytesIO(data), max_pixels=40_000_000, sides=(320, 800, 1600))
except FileFaultError as fault:
    print(fault.code, end=" ")
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def grown_megabytes(case: str) -> tuple[str, int]:
    """What came of a picture in a process of its own, and by how much its memory peaked."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, case],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    *outcome, megabytes = done.stdout.split()
    return " ".join(outcome), int(megabytes)


def test_a_bomb_costs_no_memory() -> None:
    outcome, megabytes = grown_megabytes("bomb")

    assert outcome == "image_too_large"
    assert megabytes < 30


def test_the_largest_picture_costs_bounded_memory() -> None:
    outcome, megabytes = grown_megabytes("largest")

    assert outcome == ""
    assert megabytes < 400


def test_a_third_picture_waits_and_is_then_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "DECODERS", threading.BoundedSemaphore(1))
    monkeypatch.setattr(images, "PATIENCE_SECONDS", 0.05)
    images.DECODERS.acquire()

    with pytest.raises(UnavailableError):
        drawn(png())

    images.DECODERS.release()
    assert len(drawn(png())) == 3
