from typing import Any

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """What people say to each other and what Courtyard tells them."""

    name = "messaging"
    verbose_name = "Messaging"

    def ready(self) -> None:
        from accounts.querysets.media import register_audience
        from accounts.services.outbox_hooks import register_messenger
        from config.shared.health import register_look
        from config.shared.locks import register_rank
        from config.shared.realtime import register_carrier
        from messaging.services import (  # noqa: F401 - they declare settings and erasers
            account_messages,
            conversation_data,
            digests,
            live_data,
            message_notices,
            messaging_settings,
            personal_data,
            report_data,
            report_notices,
            report_targets,
            stream_messages,
        )
        from messaging.services.carrier import DatabaseCarrier
        from messaging.services.deliveries import note_result
        from messaging.services.unsubscribing import link_for, still_wanted
        from messaging.sockets.report import look_at_realtime

        for rank, label in enumerate(RANKED, 200):
            register_rank(f"messaging.{label}", rank * 10)
        register_audience("messaging.message", opens_messages)
        register_carrier(DatabaseCarrier())
        register_look("realtime", look_at_realtime)
        register_messenger(result=note_result, wanted=still_wanted, unsubscribe_link=link_for)


def opens_messages(user: Any) -> Any:
    """The messages whose pictures ``user`` may open."""
    from messaging.models import Message

    return Message.objects.opened_by(user)


# In the order in which they are locked.
RANKED = (
    "conversation",
    "participant",
    "message",
    "report",
    "notification",
    "notificationpreference",
    "notificationschedule",
    "pushsubscription",
    "delivery",
)
