"""The back office's pages of conversations: who talks, never what is said."""

from django.contrib import admin
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
)

from config.shared.admin import EvidenceAdmin, ReadOnlyInline
from messaging.models import Conversation, Message, Participant, ReadMark


class ParticipantInline(ReadOnlyInline):
    """Who takes part."""

    model = Participant
    fields = ("user", "role", "joined_at", "left_at")


@admin.register(Conversation)
class ConversationAdmin(EvidenceAdmin):
    """Conversations: between whom and about what."""

    list_display = ("id", "kind", "product", "last_seq", "is_closed", "last_message_at")
    list_select_related = ("product",)
    list_filter = (
        ("kind", ChoicesDropdownFilter),
        ("is_closed", BooleanRadioFilter),
        ("last_message_at", RangeDateTimeFilter),
    )
    search_fields = (
        "=id",
        "product__title__istartswith",
        "participants__user__full_name__istartswith",
    )
    date_hierarchy = "last_message_at"
    exclude = ("last_message",)
    inlines = (ParticipantInline,)


@admin.register(Participant)
class ParticipantAdmin(EvidenceAdmin):
    """Places in conversations."""

    list_display = ("user", "conversation", "role", "joined_at", "left_at")
    list_select_related = ("user", "conversation")
    list_filter = (
        ("user", AutocompleteSelectFilter),
        ("role", ChoicesDropdownFilter),
        ("joined_at", RangeDateTimeFilter),
    )
    search_fields = ("user__full_name__istartswith", "=conversation__id")
    date_hierarchy = "joined_at"


@admin.register(Message)
class MessageAdmin(EvidenceAdmin):
    """Messages: when and by whom; what they say is read through a report alone."""

    list_display = ("id", "conversation", "seq", "sender", "message_type", "created_at")
    list_select_related = ("conversation", "sender")
    list_filter = (
        ("message_type", ChoicesDropdownFilter),
        ("sender", AutocompleteSelectFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("=id", "=conversation__id")
    date_hierarchy = "created_at"
    fields = (
        "id",
        "conversation",
        "seq",
        "sender",
        "message_type",
        "flags",
        "created_at",
        "edited_at",
        "deleted_at",
        "removed_by",
    )


@admin.register(ReadMark)
class ReadMarkAdmin(EvidenceAdmin):
    """When somebody had read how far."""

    list_display = ("user", "conversation", "seq", "at")
    list_select_related = ("user", "conversation")
    list_filter = (("user", AutocompleteSelectFilter), ("at", RangeDateTimeFilter))
    search_fields = ("user__full_name__istartswith", "=conversation__id")
    date_hierarchy = "at"
