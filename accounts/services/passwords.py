"""Changing a password, and getting a new one without the old.

Whatever changes, the main database is written first (``token_version``: every token is void) and
the credentials after it: a crash in between signs people out, it never leaves them signed in.
"""

from uuid import UUID

from django.db import transaction

from accounts.choices import CodeKind, CodePurpose, SessionEnd, UserStatus
from accounts.credentials.models import Credential, Session
from accounts.exceptions import SessionEndedError, WrongCodeError
from accounts.hashers import hash_password
from accounts.models import User
from accounts.services import codes, identifiers, lockout, notices, proved, sessions, step_up
from accounts.services.code_messages import send_code, send_no_account, send_reset_link
from accounts.services.codes import Issued, Proof
from accounts.services.identifiers import Contact
from accounts.services.outage import needs_credentials
from accounts.services.password_rules import check_new_password
from accounts.services.step_up import Caller
from accounts.services.tokens import TokenPair, issue_tokens
from config.shared import audit
from config.shared.locks import lock_one

CREDENTIALS = "credentials"
PURPOSE = CodePurpose.PASSWORD_RESET


@needs_credentials
def change_password(caller: Caller, *, current_password: str, new_password: str) -> TokenPair:
    """Give the caller a new password, and new tokens; every other session ends.

    Somebody who has no password yet gives none, but has to have signed in freshly. Raises
    ``WrongPasswordError``, ``FreshSignInRequiredError``, ``InvalidInputError`` for a password
    that will not do, and what ``check_own_password`` raises.
    """
    user = caller.user
    if step_up.has_password(user):
        step_up.check_own_password(caller, password=current_password)
    else:
        step_up.require_fresh(caller)
    check_new_password(
        new_password,
        identifiers=(user.phone_number, user.email, user.username),
        pointer="/new_password",
    )
    _replace(user, hash_password(new_password), actor=user, keep=caller.session_id)
    return renew_tokens(user=user, session_id=caller.session_id)


@needs_credentials
def ask_to_reset(*, contact: Contact, ip_prefix: str) -> Issued:
    """Send what it takes to choose a new password: a link by e-mail, a code by SMS.

    The answer is the same where nobody has this contact. Raises what ``codes.issue`` raises.
    """
    owner = identifiers.owner_of(contact)
    if owner is not None and owner.status == UserStatus.PENDING:
        owner = None
    issued = codes.issue(
        contact=contact,
        purpose=PURPOSE,
        user_id=owner.pk if owner else None,
        ip_prefix=ip_prefix,
        kind=CodeKind.CODE if contact.is_phone else CodeKind.LINK,
    )
    with transaction.atomic(durable=True):
        if owner is None:
            send_no_account(contact=contact)
        elif contact.is_phone:
            send_code(issued, contact=contact, purpose=PURPOSE, user=owner)
        else:
            send_reset_link(issued, contact=contact, user=owner)
    return issued


def reset(
    *,
    new_password: str,
    token: str | None = None,
    challenge_id: UUID | None = None,
    code: str = "",
) -> None:
    """Choose a new password with a link's token, or with a challenge and its code."""
    if token is not None:
        reset_by_link(token=token, new_password=new_password)
    elif challenge_id is not None:
        reset_by_code(challenge_id=challenge_id, code=code, new_password=new_password)
    else:
        raise WrongCodeError


@needs_credentials
def reset_by_link(*, token: str, new_password: str) -> None:
    """Choose a new password with the token of a link that was mailed.

    Every session ends and every lock opens; nobody is signed in by it, so a second factor stays
    what it is. Raises ``WrongCodeError``, and ``InvalidInputError`` for a password that will not
    do, which leaves the link usable.
    """
    challenge, _, secret = token.partition(".")
    try:
        challenge_id = UUID(hex=challenge)
    except ValueError as error:
        raise WrongCodeError(pointer="/token") from error
    try:
        _reset(challenge_id=challenge_id, secret=secret, new_password=new_password)
    except WrongCodeError as error:
        raise WrongCodeError("This link is no longer valid.", pointer="/token") from error


@needs_credentials
def reset_by_code(*, challenge_id: UUID, code: str, new_password: str) -> None:
    """Choose a new password with a code that was sent; see ``reset_by_link``."""
    _reset(challenge_id=challenge_id, secret=code, new_password=new_password)


@needs_credentials
def replace_password(
    *, user: User, new_password: str, actor: User | None, reason: str = ""
) -> None:
    """Give ``user`` a new password that may be chosen; every session and every token ends.

    The caller has made sure who asks; an operator at the console is no ``actor`` but a
    ``reason``. Raises ``HashingBusyError``.
    """
    _replace(user, hash_password(new_password), actor=actor, keep=None, reason=reason)


def renew_tokens(*, user: User, session_id: UUID) -> TokenPair:
    """New tokens for the one session that outlives a change of what signs its person in.

    ``user`` is as the change has left them. Raises ``SessionEndedError``.
    """
    with transaction.atomic(using=CREDENTIALS, durable=True):
        session = lock_one(Session.objects.all(), pk=session_id)
        if session.revoked_at is not None:
            raise SessionEndedError
        sessions.rotate(session, token_version=user.token_version)
    return issue_tokens(user=user, session=session)


def _reset(*, challenge_id: UUID, secret: str, new_password: str) -> None:
    addressee = codes.addressee(challenge_id)
    check_new_password(new_password, identifiers=(addressee,), pointer="/new_password")
    encoded = hash_password(new_password)
    proof = codes.verify(code=secret, purposes={PURPOSE}, challenge_id=challenge_id)
    user = proved.confirm(user=_still_owner(proof), contact=proof.contact)
    _replace(user, encoded, actor=user, keep=None)


def _still_owner(proof: Proof) -> User:
    owner = identifiers.owner_of(proof.contact)
    if owner is None or owner.pk != proof.user_id:
        raise WrongCodeError
    return owner


def _replace(
    user: User, encoded: str, *, actor: User | None, keep: UUID | None, reason: str = ""
) -> None:
    with transaction.atomic(durable=True):
        user.token_version = sessions.void_tokens(user)
        audit.record("accounts.user.password_changed", target=user, actor=actor, reason=reason)
        notices.tell(user, "password_changed")
    with transaction.atomic(using=CREDENTIALS, durable=True):
        Credential.objects.upsert_hash(user_id=user.pk, password_hash=encoded)
        sessions.revoke_rows(user_id=user.pk, reason=SessionEnd.PASSWORD, keep=keep)
        codes.supersede_all(user_id=user.pk, purposes={PURPOSE})
        lockout.clear(user.pk)
