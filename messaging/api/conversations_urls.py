"""Addresses of conversations and messages, below /api/v1/."""

from typing import Any

from django.urls import path
from rest_framework.routers import SimpleRouter

from messaging.api.views import conversations, messages

router = SimpleRouter(use_regex_path=False)
router.register("conversations", conversations.ConversationViewSet, basename="conversation")
router.register("messages", messages.MessageViewSet, basename="message")

SAID: dict[str, Any] = {"get": "list", "post": "create"}
FOUND: dict[str, Any] = {"get": "list"}

urlpatterns = [
    path(
        "conversations/search/",
        messages.MessageSearchViewSet.as_view(FOUND),
        name="conversation-search",
    ),
    path(
        "conversations/<uuid:conversation_id>/messages/",
        messages.ConversationMessagesViewSet.as_view(SAID),
        name="conversation-messages",
    ),
    *router.urls,
]
