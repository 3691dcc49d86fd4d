"""Who may show what to whom."""

from collections.abc import Mapping
from typing import Any

from accounts.choices import UserStatus
from accounts.models import Building, User
from catalog.choices import ReplayVisibility, StreamVisibility
from catalog.models import Development, Stream
from catalog.services.teams import SELLING_ROLES, SITE_ROLES, is_on_team
from catalog.stream_exceptions import PhoneUnverifiedError
from config.shared.errors import InvalidInputError, NotAllowedError

MODERATION = "catalog.moderate_stream"
TOURING_ROLES = frozenset({*SELLING_ROLES, *SITE_ROLES})


def require_owner(*, actor: User, stream: Stream) -> None:
    """Raise ``NotAllowedError`` unless the stream is ``actor``'s own."""
    if stream.user_id != actor.pk:
        raise NotAllowedError("Only whoever gives this show may do this.")


def may_moderate(actor: User) -> bool:
    """Whether ``actor`` may end the streams of others."""
    return bool(actor.is_active and actor.is_staff and actor.has_perm(MODERATION))


def require_presenter(actor: User) -> None:
    """Raise unless ``actor`` may show something to others at all."""
    if actor.status != UserStatus.ACTIVE:
        raise NotAllowedError
    if not actor.phone_verified:
        raise PhoneUnverifiedError


def check_audience(*, actor: User, values: Mapping[str, Any]) -> None:
    """Refuse a building where ``actor`` is no verified resident, and a builder not their own.

    ``values`` are all of ``visibility``, ``replay_visibility``, ``building`` and ``development``
    as they will be. Raises ``NotAllowedError``, and ``InvalidInputError`` where no building is
    named.
    """
    building: Building | None = values["building"]
    if building is None and (
        values["visibility"] == StreamVisibility.BUILDING
        or values["replay_visibility"] == ReplayVisibility.BUILDING
    ):
        raise InvalidInputError.at(
            "/building", "building_missing", "A stream for a building says for which."
        )
    if building is not None and not _lives_in(actor, building):
        raise NotAllowedError("Only verified residents of this building show something for it.")
    development: Development | None = values["development"]
    if development is not None and not is_on_team(
        actor=actor, builder=development.builder, roles=TOURING_ROLES
    ):
        raise NotAllowedError("Only the builder's own people show this site.")


def _lives_in(actor: User, building: Building) -> bool:
    return Building.objects.lived_in_by(actor).filter(pk=building.pk).exists()
