"""Files that are sent while they are made."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse
from rest_framework.request import Request


def send_pieces(
    request: Request, pieces: Iterator[bytes], *, content_type: str, name: str
) -> StreamingHttpResponse:
    """``pieces`` as a file to be saved as ``name``; nobody keeps a copy on the way."""
    # Under ASGI, Django would read an ordinary iterator to its end before it sends a byte.
    content: Any = _awaited(pieces) if hasattr(request._request, "scope") else pieces
    return StreamingHttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


async def _awaited(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The pieces, all read in the request's own thread, to which the connection belongs."""

    def following() -> bytes:
        return next(pieces, b"")

    while piece := await sync_to_async(following)():
        yield piece
