"""Codes that wrong guesses have stopped, freed by staff once they know who asks."""

from django.db import transaction

from accounts.credentials.models import FailureCounter
from accounts.exceptions import NothingStoppedError, OwnRequestError
from accounts.models import User
from accounts.services import code_limits, failures, identifiers
from accounts.services.outage import needs_credentials
from config.shared import audit
from config.shared.errors import InvalidInputError, NotAllowedError

PERMISSION = "accounts.free_codes"
PREFIX = code_limits.failures_key("")


@needs_credentials
def free_codes(*, user: User, actor: User, reason: str) -> None:
    """Let codes be sent to ``user`` and tried again, on every contact that they have proved.

    For staff with ``free_codes``; never for oneself. A contact that is merely claimed stays as it
    is: it may be somebody else's. Raises ``NotAllowedError``, ``OwnRequestError``,
    ``InvalidInputError`` without a reason, ``NothingStoppedError``.
    """
    _check(actor, reason)
    if user.pk == actor.pk:
        raise OwnRequestError
    contacts = identifiers.contacts_of(user)
    stopped = [found for found in contacts if _failures(found.mac)]
    if not stopped:
        raise NothingStoppedError
    with transaction.atomic(durable=True):
        audit.record(
            "accounts.user.codes_freed",
            target=user,
            actor=actor,
            after={"channels": sorted(found.channel for found in stopped)},
            reason=reason,
        )
    code_limits.forget_failures(*(found.mac for found in stopped))


@needs_credentials
def free_counter(*, counter: FailureCounter, actor: User, reason: str) -> None:
    """Free the contact behind ``counter``, which may belong to no account.

    Raises what ``free_codes`` raises, and ``NotAllowedError`` for a counter of wrong passwords:
    a password that was stopped is replaced by its owner.
    """
    _check(actor, reason)
    if not is_of_codes(counter):
        raise NotAllowedError("Only codes are freed: a stopped password is reset by its owner.")
    mac = counter.key.removeprefix(PREFIX)
    if mac in {found.mac for found in identifiers.contacts_of(actor)}:
        raise OwnRequestError
    if not _failures(mac):
        raise NothingStoppedError
    with transaction.atomic(durable=True):
        audit.record(
            "accounts.codes.freed",
            target=counter,
            actor=actor,
            before={"failures": counter.failures},
            reason=reason,
        )
    code_limits.forget_failures(mac)


def is_of_codes(counter: FailureCounter) -> bool:
    """Whether wrong codes are counted there, and not wrong passwords."""
    return counter.key.startswith(PREFIX)


def _failures(mac: str) -> int:
    count, _ = failures.state(code_limits.failures_key(mac))
    return count


def _check(actor: User, reason: str) -> None:
    if not (actor.is_active and actor.is_staff and actor.has_perm(PERMISSION)):
        raise NotAllowedError
    if not reason.strip():
        raise InvalidInputError.at("/reason", "required", "Say why.")
