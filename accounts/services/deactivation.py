"""Putting an account to rest: nobody sees it, nobody is signed in, a code brings it back."""

from django.db import transaction

from accounts.choices import SessionEnd, UserStatus
from accounts.flows import USER_FLOW
from accounts.models import User
from accounts.services import notices, sessions
from config.shared import realtime
from config.shared.flows import move
from config.shared.locks import lock


def deactivate(*, user: User) -> User:
    """Put the account of ``user`` to rest, at their own wish.

    Running tokens are refused from the next request on; then the sessions end. Raises
    ``InvalidTransitionError`` for an account that is not active.
    """
    with transaction.atomic():
        (person,) = lock(user)
        put_to_rest(person, actor=person)
        notices.tell(person, "account_deactivated")
    sessions.revoke_rows(user_id=person.pk, reason=SessionEnd.LOGOUT)
    return person


def put_to_rest(person: User, *, actor: User | None, reason: str = "") -> None:
    """Move a person whose row is locked to inactive, and make all their tokens void.

    The caller ends the sessions' rows once the transaction is over.
    """
    move(
        person,
        UserStatus.INACTIVE,
        flow=USER_FLOW,
        actor=actor,
        reason=reason,
        is_active=False,
        token_version=person.token_version + 1,
    )
    realtime.recheck(person.pk)
