"""Files for tests: sound ones, and such as somebody would send who means no good."""

import io
import json
import struct
import zlib
from collections.abc import Callable
from typing import Any

from PIL import Image

GPS_INFO = 0x8825
ORIENTATION = 0x0112
MAKE = 0x010F


def jpeg(width: int = 64, height: int = 48, *, orientation: int = 1, secret: str = "") -> bytes:
    """A photograph, red on its left half and blue on its right, with a place in its EXIF."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height))
    exif = Image.Exif()
    exif[MAKE] = secret or "Camera"
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS_INFO).update({1: "N", 2: (25.0, 12.0, 17.5), 3: "E", 4: (55.0, 16.0, 28.0)})
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90, exif=exif, comment=secret.encode())
    return buffer.getvalue()


def png(width: int = 64, height: int = 48, *, mode: str = "RGB", **options: Any) -> bytes:
    """A picture of one colour."""
    buffer = io.BytesIO()
    Image.new(mode, (width, height)).save(buffer, "PNG", **options)
    return buffer.getvalue()


def png_bomb(side: int = 13_000) -> bytes:
    """A few kilobytes that decode to ``side`` × ``side`` pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = bytes(1 + (side + 7) // 8)
    data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def webp(width: int = 64, height: int = 48) -> bytes:
    """A picture that is WebP already."""
    buffer = io.BytesIO()
    Image.new("RGBA", (width, height), (0, 128, 0, 100)).save(buffer, "WEBP")
    return buffer.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def polyglot() -> bytes:
    """A photograph that is a web page as well, to whoever looks for one."""
    return jpeg() + b"<html><script>alert(document.domain)</script></html>"


def pdf(*, body: bytes = b"", tail: bytes = b"", startxref: int | None = None) -> bytes:
    """A document of one empty page."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>",
    ]
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + body)
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%bendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 4\n0000000000 65535 f \n"
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        start if startxref is None else startxref
    )
    return bytes(out + tail)


def box(name: bytes, *parts: bytes) -> bytes:
    """A box of an MP4 file."""
    content = b"".join(parts)
    return struct.pack(">I4s", 8 + len(content), name) + content


def mp4(
    *, seconds: float = 12.5, width: int = 640, height: int = 360, brand: bytes = b"isom"
) -> bytes:
    """A film whose boxes fit together; there is nothing to see in it."""
    movie = struct.pack(">4x8xII", 1000, int(seconds * 1000)) + bytes(80)
    track = bytes(76) + struct.pack(">II", width << 16, height << 16)
    return (
        box(b"ftyp", brand, bytes(4), b"isommp42")
        + box(b"moov", box(b"mvhd", movie), box(b"trak", box(b"tkhd", track)))
        + box(b"mdat", bytes(64))
    )


def triangle() -> tuple[dict[str, Any], bytes]:
    """The document and the buffer of a model that is one textured triangle."""
    corners = struct.pack("<9f", 0, 0, 0, 1, 0, 0, 0, 1, 0)
    indices = struct.pack("<3Hxx", 0, 1, 2)
    picture = png(2, 2)
    picture += bytes(-len(picture) % 4)
    document = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "children": [1]}, {"name": "empty"}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1, "material": 0}]}],
        "materials": [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}],
        "textures": [{"source": 0}],
        "images": [{"bufferView": 2, "mimeType": "image/png"}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3"},
            {"bufferView": 1, "componentType": 5123, "count": 3, "type": "SCALAR"},
        ],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": 36},
            {"buffer": 0, "byteOffset": 36, "byteLength": 8},
            {"buffer": 0, "byteOffset": 44, "byteLength": len(picture)},
        ],
        "buffers": [{"byteLength": 44 + len(picture)}],
    }
    return document, corners + indices + picture


def glb(change: Callable[[dict[str, Any]], None] | None = None) -> bytes:
    """The triangle as binary glTF, its document changed by ``change``."""
    document, buffer = triangle()
    if change is not None:
        change(document)
    return packed(json.dumps(document).encode(), buffer)


def packed(document: bytes, buffer: bytes, *, version: int = 2, length: int | None = None) -> bytes:
    """The chunks of a binary glTF file."""
    document += b" " * (-len(document) % 4)
    buffer += bytes(-len(buffer) % 4)
    body = struct.pack("<II", len(document), 0x4E4F534A) + document
    if buffer:
        body += struct.pack("<II", len(buffer), 0x004E4942) + buffer
    return struct.pack("<4sII", b"glTF", version, length or 12 + len(body)) + body
