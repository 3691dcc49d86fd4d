"""Filters of conversations and messages."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from config.shared.filter_fields import (
    BooleanFilter,
    CharFilter,
    ChoiceFilter,
    MomentFilter,
    NumberFilter,
    UUIDFilter,
)
from config.shared.filters import FilterSet
from messaging.choices import ConversationKind
from messaging.models import Conversation, Message

# No transaction lasts longer: what changed just before is told again rather than never.
OVERLAP = timedelta(seconds=30)
# Nothing was said before this; the calendar ends not much earlier.
FIRST_DAY = datetime(2000, 1, 1, tzinfo=UTC)
MOST_SEQ = 10**15


class ConversationFilter(FilterSet):
    """Conversations by kind and product, and by how the caller keeps them."""

    kind = ChoiceFilter(choices=ConversationKind.choices)
    product = UUIDFilter(field_name="product")
    is_archived = BooleanFilter(
        method="filter_archived", label="Those that the caller has put away, or has not."
    )
    unread = BooleanFilter(
        method="filter_unread", label="Those in which something waits to be read, or nothing does."
    )

    class Meta:
        model = Conversation
        fields: list[str] = []

    def filter_archived(self, queryset: Any, name: str, value: bool) -> QuerySet[Any]:
        kept: QuerySet[Any] = queryset.kept(self.request.user, archived=value)
        return kept

    def filter_unread(self, queryset: Any, name: str, value: bool) -> QuerySet[Any]:
        found: QuerySet[Any] = queryset.with_unread(self.request.user, unread=value)
        return found


class MessageFilter(FilterSet):
    """Messages by their place, and by when they were changed."""

    after_seq = NumberFilter(
        method="filter_after",
        max_value=MOST_SEQ,
        decimal_places=0,
        label="What was said after this place, the oldest first: the way to ask for news.",
    )
    before_seq = NumberFilter(
        method="filter_before",
        max_value=MOST_SEQ,
        decimal_places=0,
        label="What was said before this place, the newest first.",
    )
    changed_since = MomentFilter(
        method="filter_changed",
        label="What was edited or deleted since then; changes of the half minute before it may "
        "be told again.",
    )

    class Meta:
        model = Message
        fields: list[str] = []

    def filter_after(self, queryset: Any, name: str, value: Decimal) -> QuerySet[Any]:
        found: QuerySet[Any] = queryset.filter(seq__gt=int(value)).in_order()
        return found

    def filter_before(self, queryset: Any, name: str, value: Decimal) -> QuerySet[Any]:
        found: QuerySet[Any] = queryset.filter(seq__lt=int(value))
        return found

    def filter_changed(self, queryset: Any, name: str, value: datetime) -> QuerySet[Any]:
        since = max(value, FIRST_DAY) - OVERLAP
        found: QuerySet[Any] = queryset.filter(Q(edited_at__gte=since) | Q(deleted_at__gte=since))
        return found


class MessageSearchFilter(FilterSet):
    """Messages by their words."""

    q = CharFilter(
        method="filter_words",
        max_length=100,
        required=True,
        label='Words that must all occur; "so", in quotes, one after the other; -so not at all.',
    )
    conversation = UUIDFilter(field_name="conversation")

    class Meta:
        model = Message
        fields: list[str] = []

    def filter_words(self, queryset: Any, name: str, value: str) -> QuerySet[Any]:
        found: QuerySet[Any] = queryset.saying(value)
        return found
