"""What the demo has lately sent: codes in every state, and the messages that carried them."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from accounts.choices import CodePurpose, CodeState, MessageChannel, OutgoingStatus
from accounts.credentials.models import OneTimeCode
from accounts.models import OutgoingMessage, User
from accounts.services.identifiers import Contact, email_contact, phone_contact
from config.shared.seeding import Seed

CODE_SECONDS = 300
# Who was sent a code, for what, by which channel, how many hours ago, and what became of it.
CODES = (
    ("layla", CodePurpose.LOGIN, MessageChannel.SMS, 2, CodeState.USED),
    ("priya", CodePurpose.LOGIN, MessageChannel.SMS, 3, CodeState.USED),
    ("arjun", CodePurpose.VERIFICATION, MessageChannel.EMAIL, 5, CodeState.USED),
    ("yusuf", CodePurpose.LOGIN, MessageChannel.SMS, 6, CodeState.SUPERSEDED),
    ("george", CodePurpose.STEP_UP, MessageChannel.SMS, 8, CodeState.DEAD),
    ("noor", CodePurpose.REGISTRATION, MessageChannel.SMS, 20, CodeState.EXPIRED),
    ("elena", CodePurpose.LOGIN, MessageChannel.EMAIL, 21, CodeState.USED),
)
# Who was told what, by which channel, how many hours ago, and why it did not arrive.
MESSAGES = (
    ("bilal", "paper_expires", MessageChannel.EMAIL, 30, ""),
    ("george", "paper_expires", MessageChannel.EMAIL, 12 * 24, ""),
    ("elena", "verification_decided", MessageChannel.EMAIL, 18 * 24, ""),
    ("viktor", "account_suspended", MessageChannel.EMAIL, 40 * 24, ""),
    ("farhan", "new_sign_in", MessageChannel.EMAIL, 50, "The mailbox is full."),
)


def codes_and_messages(
    seed: Seed, named: Mapping[str, User]
) -> Iterator[OneTimeCode | OutgoingMessage]:
    """The rows of ``CODES`` and ``MESSAGES``; of a code nothing is kept that would open it."""
    for handle, purpose, channel, hours, state in CODES:
        yield code(seed, named[handle], purpose, channel, hours=hours, state=state)
        yield message(seed, named[handle], "code", channel, hours=hours)
    for handle, template, channel, hours, error in MESSAGES:
        yield message(seed, named[handle], template, channel, hours=hours, error=error)


def contact_of(user: User, channel: MessageChannel) -> Contact:
    """Where ``user`` is reached by ``channel``."""
    if channel == MessageChannel.SMS:
        return phone_contact(str(user.phone_number))
    return email_contact(str(user.email))


def code(
    seed: Seed,
    user: User,
    purpose: CodePurpose,
    channel: MessageChannel,
    *,
    hours: float,
    state: CodeState,
) -> OneTimeCode:
    """A code in ``state``; nobody knows what it was."""
    contact, at = contact_of(user, channel), seed.ago(hours=hours)
    used = state == CodeState.USED
    return OneTimeCode(
        id=seed.key("code", user.pk, purpose),
        user_id=user.pk,
        identifier=contact.value,
        identifier_mac=contact.mac,
        identifier_hint=contact.hint,
        channel=channel,
        code_hash=f"demo${seed.random('code', user.pk, purpose).randbytes(32).hex()}",
        purpose=purpose,
        attempts={CodeState.USED: 1, CodeState.DEAD: 3}.get(state, 0),
        is_used=used,
        is_verified=used,
        verified_at=at + timedelta(seconds=40) if used else None,
        superseded_at=at + timedelta(seconds=90) if state == CodeState.SUPERSEDED else None,
        created_at=at,
        expires_at=at + timedelta(seconds=CODE_SECONDS),
        requested_ip_prefix="192.0.2.0/24",
    )


def message(
    seed: Seed,
    user: User,
    template: str,
    channel: MessageChannel,
    *,
    hours: float,
    error: str = "",
) -> OutgoingMessage:
    """A message that was delivered or, where there is an ``error``, was not."""
    contact, at = contact_of(user, channel), seed.ago(hours=hours)
    columns: dict[str, Any] = {"status": OutgoingStatus.FAILED, "attempts": 8, "error": error}
    if not error:
        sent_at = at + timedelta(seconds=2)
        columns = {"status": OutgoingStatus.SENT, "attempts": 1, "sent_at": sent_at}
    return OutgoingMessage(
        id=seed.key("message", user.pk, template),
        user=user,
        channel=channel,
        to=contact.value,
        to_hint=contact.hint,
        template=template,
        created_at=at,
        expires_at=at + timedelta(days=1),
        **columns,
    )
