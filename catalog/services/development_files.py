"""Pictures and brochures of developments."""

from collections.abc import Mapping
from typing import Any

from accounts.choices import MediaKind, MediaPurpose
from accounts.models import MediaFile, User
from accounts.services.attachments import PICTURES, attach_file
from catalog.models import Development

BROCHURES = frozenset({MediaKind.DOCUMENT})
SINGLE = {"cover": PICTURES, "brochure": BROCHURES}


def files_in(values: Mapping[str, Any]) -> list[MediaFile]:
    """The files that ``values`` speak of, to be locked with the development."""
    single = [values[name] for name in SINGLE if values.get(name) is not None]
    found = {file.pk: file for file in [*single, *(values.get("images") or ())]}
    return list(found.values())


def set_files(*, development: Development, actor: User, values: Mapping[str, Any]) -> set[str]:
    """Show the cover, images and brochure that ``values`` name; returns which have changed.

    The development is locked and saved by the caller. A file that it shows already may have been
    uploaded by a colleague; a new one is the actor's own.
    """
    changed = set()
    for name, kinds in SINGLE.items():
        if name in values and values[name] != getattr(development, name):
            file = values[name]
            shown = file and _shown(development, actor, file, f"/{name}", kinds)
            setattr(development, name, shown)
            changed.add(name)
    if "images" in values:
        present = set(development.images.values_list("pk", flat=True))
        if present != {file.pk for file in values["images"]}:
            changed.add("images")
            development.images.set(
                _shown(development, actor, file, f"/images/{place}", PICTURES)
                for place, file in enumerate(values["images"])
            )
    return changed


def _shown(
    development: Development, actor: User, file: MediaFile, pointer: str, kinds: frozenset[Any]
) -> MediaFile:
    owned_already = file.target_id == development.pk and file.kind in kinds and not file.is_private
    if owned_already:
        return file
    return attach_file(
        file=file,
        owner=actor,
        target=development,
        pointer=pointer,
        kinds=kinds,
        purposes={MediaPurpose.DEVELOPMENT},
        public=True,
    )
