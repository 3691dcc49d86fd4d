"""JSON on the way out."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer
from rest_framework.utils.encoders import JSONEncoder


class _Encoder(JSONEncoder):
    """Upstream's, but a decimal stays exact: as a string, wherever it comes from."""

    def default(self, obj: Any) -> Any:
        return str(obj) if isinstance(obj, Decimal) else super().default(obj)


_ENCODER = _Encoder()
_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


def to_json(data: Any, *, sort_keys: bool = False) -> bytes:
    """UTF-8 JSON of anything that a serializer returns: decimals and lazy texts as strings."""
    options = _OPTIONS | (orjson.OPT_SORT_KEYS if sort_keys else 0)
    try:
        return orjson.dumps(data, default=_ENCODER.default, option=options)
    except orjson.JSONEncodeError:
        # A lone surrogate or an integer beyond 64 bits: rare, slower, and never a 500.
        text = json.dumps(data, cls=_Encoder, sort_keys=sort_keys, separators=(",", ":"))
        return text.encode("ascii")


class JSONRenderer(BaseRenderer):
    """``application/json`` as orjson writes it."""

    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """The bytes of ``data``; nothing at all for None, as a 204 wants it."""
        return b"" if data is None else to_json(data)
