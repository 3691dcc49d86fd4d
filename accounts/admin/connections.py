"""Who follows whom, and who has shut whom out."""

from django.contrib import admin
from unfold.contrib.filters.admin import RangeDateTimeFilter

from accounts.models import Block, Follow
from config.shared.admin import EvidenceAdmin


@admin.register(Follow)
class FollowAdmin(EvidenceAdmin):
    """Follows."""

    list_display = ("follower", "followed", "created_at")
    list_select_related = ("follower", "followed")
    list_filter = (("created_at", RangeDateTimeFilter),)
    search_fields = ("follower__full_name__istartswith", "followed__full_name__istartswith")
    date_hierarchy = "created_at"


@admin.register(Block)
class BlockAdmin(EvidenceAdmin):
    """Blocks."""

    list_display = ("blocker", "blocked", "created_at")
    list_select_related = ("blocker", "blocked")
    list_filter = (("created_at", RangeDateTimeFilter),)
    search_fields = ("blocker__full_name__istartswith", "blocked__full_name__istartswith")
    date_hierarchy = "created_at"
