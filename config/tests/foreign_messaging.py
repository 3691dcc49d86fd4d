"""One of everything that messaging knows, of somebody who talks with somebody else."""

from typing import Any

from accounts.models import User
from accounts.tests.factories.people import UserFactory
from catalog.tests.factories.market import ProductFactory
from messaging.models import PushSubscription
from messaging.services.messages import post_message
from messaging.services.notifications import notify
from messaging.services.reports import make_report
from messaging.tests.factories.conversations import direct

BODIES: dict[str, dict[str, Any]] = {
    "conversations_open": {"kind": "direct"},
    "conversations_read": {"seq": 1},
    "messages_edit": {"content": "Mine now"},
    "messages_send": {"content": "Let me in"},
    "reports_create": {"target_type": "product", "reason": "scam"},
}


def messages_of(owner: User) -> dict[str, dict[str, Any]]:
    """Keys of what ``owner`` says and is told."""
    talk = direct(user=owner)
    message = post_message(conversation=talk, sender=owner, content="Between us")
    told = notify(
        user=owner, template="new_message", context={"name": "Aisha"}, dedupe_key="foreign hands"
    )
    browser = PushSubscription.objects.create(
        user=owner, endpoint="https://push.example.com/1", endpoint_hash=owner.pk.hex
    )
    report = make_report(
        reporter=owner, target_type="product", target_id=ProductFactory().pk, reason="scam"
    )
    return {
        "conversations/": {"id": talk.pk, "conversation_id": talk.pk},
        "messages/": {"id": message.pk},
        "notifications/": {"id": told and told.pk},
        "push-subscriptions/": {"id": browser.pk},
        "reports/": {"id": report.pk},
    }


def named_messages_of(owner: User) -> dict[str, Any]:
    """What bodies can name of messaging, by the names that they give it."""
    hidden = ProductFactory(draft=True, seller=owner)
    return {"product": hidden.pk, "subject": UserFactory().pk, "target_id": hidden.pk}
