"""What people are told about their own account, on every channel they have proved."""

from typing import Any

from accounts.choices import MessageChannel
from accounts.models import User
from accounts.services import outbox


def tell(user: User, template: str, **context: Any) -> None:
    """Tell ``user`` by e-mail and SMS, where those are verified, in the open transaction.

    ``context`` holds what the template shows, never a code or a token.
    """
    if user.email and user.email_verified:
        tell_at(MessageChannel.EMAIL, user.email, template, user=user, **context)
    if user.phone_number and user.phone_verified:
        tell_at(MessageChannel.SMS, user.phone_number, template, user=user, **context)


def tell_at(
    channel: str, address: str, template: str, *, user: User | None, **context: Any
) -> None:
    """Tell one address: the old one, say, after a change."""
    send = outbox.send_sms if channel == MessageChannel.SMS else outbox.send_email
    send(to=address, template=template, context=context, user=user)
