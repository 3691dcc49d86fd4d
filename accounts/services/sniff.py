"""What a file really is, by its first bytes and its structure, whatever it is called."""

import re
from typing import BinaryIO

HEAD_BYTES = 64
PDF_HEADER = re.compile(rb"%PDF-(?:1\.[0-7]|2\.0)[\r\n\s%]")
PDF_TAIL_BYTES = 2048
PDF_STARTXREF = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF")
PDF_XREF = re.compile(rb"\s*(?:xref\b|\d+\s+\d+\s+obj\b)")
MP4_BRANDS = frozenset(
    {b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42"}
    | {b"avc1", b"M4V ", b"M4VP", b"dash", b"MSNV", b"hvc1"}
)


class FileFaultError(Exception):
    """The file is not what it should be; ``code`` is for programs, the text for people."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def content_type_of(content: BinaryIO) -> str | None:
    """The content type that the beginning of a file shows, or None for what is not taken."""
    content.seek(0)
    head = content.read(HEAD_BYTES)
    content.seek(0)
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if PDF_HEADER.match(head):
        return "application/pdf"
    if head[:4] == b"glTF":
        return "model/gltf-binary"
    if head[4:8] == b"ftyp" and head[8:12] in MP4_BRANDS:
        return "video/mp4"
    return None


def check_pdf(content: BinaryIO, *, size: int) -> None:
    """Refuse a PDF whose end does not lead back to its table of contents.

    Raises ``FileFaultError`` with the code ``pdf_broken``.
    """
    content.seek(max(0, size - PDF_TAIL_BYTES))
    found = PDF_STARTXREF.findall(content.read(PDF_TAIL_BYTES))
    if not found:
        raise FileFaultError("pdf_broken", "This PDF has no end: it may have been cut off.")
    start = int(found[-1])
    if start >= size:
        raise FileFaultError("pdf_broken", "This PDF points beyond its own end.")
    content.seek(start)
    if not PDF_XREF.match(content.read(HEAD_BYTES)):
        raise FileFaultError("pdf_broken", "This PDF has no table of contents where it says.")
    content.seek(0)
