"""Proof of a phone number or e-mail address: noted on the account, taken from mere claimants."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models.functions import Now

from accounts.exceptions import WrongCodeError
from accounts.models import User
from accounts.services import identifiers, notices
from accounts.services.identifiers import Contact
from config.shared import audit
from config.shared.locks import lock


def confirm(*, user: User, contact: Contact) -> User:
    """Note that ``user`` has proved the contact that stands on their account.

    Raises ``WrongCodeError`` for somebody who has been forgotten meanwhile.
    """
    if getattr(user, _column(contact)):
        return user
    with transaction.atomic(durable=True):
        (user,) = lock(user)
        if user.anonymised_at is not None:
            raise WrongCodeError("This code is no longer valid: ask for a new one.")
        note(user, contact)
    return user


def lock_with_claimants(user: User, contact: Contact) -> tuple[User, list[User]]:
    """Lock ``user``, and whoever claims the e-mail address in ``contact`` without proof."""
    claimants: list[User] = []
    if not contact.is_phone:
        others = identifiers.claimants_of(contact.value).exclude(pk=user.pk)
        claimants = list(others.filter(email_verified=False))
    locked = lock(user, *claimants)
    return locked[0], list(locked[1:])


def note(user: User, contact: Contact, *, claimants: Iterable[User] = ()) -> None:
    """Put ``contact`` on the locked ``user`` as verified; ``claimants``, also locked, lose it."""
    for other in claimants:
        _end_claim(other, contact, prover=user)
    column = "phone_number" if contact.is_phone else "email"
    changes = {column: contact.value, _column(contact): True}
    User.objects.filter(pk=user.pk).update(**changes, updated_at=Now())
    for name, value in changes.items():
        setattr(user, name, value)
    audit.record(
        "accounts.user.contact_verified",
        target=user,
        actor=user,
        after={"channel": contact.channel},
    )


def _end_claim(other: User, contact: Contact, *, prover: User) -> None:
    claim = User.objects.filter(pk=other.pk, email=other.email, email_verified=False)
    if other.email is None or not claim.update(email=None, updated_at=Now()):
        return
    audit.record(
        "accounts.user.email_claim_ended",
        target=other,
        actor=prover,
        reason="Somebody else proved the address.",
    )
    notices.tell(other, "security_changed", what="email_claim_ended")


def _column(contact: Contact) -> str:
    return "phone_verified" if contact.is_phone else "email_verified"
