"""The back office's pages of conversations: who talks, never what is said."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
)
from unfold.decorators import display

from config.shared.admin import EvidenceAdmin, ReadOnlyInline, Table
from messaging.admin.conversation_acts import ConversationActs
from messaging.choices import ConversationKind
from messaging.models import Conversation, Message, Participant, ReadMark
from messaging.services.support import said_in_support

MOMENT = "%Y-%m-%d %H:%M"


class ParticipantInline(ReadOnlyInline):
    """Who takes part."""

    model = Participant
    fields = ("user", "role", "joined_at", "left_at")


class AnsweredFilter(SimpleListFilter):
    """Questions to the staff that nobody has answered."""

    title = "answer"
    parameter_name = "answer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "Waiting for the staff")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.unanswered() if self.value() == "waiting" else queryset


@admin.register(Conversation)
class ConversationAdmin(ConversationActs):
    """Conversations: between whom and about what. What is said is read where the staff were asked,
    and through a report."""

    list_display = ("kind", "people", "product", "last_seq", "is_closed", "last_message_at")
    list_select_related = ("product",)
    list_filter = (
        AnsweredFilter,
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
    fields = (
        "kind",
        "people",
        "product",
        "subject_type",
        "subject_id",
        "buyer",
        "seller",
        "is_closed",
        "last_seq",
        "last_message_at",
        "created_at",
        "said",
    )
    readonly_fields = fields
    inlines = (ParticipantInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        """All for those who look after the site; else what people ask the staff."""
        rows = super().get_queryset(request).prefetch_related("participants__user")
        if request.user.has_perm("messaging.view_participant"):
            return rows
        return rows.filter(kind=ConversationKind.SUPPORT)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What was said, only where the staff were asked, and for those who answer."""
        asked = obj is not None and obj.kind == ConversationKind.SUPPORT
        if asked and request.user.has_perm("messaging.answer_support"):
            return self.fields
        return [name for name in self.fields if name != "said"]

    @display(description="People")
    def people(self, obj: Conversation) -> str:
        return ", ".join(str(place.user) for place in obj.participants.all())

    @display(description="What was said")
    def said(self, obj: Conversation) -> SafeString:
        table = Table("By", "Said", "At", "Changed")
        return table.render(
            (
                (
                    row.sender or "Courtyard",
                    "(deleted)" if row.deleted_at else row.content,
                    row.created_at.strftime(MOMENT),
                    row.edited_at.strftime(MOMENT) if row.edited_at else "",
                )
                for row in said_in_support(conversation=obj)
            ),
            empty="Nothing was said yet.",
        )


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
