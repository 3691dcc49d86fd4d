"""What identity does in the background; each job calls one service."""

from uuid import UUID

from accounts.services import (
    erasure,
    exports,
    invitations,
    media,
    outbox,
    paper_reminders,
    upkeep,
    verification_papers,
)
from config.shared.jobs import job, periodic


@job(name=outbox.JOB, retries=outbox.TRIES + 4, backoff=5, priority=50)
def deliver_message(message_id: str) -> None:
    """Hand one e-mail or SMS over."""
    outbox.deliver(message_id=UUID(message_id))


@periodic("*/10 * * * *", name="accounts.forget_expired_messages")
def forget_expired_messages() -> None:
    """Forget the texts of messages that were never delivered."""
    outbox.forget_expired()


@periodic("41 2 * * *", name="accounts.delete_old_messages", retries=3)
def delete_old_messages() -> None:
    """Delete what was sent long ago, with the addresses."""
    outbox.delete_old()


@job(name=invitations.JOB, retries=5)
def deliver_invitation(
    organization_id: str, inviter_id: str, role: str, title: str, sealed_address: str
) -> None:
    """Offer the place to whoever has the address, if anybody has."""
    invitations.deliver_invitation(
        organization_id=UUID(organization_id),
        inviter_id=UUID(inviter_id),
        role=role,
        title=title,
        sealed_address=sealed_address,
    )


@periodic("11 * * * *", name="accounts.remind_of_expiring_papers", retries=3)
def remind_of_expiring_papers() -> None:
    """Tell contractors every hour, wherever it has become another day, what expires soon."""
    paper_reminders.remind_of_expiring_papers()


@periodic("23 1 * * *", name="accounts.purge_decided_papers", retries=3)
def purge_decided_papers() -> None:
    """Delete, every night, identity papers whose time after the decision is over."""
    verification_papers.purge_decided_papers()


@periodic("*/5 * * * *", name="accounts.finish_registrations", retries=2)
def finish_registrations() -> None:
    """Finish registrations that were cut short, and forget those that nobody proved."""
    upkeep.finish_registrations()


@periodic("53 * * * *", name="accounts.sweep_sign_in", retries=2)
def sweep_sign_in() -> None:
    """Delete codes, sessions and counters whose time is over."""
    upkeep.sweep()


@job(name=media.FORGET_JOB, retries=12, backoff=30)
def forget_media_contents(keys: list[str], folder: str) -> None:
    """Delete the contents of files that are gone."""
    media.forget_contents(keys=keys, folder=folder)


@periodic("23 * * * *", name="accounts.sweep_media", retries=3)
def sweep_media() -> None:
    """Delete files that were never completed, were rejected, or are past their time."""
    media.sweep()


@job(name=exports.JOB, retries=5, backoff=30)
def make_archive(media_id: str) -> None:
    """Put everything that is kept about a person into an archive."""
    exports.make_archive(media_id=UUID(media_id))


@job(name=erasure.JOB, retries=12, backoff=30)
def erase_person(request_id: str) -> None:
    """Erase a person whose day has come."""
    erasure.carry_out(request_id=UUID(request_id))


@periodic("37 * * * *", name="accounts.erase_due", retries=3)
def erase_due() -> None:
    """Erase those who were held or whose erasure was cut short."""
    erasure.erase_due()
