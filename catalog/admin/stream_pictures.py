"""A show as staff see it: its player, and what is pinned in the picture."""

from typing import Any

from django.forms.widgets import Script
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from catalog.admin.pictures import link_of
from catalog.choices import StreamStatus
from catalog.models import Stream, StreamPin
from catalog.services.stream_playback import hls_url_of

HLS_SCRIPT = Script("courtyard/vendor/hls/hls.light.min.js")
PLAYER_SCRIPT = Script("courtyard/live-player.js", defer=True)
FRAME = (
    "position:relative;width:100%;max-width:42rem;aspect-ratio:16/9;"
    "background:#0f172a;border-radius:6px;overflow:hidden"
)
TAG = (
    "position:absolute;transform:translate(-50%,-50%);width:4.5rem;height:4.5rem;"
    "border:2px solid #ffffff;border-radius:6px;overflow:hidden;background:#334155;"
    "color:#ffffff;font-size:.7rem;line-height:1.1"
)


def player(stream: Stream) -> SafeString:
    """The picture as it comes, or the recording; a sentence where there is neither."""
    address = ""
    if stream.status == StreamStatus.LIVE:
        address = hls_url_of(stream, viewer=getattr(stream, "viewer", None)) or ""
    if address:
        return format_html(
            '<video data-playlist="{}" controls muted playsinline style="{}"></video>',
            address,
            FRAME,
        )
    film = link_of(stream, stream.recording, "original")
    if film:
        return format_html(
            '<video src="{}" controls preload="metadata" style="{}"></video>', film, FRAME
        )
    return format_html('<p class="text-font-subtle-light">{}</p>', "Nothing to watch.")


def pinned(stream: Stream) -> SafeString:
    """The pins at their places: each a picture that leads to the thing."""
    pins = stream.pins.select_related("product", "unit__development").prefetch_related(
        "product__pictures__media"
    )
    tags = format_html_join(
        "",
        '<a href="{}" title="{}" style="' + TAG + ';left:{}%;top:{}%">{}</a>',
        (
            (_page(pin), _title(pin), f"{pin.x * 100:.2f}", f"{pin.y * 100:.2f}", _face(pin))
            for pin in pins.order_by("order", "pk")
        ),
    )
    if not tags:
        return format_html('<p class="text-font-subtle-light">{}</p>', "Nothing is pinned.")
    return format_html('<div style="{}">{}</div>', FRAME, tags)


def _page(pin: StreamPin) -> str:
    kind, key = ("product", pin.product_id) if pin.product_id else ("unit", pin.unit_id)
    return f"../../../{kind}/{key}/change/"


def _title(pin: StreamPin) -> str:
    minutes, seconds = divmod(pin.shown_at, 60)
    return f"{pin.product or pin.unit}, at {minutes}:{seconds:02d}"


def _face(pin: StreamPin) -> SafeString:
    first: Any = next(iter(pin.product.pictures.all()), None) if pin.product else None
    address = link_of(pin.stream, first.media, "320") if first else ""
    if not address:
        return format_html("{}", str(pin.product or pin.unit))
    return format_html(
        '<img src="{}" alt="{}" loading="lazy" style="width:100%;height:100%;object-fit:cover">',
        address,
        str(pin.product),
    )
