"""What keeps repeated and hurried requests in check."""

from django.contrib import admin
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter

from accounts.models import IdempotencyKey, RateBucket, RevokedSession
from config.shared.admin import EvidenceAdmin


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(EvidenceAdmin):
    """Requests that may be repeated; the stored answers are not shown."""

    list_display = ("created_at", "owner", "method", "path", "status", "response_status")
    list_select_related = ("owner",)
    list_filter = (("status", ChoicesDropdownFilter), ("created_at", RangeDateTimeFilter))
    search_fields = ("key__startswith", "path__startswith")
    exclude = ("response_body", "fingerprint")


@admin.register(RateBucket)
class RateBucketAdmin(EvidenceAdmin):
    """Counters of what may be done only so often."""

    list_display = ("key", "count", "window_start", "expires_at")
    list_filter = (("expires_at", RangeDateTimeFilter),)
    search_fields = ("key__startswith",)


@admin.register(RevokedSession)
class RevokedSessionAdmin(EvidenceAdmin):
    """Sessions that ended before their last access token."""

    list_display = ("sid", "user", "created_at", "expires_at")
    list_select_related = ("user",)
    list_filter = (("created_at", RangeDateTimeFilter),)
    search_fields = ("user__full_name__istartswith",)
