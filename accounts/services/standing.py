"""Whether a person may use Courtyard: suspended and reactivated by staff.

The main database is written first, so that the next request is refused; the sessions in the
credentials database end after it.
"""

from django.db import transaction

from accounts.choices import SessionEnd, UserStatus
from accounts.exceptions import OwnRequestError
from accounts.flows import USER_FLOW
from accounts.models import User
from accounts.services import notices, sessions
from config.shared.errors import InvalidInputError, InvalidTransitionError, NotAllowedError
from config.shared.flows import move
from config.shared.locks import lock


def suspend(*, user: User, actor: User, reason: str) -> User:
    """Refuse ``user`` from their next request on, and end their sessions.

    For staff with ``suspend_user``; never for oneself, and superusers are suspended by superusers
    only. The person is told the reason. Raises ``NotAllowedError``, ``OwnRequestError``,
    ``InvalidInputError`` without a reason, ``InvalidTransitionError``.
    """
    with transaction.atomic():
        user = _taken_up(user, actor, reason)
        move(
            user,
            UserStatus.SUSPENDED,
            flow=USER_FLOW,
            actor=actor,
            reason=reason,
            is_active=False,
        )
        user.token_version = sessions.void_tokens(user)
        notices.tell(user, "account_suspended", reason=reason)
    sessions.revoke_rows(user_id=user.pk, reason=SessionEnd.ADMIN)
    return user


@transaction.atomic
def reactivate(*, user: User, actor: User, reason: str) -> User:
    """Let a suspended person sign in again. Raises what ``suspend`` raises."""
    user = _taken_up(user, actor, reason)
    if user.status != UserStatus.SUSPENDED:
        raise InvalidTransitionError(user.status, (), "Only a suspended person is reactivated.")
    move(user, UserStatus.ACTIVE, flow=USER_FLOW, actor=actor, reason=reason, is_active=True)
    notices.tell(user, "account_reactivated")
    return user


def _taken_up(user: User, actor: User, reason: str) -> User:
    """The locked person, once it is sure that ``actor`` may decide about them."""
    if not (actor.is_active and actor.is_staff and actor.has_perm("accounts.suspend_user")):
        raise NotAllowedError
    if not reason.strip():
        raise InvalidInputError.at("/reason", "required", "Say why.")
    (found,) = lock(user)
    if found.pk == actor.pk:
        raise OwnRequestError
    if found.is_superuser and not actor.is_superuser:
        raise NotAllowedError
    return found
