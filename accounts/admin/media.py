"""Files: what was uploaded, by whom, for what; the contents only through links."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
    RangeNumericFilter,
)
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm

from accounts.choices import MediaKind, MediaStatus
from accounts.models import MediaFile
from accounts.services import media_links
from config.shared.admin import EvidenceAdmin, go_to, may, staff_of

STATUS_COLOURS = {
    MediaStatus.ANNOUNCED: "info",
    MediaStatus.UPLOADED: "info",
    MediaStatus.CLEAN: "success",
    MediaStatus.REJECTED: "danger",
}


class OpenedFileForm(BaseDialogForm):
    """A file's picture, or a link to the file, for staff who may see what is in it."""

    form_before_template = "admin/file_preview.html"

    def get_before_template_context(
        self, request: HttpRequest, object_id: int | str | None = None
    ) -> dict[str, Any]:
        viewer = staff_of(request)
        found = MediaFile.objects.clean().visible_to(viewer).filter(pk=str(object_id)).first()
        if found is None:
            return {}
        links = media_links.links_of(found, viewer=viewer)
        link = links.get("1600") or next(iter(links.values()), "")
        return {"file": found, "link": link, "is_picture": found.kind == MediaKind.IMAGE}


@admin.register(MediaFile)
class MediaFileAdmin(EvidenceAdmin):
    """Uploaded files."""

    list_display = ("name", "owner", "kind", "purpose", "state_label", "size", "created_at")
    list_select_related = ("owner",)
    list_filter = (
        ("kind", ChoicesDropdownFilter),
        ("purpose", ChoicesDropdownFilter),
        ("status", ChoicesDropdownFilter),
        "is_private",
        ("size", RangeNumericFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("name__istartswith", "owner__full_name__istartswith", "sha256")
    date_hierarchy = "created_at"
    exclude = ("file", "incoming_key", "renditions")
    actions_detail = ("open_file",)
    has_open_permission = may("accounts.view_mediafile")

    @display(description="Status", label=STATUS_COLOURS, ordering="status")
    def state_label(self, obj: MediaFile) -> str:
        return obj.status

    @action(
        description="Show the file",
        permissions=["open"],
        url_path="open",
        icon="visibility",
        dialog={
            "title": "The file",
            "description": "Whoever looks at identity papers is written down.",
            "form_class": OpenedFileForm,
            "form_submit_text": "Close",
        },
    )
    def open_file(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        return go_to(request, reverse("admin:accounts_mediafile_change", args=[object_id]))
