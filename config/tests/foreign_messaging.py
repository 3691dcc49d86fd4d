"""One of everything that messaging knows, of somebody who talks with somebody else."""

from typing import Any

from accounts.models import User
from accounts.tests.factories.people import UserFactory
from catalog.tests.factories.market import ProductFactory
from messaging.services.messages import post_message
from messaging.tests.factories.conversations import direct

BODIES: dict[str, dict[str, Any]] = {
    "conversations_open": {"kind": "direct"},
    "conversations_read": {"seq": 1},
    "messages_edit": {"content": "Mine now"},
    "messages_send": {"content": "Let me in"},
}


def messages_of(owner: User) -> dict[str, dict[str, Any]]:
    """Keys of what ``owner`` says and is told."""
    talk = direct(user=owner)
    message = post_message(conversation=talk, sender=owner, content="Between us")
    return {
        "conversations/": {"id": talk.pk, "conversation_id": talk.pk},
        "messages/": {"id": message.pk},
    }


def named_messages_of(owner: User) -> dict[str, Any]:
    """What bodies can name of messaging, by the names that they give it."""
    hidden = ProductFactory(draft=True, seller=owner)
    return {"product": hidden.pk, "subject": UserFactory().pk}
