"""A new phone number or e-mail address: a fresh sign-in, a code there, and word to the old one."""

from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.choices import CodePurpose, SessionEnd, UserStatus
from accounts.exceptions import ContactTakenError
from accounts.models import User
from accounts.services import codes, identifiers, notices, proved, sessions, step_up
from accounts.services.code_messages import send_code
from accounts.services.codes import Issued, Proof
from accounts.services.identifiers import Contact
from accounts.services.outage import needs_credentials
from accounts.services.passwords import renew_tokens
from accounts.services.step_up import Caller
from accounts.services.tokens import TokenPair
from config.shared import audit
from config.shared.database_problems import sqlstate
from config.shared.errors import InvalidInputError

CREDENTIALS = "credentials"
UNIQUE_VIOLATION = "23505"


@needs_credentials
def ask_to_change(caller: Caller, *, contact: Contact) -> Issued:
    """Send a code to the new ``contact``, whoever has it: nothing is told before it is proved.

    Raises ``FreshSignInRequiredError``, ``InvalidInputError`` for a contact that is the present
    one, and what ``codes.issue`` raises.
    """
    step_up.require_fresh(caller)
    if contact in identifiers.contacts_of(caller.user):
        pointer = "/phone_number" if contact.is_phone else "/email"
        raise InvalidInputError.at(pointer, "unchanged", "This is on your account already.")
    purpose = _purpose(contact)
    issued = codes.issue(
        contact=contact, purpose=purpose, user_id=caller.user.pk, ip_prefix=caller.ip_prefix
    )
    with transaction.atomic(durable=True):
        send_code(issued, contact=contact, purpose=purpose, user=caller.user)
    return issued


@needs_credentials
def confirm_change(
    caller: Caller, *, purpose: CodePurpose, challenge_id: UUID, code: str
) -> TokenPair:
    """Put the proved contact on the caller's account; other sessions end, the old contact is told.

    Returns new tokens for the caller's session. Raises ``FreshSignInRequiredError``,
    ``ContactTakenError`` when it is another account's, and what ``codes.verify`` raises.
    """
    step_up.require_fresh(caller)
    proof = codes.verify(
        code=code, purposes={purpose}, challenge_id=challenge_id, user_id=caller.user.pk
    )
    user = _change(caller.user, proof)
    with transaction.atomic(using=CREDENTIALS, durable=True):
        sessions.revoke_rows(user_id=user.pk, reason=SessionEnd.PASSWORD, keep=caller.session_id)
        codes.supersede_all(user_id=user.pk)
    return renew_tokens(user=user, session_id=caller.session_id)


def _change(user: User, proof: Proof) -> User:
    contact = proof.contact
    kind = "phone" if contact.is_phone else "email"
    try:
        with transaction.atomic(durable=True):
            _clear_pending(user, contact)
            user, others = proved.lock_with_claimants(user, contact)
            notices.tell(user, "contact_changed", kind=kind, new_hint=contact.hint)
            version = sessions.void_tokens(user)
            proved.note(user, contact, claimants=others)
            audit.record(
                "accounts.user.contact_changed", target=user, actor=user, after={"kind": kind}
            )
    except IntegrityError as error:
        if sqlstate(error) != UNIQUE_VIOLATION:
            raise
        raise ContactTakenError from error
    user.token_version = version
    return user


def _clear_pending(user: User, contact: Contact) -> None:
    """Delete the bare row of somebody who began to register this contact and never proved it."""
    column = "phone_number" if contact.is_phone else "email"
    pending = User.objects.filter(status=UserStatus.PENDING, **{column: contact.value})
    pending.exclude(pk=user.pk).delete()


def _purpose(contact: Contact) -> CodePurpose:
    return CodePurpose.CHANGE_PHONE if contact.is_phone else CodePurpose.CHANGE_EMAIL
