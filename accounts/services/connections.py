"""Following people, and shutting them out."""

from uuid import UUID

from accounts.exceptions import NotYourselfError
from accounts.models import Block, Follow, User
from config.shared.errors import MissingError
from config.shared.locks import lock
from config.shared.retries import retry_transaction


@retry_transaction
def follow_user(*, follower: User, followed: User) -> Follow:
    """Follow ``followed``; doing it again changes nothing.

    Both are locked, so that a block at the same moment either comes first, and this is
    ``MissingError``, or comes second and ends it.
    """
    follower, followed = lock_pair(follower, followed)
    if not User.objects.active().visible_to(follower).filter(pk=followed.pk).exists():
        raise MissingError
    found, _ = Follow.objects.get_or_create(follower=follower, followed=followed)
    return found


@retry_transaction
def unfollow_user(*, follower: User, followed_id: UUID) -> bool:
    """Follow somebody no more; returns whether it changed anything."""
    removed, _ = Follow.objects.filter(follower=follower, followed_id=followed_id).delete()
    return bool(removed)


@retry_transaction
def block_user(*, blocker: User, blocked: User) -> Block:
    """Shut ``blocked`` out: neither finds the other any more, and neither follows the other.

    Doing it again changes nothing.
    """
    blocker, blocked = lock_pair(blocker, blocked)
    found, _ = Block.objects.get_or_create(blocker=blocker, blocked=blocked)
    Follow.objects.filter(follower=blocker, followed=blocked).delete()
    Follow.objects.filter(follower=blocked, followed=blocker).delete()
    return found


@retry_transaction
def unblock_user(*, blocker: User, blocked_id: UUID) -> bool:
    """Let somebody in again; returns whether it changed anything. Follows do not come back."""
    removed, _ = Block.objects.filter(blocker=blocker, blocked_id=blocked_id).delete()
    return bool(removed)


def lock_pair(one: User, other: User) -> tuple[User, User]:
    """Both people, locked in the global order; refuses one person twice."""
    if one.pk == other.pk:
        raise NotYourselfError
    first, second = lock(one, other)
    return first, second
