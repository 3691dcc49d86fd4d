"""Photographs and 3D models on the pages of things, through links for whoever looks."""

from collections.abc import Iterable
from typing import Any

from django.forms.widgets import Script
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.choices import MediaKind, MediaStatus
from accounts.models import MediaFile
from accounts.services.media_links import links_of
from catalog.models import Model3D
from config.shared.admin import staff_of

VIEWER_SCRIPT = Script("courtyard/vendor/model-viewer/model-viewer.min.js", type="module")


class LookedAtMixin:
    """Lets an object's page know who looks at it, for the links that it makes."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """The object, with ``viewer``: the member of staff who looks."""
        found = super().get_object(request, object_id, from_field)  # type: ignore[misc]
        if found is not None:
            found.viewer = staff_of(request)
        return found


def link_of(looked_at: Any, media: MediaFile | None, rendition: str = "800") -> str:
    """A link to ``media`` for whoever looks at ``looked_at``; none for what is not checked."""
    if media is None or media.status != MediaStatus.CLEAN:
        return ""
    links = links_of(media, viewer=getattr(looked_at, "viewer", None))
    return links.get(rendition) or next(iter(links.values()), "")


def gallery(looked_at: Any, files: Iterable[MediaFile], *, empty: str) -> SafeString:
    """The pictures side by side, each a link to the larger one; other files by name."""
    shown = [
        (link_of(looked_at, media, "1600"), _tile(looked_at, media))
        for media in files
        if media.status == MediaStatus.CLEAN
    ]
    if not shown:
        return format_html('<p class="text-font-subtle-light">{}</p>', empty)
    tiles = format_html_join("", '<a href="{}" target="_blank" rel="noopener">{}</a>', shown)
    return format_html('<div class="flex flex-row flex-wrap gap-4">{}</div>', tiles)


def _tile(looked_at: Any, media: MediaFile) -> SafeString:
    if media.kind != MediaKind.IMAGE:
        return format_html("{}", media.name)
    return format_html(
        '<img src="{}" alt="{}" loading="lazy" class="rounded-default"'
        ' style="height:10rem;width:auto;max-width:100%">',
        link_of(looked_at, media, "320"),
        media.name,
    )


def turning(looked_at: Any, model: Model3D) -> SafeString:
    """The 3D model, which can be turned; its picture until it is there."""
    return format_html(
        '<model-viewer src="{}" poster="{}" alt="{}" camera-controls auto-rotate'
        ' shadow-intensity="1" style="width:100%;max-width:42rem;height:24rem;'
        'background:#e2e8f0;border-radius:6px"></model-viewer>',
        link_of(looked_at, model.file),
        link_of(looked_at, model.thumbnail),
        model.title,
    )
