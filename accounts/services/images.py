"""Pictures are always drawn anew: what is stored is ours, without anything hidden in it.

A file that is a picture and a web page at once, a place in its EXIF, or a text behind its end
does not survive. Nothing is decoded before its size in pixels is known to be bearable.
"""

import io
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageCms, UnidentifiedImageError

from accounts.services.sniff import FileFaultError
from config.shared.errors import UnavailableError

FORMATS = ("JPEG", "PNG", "WEBP")
LARGEST_SIDE = 30_000
QUALITY = 82
# A picture of 40 megapixels takes up to 200 MB while it is drawn; more than two at once wait.
DECODERS = threading.BoundedSemaphore(2)
PATIENCE_SECONDS = 10
ORIENTATION = 0x0112
# How cameras say which way was up (Exif 2.3, table 8).
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Rendition:
    """The picture at one size, as WebP."""

    name: str
    width: int
    height: int
    data: bytes


def renditions_of(content: BinaryIO, *, max_pixels: int, sides: Sequence[int]) -> list[Rendition]:
    """The picture with its longer side at most each of ``sides``, never enlarged.

    Raises ``FileFaultError``: ``image_too_large`` before anything is decoded, ``image_broken``.
    Raises ``UnavailableError`` when others' pictures keep all decoders busy.
    """
    largest = max(sides)
    with _decoder():
        try:
            with _opened(content, max_pixels) as image:
                image.draft(None, (largest, largest))
                picture = _plain(image, largest)
        except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as exc:
            raise FileFaultError(
                "image_broken", "This picture cannot be read: it may have been cut off."
            ) from exc
        return [_rendition(picture, side) for side in sides]


@contextmanager
def _decoder() -> Iterator[None]:
    if not DECODERS.acquire(timeout=PATIENCE_SECONDS):
        raise UnavailableError("Too many pictures are being checked at this moment.")
    try:
        yield
    finally:
        DECODERS.release()


@contextmanager
def _opened(content: BinaryIO, max_pixels: int) -> Iterator[Image.Image]:
    content.seek(0)
    try:
        image = Image.open(content, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large(max_pixels) from None
    except UnidentifiedImageError as exc:
        raise FileFaultError("image_broken", "This is not a picture that can be read.") from exc
    with image:
        width, height = image.size
        if width * height > max_pixels or max(width, height) > LARGEST_SIDE:
            raise _too_large(max_pixels)
        yield image


def _too_large(max_pixels: int) -> FileFaultError:
    return FileFaultError(
        "image_too_large", f"A picture has at most {max_pixels // 1_000_000} megapixels."
    )


def _plain(image: Image.Image, largest: int) -> Image.Image:
    """The first frame, upright, in sRGB, no larger than needed, with nothing attached."""
    image.load()
    orientation: int = image.getexif().get(ORIENTATION, 1)
    profile = image.info.get("icc_profile")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    if image.mode.startswith("I"):
        # 16 bits of grey: Pillow would clip instead of scale.
        image = image.point(lambda value: value / 256).convert("L")
    if image.mode not in {"RGB", "RGBA", "L", "CMYK"}:
        image = image.convert(mode)
    image.thumbnail((largest, largest), reducing_gap=2.0)
    image = _in_srgb(image, profile, mode)
    turn = UPRIGHT.get(orientation)
    return image if turn is None else image.transpose(turn)


def _in_srgb(image: Image.Image, profile: bytes | None, mode: str) -> Image.Image:
    """The colours as every screen understands them; a profile that cannot be used is ignored."""
    if profile and len(profile) < 4 * 1024 * 1024:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode=mode
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None
        if converted is not None:
            return converted
    return image if image.mode == mode else image.convert(mode)


def _rendition(picture: Image.Image, side: int) -> Rendition:
    copy = picture.copy()
    copy.thumbnail((side, side))
    buffer = io.BytesIO()
    copy.save(buffer, "WEBP", quality=QUALITY, method=4, exif=b"", xmp=b"", icc_profile=b"")
    return Rendition(name=str(side), width=copy.width, height=copy.height, data=buffer.getvalue())
