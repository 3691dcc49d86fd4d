"""Messages: what is said in a conversation, and finding it again."""

from typing import Any
from uuid import UUID

from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.callers import caller_of
from config.shared.operations import documented
from config.shared.pagination import CursorPagination
from config.shared.permissions import IsSignedIn
from config.shared.viewsets import ViewSet
from messaging.api import conversation_examples as examples
from messaging.api.filters.conversations import MessageFilter, MessageSearchFilter
from messaging.api.serializers.messages import EditSerializer, MessageSerializer, SendSerializer
from messaging.models import Conversation, Message
from messaging.services.message_changes import delete_message, edit_message
from messaging.services.messages import send_message


class MessagesViewSet(ViewSet):
    """What was said, as far as the caller may see it."""

    queryset = Message.objects.none()
    serializer_class = MessageSerializer
    permission_classes = [IsSignedIn]
    pagination_class = CursorPagination
    tag = "messages"

    def get_queryset(self) -> Any:
        return Message.objects.visible_to(self.request.user).with_page().latest_first()

    def shown(self, message: Message, *, status: int = 200) -> Response:
        """``message`` as the caller sees it now."""
        return self.answer(get_object_or_404(self.get_queryset(), pk=message.pk), status=status)


class ConversationMessagesViewSet(MessagesViewSet):
    """What was said in one conversation."""

    filterset_class = MessageFilter

    def conversation(self) -> Conversation:
        """The conversation that the path names, if the caller takes or took part in it."""
        mine = Conversation.objects.visible_to(self.request.user)
        return get_object_or_404(mine, pk=self.kwargs["conversation_id"])

    @documented(summary="List the messages of a conversation", operation_id="messages_list")
    def list(self, request: Request, conversation_id: UUID) -> Response:
        """What was said, the newest first; each message has its place (`seq`) for good.

        `after_seq` asks for what is new, the oldest first, and leaves nothing out: places have no
        gaps. What was changed or deleted since is found by `changed_since`.
        """
        return self.listed(self.get_queryset().filter(conversation=self.conversation()))

    @documented(
        takes=SendSerializer,
        operation_id="messages_send",
        summary="Send a message",
        status=201,
        stepwise=True,
        example=examples.SEND,
        answer=examples.SENT,
    )
    def create(self, request: Request, conversation_id: UUID) -> Response:
        """Send a text, up to ten pictures, or both.

        A retry with the same `client_id` and content gives the first message (200) instead of a
        second; with other content it is a 409. Contact details that come before a deal are flagged
        to both sides, and left as they are. So many messages a minute are sent; then a 429 says
        when to go on. A closed conversation takes none (409), nor does whoever blocks you (403).
        """
        sent = send_message(
            conversation=self.conversation(), sender=caller_of(request), **self.validated()
        )
        return self.shown(sent.message, status=201 if sent.is_new else 200)


class MessageViewSet(MessagesViewSet):
    """One message."""

    @documented(summary="Get a message", answer=examples.MESSAGE)
    def retrieve(self, request: Request, pk: UUID) -> Response:
        """A message, for clients that were told of it live."""
        return self.answer(self.get_object())

    @documented(
        takes=EditSerializer,
        operation_id="messages_edit",
        summary="Change a message",
        example=examples.EDIT,
        answer=examples.EDITED,
    )
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what one said, within some minutes; everybody sees that it was changed."""
        message, actor = self.get_object(), caller_of(request)
        return self.shown(edit_message(message=message, actor=actor, **self.validated()))

    @documented(operation_id="messages_delete", summary="Delete a message", nothing=True)
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Take back what one said, with its pictures. Its place stays, and says nothing."""
        delete_message(message=self.get_object(), actor=caller_of(request))
        return self.answer()


class MessageSearchViewSet(MessagesViewSet):
    """Messages in the caller's conversations, by their words."""

    filterset_class = MessageSearchFilter

    def get_queryset(self) -> Any:
        return super().get_queryset().order_by("-created_at", "-pk")

    @documented(summary="Search your conversations", operation_id="messages_search")
    def list(self, request: Request) -> Response:
        """What was said with these words in the caller's own conversations, the newest first."""
        return self.listed(self.get_queryset())
