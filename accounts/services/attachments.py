"""Binding uploaded files to the things they belong to."""

from collections.abc import Collection

from django.db import models

from accounts.choices import MediaKind, MediaPurpose, MediaStatus
from accounts.models import MediaFile, User
from accounts.services import media
from config.shared.errors import InvalidInputError
from config.shared.locks import lock

PICTURES = frozenset({MediaKind.IMAGE})
PAPERS = frozenset({MediaKind.IMAGE, MediaKind.DOCUMENT})


def attach_file(
    *,
    file: MediaFile,
    owner: User,
    target: models.Model,
    pointer: str,
    kinds: Collection[str],
    purposes: Collection[MediaPurpose],
    public: bool = False,
) -> MediaFile:
    """Bind ``file``, which ``owner`` uploaded, to ``target``: who sees the target may open it.

    Called inside the transaction that points from ``target`` to the file. Raises
    ``InvalidInputError`` at ``pointer`` for a file of somebody else, of another kind or purpose,
    one that is not checked yet, or one that belongs to another thing.
    """
    (found,) = lock(file)
    usable = (
        found.owner_id == owner.pk
        and found.status == MediaStatus.CLEAN
        and found.kind in kinds
        and found.purpose in purposes
        and found.target_id in {None, target.pk}
    )
    if not usable:
        raise InvalidInputError.at(
            pointer,
            "file_unusable",
            "Choose a file of the right kind that you uploaded for this and that was accepted.",
        )
    found.is_private = not public
    found.target_type, found.target_id = target._meta.label_lower, target.pk
    found.save(update_fields=["is_private", "target_type", "target_id", "updated_at"])
    return found


def discard_file(file: MediaFile) -> None:
    """Delete ``file`` for good, in the open transaction; its contents go once that is committed."""
    (found,) = lock(file)
    media.discard(found)
