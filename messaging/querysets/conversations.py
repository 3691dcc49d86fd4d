"""Which conversations and messages somebody may see, and how they are loaded."""

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Exists, F, OuterRef, Q

from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from messaging.models import Conversation, Message, Participant


def _signed_in(user: Any) -> bool:
    return bool(getattr(user, "is_authenticated", False))


class ConversationQuerySet(VisibleQuerySet["Conversation"]):
    """Conversations."""

    def visible_to(self, user: Any) -> Self:
        """Those that ``user`` takes or took part in; staff see none but through a report."""
        if not _signed_in(user):
            return self.none()
        places = apps.get_model("messaging.Participant").objects
        return self.filter(Exists(places.filter(conversation=OuterRef("pk"), user=user)))


class ParticipantQuerySet(VisibleQuerySet["Participant"]):
    """Places in conversations."""

    def present(self) -> Self:
        """Those who have not left."""
        return self.filter(left_at__isnull=True)

    def visible_to(self, user: Any) -> Self:
        """Those of conversations that ``user`` takes or took part in."""
        if not _signed_in(user):
            return self.none()
        mine = apps.get_model("messaging.Participant").objects.filter(user=user)
        return self.filter(conversation__in=mine.order_by().values("conversation"))


class MessageQuerySet(VisibleQuerySet["Message"]):
    """Messages."""

    def visible_to(self, user: Any) -> Self:
        """Those of one's conversations, from when one joined until one left."""
        if not _signed_in(user):
            return self.none()
        mine = apps.get_model("messaging.Participant").objects.filter(
            Q(left_seq__isnull=True) | Q(left_seq__gte=OuterRef("seq")),
            conversation=OuterRef("conversation"),
            user=user,
            joined_seq__lt=OuterRef("seq"),
        )
        return self.filter(Exists(mine))

    def said(self) -> Self:
        """Those that still say something."""
        return self.filter(deleted_at__isnull=True)

    def in_order(self) -> Self:
        return self.order_by("seq", "pk")

    def latest_first(self) -> Self:
        return self.order_by(F("seq").desc(), "-pk")
