"""How a file is sent, so that a browser shows it and never runs it."""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any, BinaryIO

from asgiref.sync import sync_to_async
from django.http import (
    HttpResponse,
    HttpResponseNotModified,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from accounts.services.media_links import OpenedFile

PIECE_BYTES = 256 * 1024
ONE_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
POLICY = "default-src 'none'; sandbox"
PUBLIC_SECONDS = 86_400


def send_file(request: Request, opened: OpenedFile) -> HttpResponseBase:
    """The answer to whoever may open the file: its bytes, part of them, or where they are."""
    if opened.url is not None or opened.content is None:
        return _guarded(HttpResponseRedirect(opened.url or ""), opened)
    tag = f'"{opened.media.sha256[:32]}-{opened.rendition}"'
    if request.headers.get("If-None-Match") == tag:
        opened.content.close()
        response: HttpResponseBase = HttpResponseNotModified()
    else:
        response = _content(request, opened, opened.content)
    response["ETag"] = tag
    response["Accept-Ranges"] = "bytes"
    return _guarded(response, opened)


def _guarded(response: HttpResponseBase, opened: OpenedFile) -> HttpResponseBase:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    private = opened.media.is_private or opened.url is not None
    response["Cache-Control"] = (
        "private, no-store" if private else f"public, max-age={PUBLIC_SECONDS}"
    )
    return response


def _content(request: Request, opened: OpenedFile, content: BinaryIO) -> HttpResponseBase:
    """All of it, or the one range that was asked for (RFC 9110 §14.2)."""
    wanted = _range(request.headers.get("Range", ""), opened.size)
    first, last = wanted or (0, opened.size - 1)
    length = last - first + 1
    if first >= opened.size:
        content.close()
        response: HttpResponseBase = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{opened.size}"
    else:
        pieces: Any = _pieces(content, first, length)
        # Under ASGI, Django would read an ordinary iterator to its end before it sends a byte.
        pieces = _awaited(pieces) if hasattr(request._request, "scope") else pieces
        response = StreamingHttpResponse(pieces, status=206 if wanted else 200)
        response["Content-Length"] = str(length)
        if wanted:
            response["Content-Range"] = f"bytes {first}-{last}/{opened.size}"
    response["Content-Type"] = opened.media.content_type
    response["Content-Disposition"] = opened.disposition
    return response


def _range(header: str, size: int) -> tuple[int, int] | None:
    """The first and the last byte that a ``Range`` header asks for; None for all."""
    found = ONE_RANGE.fullmatch(header.strip())
    if found is None or found[1] == found[2] == "":
        return None
    if found[1] == "":
        return max(0, size - int(found[2])), size - 1
    first, last = int(found[1]), int(found[2] or size - 1)
    return None if found[2] and last < first else (first, min(last, size - 1))


async def _awaited(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The pieces, each read in a thread while the server does something else."""

    def following() -> bytes:
        return next(pieces, b"")

    while piece := await sync_to_async(following, thread_sensitive=False)():
        yield piece


def _pieces(content: BinaryIO, first: int, length: int) -> Iterator[bytes]:
    with content:
        content.seek(first)
        while length > 0:
            piece = content.read(min(PIECE_BYTES, length))
            if not piece:
                return
            length -= len(piece)
            yield piece
