"""Which conversations and messages somebody may see, and how they are loaded."""

from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.apps import apps
from django.contrib.postgres.search import SearchQuery
from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Now

from config.shared.querysets import VisibleQuerySet
from config.shared.search import CONFIGURATION
from messaging.choices import ConversationKind, ParticipantRole

if TYPE_CHECKING:
    from messaging.models import Conversation, Message, Participant, ReadMark

# More unread messages than this are not counted one by one.
MOST_UNREAD = 100
LAST = 2**63 - 1
NOBODY = UUID(int=0)

_team_audiences: list[str] = []


def register_team_audience(label: str) -> None:
    """Let the team of a builder see conversations about things of ``label`` that they see."""
    if label not in _team_audiences:
        _team_audiences.append(label)


class CappedCount(Subquery):
    """How many rows a (sliced) subquery has."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def _signed_in(user: Any) -> bool:
    return bool(getattr(user, "is_authenticated", False))


def _places() -> Any:
    return apps.get_model("messaging.Participant").objects


class ConversationQuerySet(VisibleQuerySet["Conversation"]):
    """Conversations."""

    def visible_to(self, user: Any) -> Self:
        """Those that ``user`` takes or took part in; staff see none but through a report."""
        if not _signed_in(user):
            return self.none()
        return self.filter(Exists(_places().seated(user).filter(conversation=OuterRef("pk"))))

    def kept(self, user: Any, *, archived: bool) -> Self:
        """Those that ``user`` has archived, or has not."""
        mine = _places().filter(conversation=OuterRef("pk"), user=user, is_archived=archived)
        return self.filter(Exists(mine))

    def with_unread(self, user: Any, *, unread: bool) -> Self:
        """Those in which something waits to be read by ``user``, or nothing does."""
        waiting = _places().filter(conversation=OuterRef("pk"), user=user).with_news()
        return self.filter(Exists(waiting) if unread else ~Exists(waiting))

    def unanswered(self) -> Self:
        """Questions to the staff in which the last word is not theirs."""
        asker = _places().filter(
            conversation=OuterRef("pk"),
            user=OuterRef("last_message__sender"),
            role=ParticipantRole.MEMBER,
        )
        return self.filter(Exists(asker), kind=ConversationKind.SUPPORT, is_closed=False)

    def with_page(self) -> Self:
        """Everything that a list shows: the people, what waits for each, the last message."""
        message = apps.get_model("messaging.Message").objects.with_page()
        people = _places().select_related("user__avatar").with_unread_count().with_silence()
        pictures = apps.get_model("catalog.ProductImage").objects.select_related("media")
        return self.select_related("product").prefetch_related(
            Prefetch("last_message", message),
            Prefetch("participants", people.order_by("joined_at", "pk"), to_attr="places"),
            Prefetch("product__pictures", pictures.order_by("position", "pk")),
        )


class ParticipantQuerySet(VisibleQuerySet["Participant"]):
    """Places in conversations."""

    def present(self) -> Self:
        """Those who have not left."""
        return self.filter(left_at__isnull=True)

    def seated(self, user: Any) -> Self:
        """The places of ``user``: on a builder's team only with what the team may see, as staff
        only for those who answer for them."""
        seat = ~Q(role__in=[ParticipantRole.TEAM, ParticipantRole.STAFF])
        if user.is_staff and user.has_perm("messaging.answer_support"):
            seat |= Q(role=ParticipantRole.STAFF)
        for label in _team_audiences:
            manager: Any = apps.get_model(label)._default_manager
            things = manager.visible_to(user).order_by().values("pk")
            seat |= Q(conversation__subject_type=label, conversation__subject_id__in=things)
        return self.filter(seat, user=user)

    def visible_to(self, user: Any) -> Self:
        """Those of conversations that ``user`` takes or took part in."""
        if not _signed_in(user):
            return self.none()
        mine = _places().seated(user)
        return self.filter(conversation__in=mine.order_by().values("conversation"))

    def with_unread_count(self) -> Self:
        """How many messages of others each has not read, counted as far as a hundred."""
        news = _news().values("pk")[:MOST_UNREAD]
        return self.annotate(unread_count=CappedCount(news))

    def with_silence(self) -> Self:
        """Until when each wants to be told nothing, where that time is still to come."""
        ahead = When(muted_until__gt=Now(), then=F("muted_until"))
        return self.annotate(silent_until=Case(ahead, output_field=DateTimeField()))

    def with_news(self) -> Self:
        """Those who have something to read."""
        return self.filter(Exists(_news()))


class MessageQuerySet(VisibleQuerySet["Message"]):
    """Messages."""

    def visible_to(self, user: Any) -> Self:
        """Those of one's conversations, from when one joined until one left."""
        if not _signed_in(user):
            return self.none()
        mine = (
            _places()
            .seated(user)
            .filter(
                Q(left_seq__isnull=True) | Q(left_seq__gte=OuterRef("seq")),
                conversation=OuterRef("conversation"),
                joined_seq__lt=OuterRef("seq"),
            )
        )
        return self.filter(Exists(mine))

    def opened_by(self, user: Any) -> Self:
        """Those whose pictures ``user`` may open: what they see, and as staff what was reported."""
        seen = self.visible_to(user)
        if not (_signed_in(user) and user.is_staff and user.has_perm("messaging.decide_report")):
            return seen
        reports: Any = apps.get_model("messaging.Report").objects
        reported = reports.order_by().values("target_id")
        return self.filter(Q(pk__in=seen.order_by().values("pk")) | Q(pk__in=reported))

    def said(self) -> Self:
        """Those that still say something."""
        return self.filter(deleted_at__isnull=True)

    def saying(self, words: str) -> Self:
        """Those that have ``words``, as people write them into a search box."""
        query = SearchQuery(words, config=CONFIGURATION, search_type="websearch")
        return self.said().filter(words=query)

    def in_order(self) -> Self:
        return self.order_by("seq", "pk")

    def latest_first(self) -> Self:
        return self.order_by(F("seq").desc(), "-pk")

    def with_page(self) -> Self:
        """The sender, the pictures, and whether and when it was read."""
        not_the_sender = ~Q(user=Coalesce(OuterRef("sender"), Value(NOBODY)))
        seen = Q(not_the_sender, conversation=OuterRef("conversation"))
        readers = _places().filter(seen, last_read_seq__gte=OuterRef("seq"))
        marks: Any = apps.get_model("messaging.ReadMark").objects
        first = marks.filter(seen, seq__gte=OuterRef("seq")).order_by("seq").values("at")[:1]
        return (
            self.select_related("sender__avatar")
            .prefetch_related("images")
            .annotate(is_read=Exists(readers), read_at=Subquery(first))
        )


class ReadMarkQuerySet(VisibleQuerySet["ReadMark"]):
    """When somebody had read how far."""

    def visible_to(self, user: Any) -> Self:
        """One's own; others see of it when their messages were read."""
        return self.filter(user=user) if _signed_in(user) else self.none()


def _news() -> QuerySet[Any]:
    """What a place (of the outer query) has before it: said by others and not deleted."""
    messages: Any = apps.get_model("messaging.Message").objects
    return messages.said().filter(
        ~Q(sender=OuterRef("user")),
        conversation=OuterRef("conversation"),
        seq__gt=OuterRef("last_read_seq"),
        seq__lte=Coalesce(OuterRef("left_seq"), Value(LAST)),
    )
