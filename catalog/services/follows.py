"""Following developments: who hears of what happens on a site."""

from uuid import UUID

from accounts.models import User
from catalog.models import Development, DevelopmentFollow
from config.shared.retries import retry_transaction


@retry_transaction
def follow_development(*, user: User, development: Development) -> DevelopmentFollow:
    """Let ``user`` hear of ``development``; doing it again changes nothing."""
    found, _ = DevelopmentFollow.objects.get_or_create(user=user, development=development)
    return found


@retry_transaction
def unfollow_development(*, user: User, development_id: UUID) -> bool:
    """Let them hear of it no more; returns whether that changed anything."""
    removed, _ = DevelopmentFollow.objects.filter(user=user, development_id=development_id).delete()
    return bool(removed)
