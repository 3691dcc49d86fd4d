"""The messages that carry codes and links. They are queued in the open transaction."""

from urllib.parse import quote

from django.conf import settings

from accounts.choices import CodePurpose
from accounts.models import User
from accounts.services.codes import Issued
from accounts.services.identifiers import Contact
from accounts.services.notices import tell_at

RESET_PATH = "/reset-password/"


def send_code(issued: Issued, *, contact: Contact, purpose: CodePurpose, user: User | None) -> None:
    """Send a code to where it was made for."""
    tell_at(
        contact.channel,
        contact.value,
        "code",
        user=user,
        purpose=purpose,
        code=issued.secret,
        minutes=_minutes(issued.expires_in),
    )


def send_no_account(*, contact: Contact) -> None:
    """Say that nobody is registered there, in place of the code that an account would get.

    An unknown contact is sent a message as a known one is: so both cost the same work and time,
    and honest people learn that they mistyped or never registered. The limits are the same too.
    """
    tell_at(contact.channel, contact.value, "no_account", user=None)


def send_reset_link(issued: Issued, *, contact: Contact, user: User) -> None:
    """Send the link that leads to a new password.

    The token stands behind ``#``, which browsers send to no server and in no Referer header.
    """
    token = quote(reset_token(issued), safe="")
    tell_at(
        contact.channel,
        contact.value,
        "password_reset",
        user=user,
        link_path=f"{RESET_PATH}#token={token}",
        minutes=_minutes(settings.RESET_LINK_SECONDS),
    )


def reset_token(issued: Issued) -> str:
    """The challenge and its secret in one word."""
    return f"{issued.challenge_id.hex}.{issued.secret}"


def _minutes(seconds: int) -> int:
    return max(1, seconds // 60)
