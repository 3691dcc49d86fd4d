"""Conversations for tests, opened and filled by the services."""

from typing import Any

from accounts.models import User
from accounts.tests.factories.people import UserFactory
from catalog.tests.factories.market import ProductFactory
from messaging.models import Conversation, Message
from messaging.services.conversations import open_direct, open_product_conversation
from messaging.services.messages import post_message


def direct(user: User | None = None, other: User | None = None) -> Conversation:
    """A conversation between two people."""
    return open_direct(user=user or UserFactory(), other=other or UserFactory())


def about_product(buyer: User | None = None, **product: Any) -> Conversation:
    """A conversation between the buyer and the seller of a new product."""
    return open_product_conversation(
        product=ProductFactory(**product), buyer=buyer or UserFactory(), counted=False
    )


def say(conversation: Conversation, sender: User, *contents: str) -> list[Message]:
    """Messages of ``sender``, one after the other."""
    return [
        post_message(conversation=conversation, sender=sender, content=content)
        for content in contents
    ]


def people(conversation: Conversation) -> list[User]:
    """Who takes part; the buyer before the seller."""
    if conversation.buyer and conversation.seller:
        return [conversation.buyer, conversation.seller]
    return [place.user for place in conversation.participants.order_by("joined_at", "pk")]
