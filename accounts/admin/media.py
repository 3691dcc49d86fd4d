"""Files: what was uploaded, by whom, for what; the contents only through links."""

from django.contrib import admin
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
    RangeNumericFilter,
)
from unfold.decorators import display

from accounts.choices import MediaStatus
from accounts.models import MediaFile
from config.shared.admin import EvidenceAdmin

STATUS_COLOURS = {
    MediaStatus.ANNOUNCED: "info",
    MediaStatus.UPLOADED: "info",
    MediaStatus.CLEAN: "success",
    MediaStatus.REJECTED: "danger",
}


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

    @display(description="Status", label=STATUS_COLOURS, ordering="status")
    def state_label(self, obj: MediaFile) -> str:
        return obj.status
