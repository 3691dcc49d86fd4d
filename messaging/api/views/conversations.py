"""Conversations: opening them, and how one keeps them."""

from typing import Any
from uuid import UUID

from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from config.shared.operations import documented
from config.shared.pagination import CursorPagination
from config.shared.parameters import refuse_unknown
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import ReadOnlyViewSet
from messaging.api import conversation_examples as examples
from messaging.api.filters.conversations import ConversationFilter
from messaging.api.serializers.conversations import (
    ConversationSerializer,
    MuteSerializer,
    OpenSerializer,
    ReadSerializer,
    UnreadSerializer,
)
from messaging.models import Conversation
from messaging.services import reading
from messaging.services.conversations import open_conversation
from messaging.services.inbox import what_waits
from messaging.services.presence import tell_typing


class ConversationViewSet(ReadOnlyViewSet):
    """The caller's conversations; nobody sees those of others."""

    queryset = Conversation.objects.none()
    serializer_class = ConversationSerializer
    permission_classes = [IsSignedIn]
    pagination_class = CursorPagination
    filterset_class = ConversationFilter
    ordering = ["-last_message_at"]
    tag = "conversations"

    def get_queryset(self) -> Any:
        return Conversation.objects.visible_to(self.request.user).with_page()

    def shown(self, conversation: Conversation) -> Response:
        """``conversation`` as the caller keeps it now."""
        return self.answer(get_object_or_404(self.get_queryset(), pk=conversation.pk))

    @documented(summary="List your conversations")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The caller's conversations, the one with the newest message first.

        Those that were put away are among them: `is_archived=false` leaves them out.
        """
        return super().list(request)

    @documented(summary="Get a conversation", answer=examples.CONVERSATION)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A conversation with its people, its last message and what waits to be read."""
        return super().retrieve(request)

    @documented(
        takes=OpenSerializer,
        operation_id="conversations_open",
        summary="Open a conversation",
        stepwise=True,
        example=examples.OPEN,
        answer=examples.CONVERSATION,
    )
    def create(self, request: Request) -> Response:
        """Open a conversation, or find the one that there is.

        There is one for each pair of people, each product and buyer, each booking and each
        appointment, and one with the staff. So many new ones an hour are opened; then a 429 says
        when the next may be. Where either has blocked the other there is none to be opened: 404.
        """
        opened = open_conversation(actor=caller_of(request), **self.validated())
        return self.shown(opened)

    @action(detail=True, methods=["post"])
    @documented(answer=examples.ARCHIVED)
    def archive(self, request: Request, pk: UUID) -> Response:
        """Put a conversation away, until something new is said in it. The others do not notice."""
        conversation = self.get_object()
        reading.archive(conversation=conversation, user=caller_of(request))
        return self.shown(conversation)

    @action(detail=True, methods=["post"])
    @documented(answer=examples.CONVERSATION)
    def unarchive(self, request: Request, pk: UUID) -> Response:
        """Take a conversation out again."""
        conversation = self.get_object()
        reading.unarchive(conversation=conversation, user=caller_of(request))
        return self.shown(conversation)

    @action(detail=True, methods=["post"])
    @documented(takes=MuteSerializer, example=examples.MUTE, answer=examples.MUTED)
    def mute(self, request: Request, pk: UUID) -> Response:
        """Get no notifications of a conversation, for so many hours or for ever.

        Its messages still come, and are counted as unread.
        """
        conversation = self.get_object()
        reading.mute(conversation=conversation, user=caller_of(request), **self.validated())
        return self.shown(conversation)

    @action(detail=True, methods=["post"])
    @documented(answer=examples.CONVERSATION)
    def unmute(self, request: Request, pk: UUID) -> Response:
        """Get notifications of a conversation again."""
        conversation = self.get_object()
        reading.unmute(conversation=conversation, user=caller_of(request))
        return self.shown(conversation)

    @action(detail=True, methods=["post"])
    @documented(takes=ReadSerializer, example=examples.READ, answer=examples.HAS_READ)
    def read(self, request: Request, pk: UUID) -> Response:
        """Say how far one has read.

        It never goes back, and never beyond the last message. The others are told.
        """
        conversation = self.get_object()
        reading.mark_read(conversation=conversation, user=caller_of(request), **self.validated())
        return self.shown(conversation)

    @action(detail=True, methods=["post"])
    @documented(nothing=True, idempotency="exempt")
    def typing(self, request: Request, pk: UUID) -> Response:
        """Let the others see that one is typing, every few seconds while one does.

        It is told to whoever follows the conversation live, and kept nowhere.
        """
        tell_typing(conversation=self.get_object(), user=caller_of(request))
        return self.answer()

    @action(detail=False, methods=["get"])
    @documented(gives=UnreadSerializer, summary="Count what is unread", answer=examples.UNREAD)
    def unread(self, request: Request) -> Response:
        """In how many conversations something waits to be read, and how many messages in all."""
        refuse_unknown(request, (), ())
        return self.answer(what_waits(user=caller_of(request)))
