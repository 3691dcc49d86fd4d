"""The files of the demo: portraits, emblems, and specimens of the papers that people hand in.

They take the way of every upload (announced, checked, drawn anew), so they are as real files are.
"""

import io
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.choices import MediaKind, MediaPurpose, MediaStatus
from accounts.demo_drawings import emblem, portrait, specimen
from accounts.gateways.storage import store
from accounts.models import MediaFile, Organization, User, Verification
from accounts.services.attachments import PICTURES, attach_file
from accounts.services.media import complete
from config.shared.seeding import Seed

CARDS = {
    "emirates_id_front": "Resident identity card",
    "emirates_id_back": "Resident identity card",
    "trade_license_document": "Trade licence",
}
JPEG = "image/jpeg"
PDF = "application/pdf"
GLB = "model/gltf-binary"
KINDS = {JPEG: MediaKind.IMAGE, PDF: MediaKind.DOCUMENT, GLB: MediaKind.MODEL}


def add_pictures(seed: Seed, named: Mapping[str, User], people: Mapping[str, Any]) -> None:
    """Draw what is missing and bind it to where it belongs."""
    if not seed.pictures:
        return
    for handle, words in people.items():
        user = named[handle]
        if words.get("avatar"):
            drawing = portrait(seed.random("portrait", handle))
            hang(seed, user, user, "avatar", drawing, purpose=MediaPurpose.AVATAR, public=True)
        if words.get("verification"):
            add_cards(seed, user)
    for firm in Organization.objects.filter(created_by__in=list(named.values()), logo=None):
        drawing = emblem(firm.name, seed.random("emblem", firm.pk))
        purpose = MediaPurpose.ORGANIZATION
        hang(seed, firm.created_by, firm, "logo", drawing, purpose=purpose, public=True)


def add_cards(seed: Seed, user: User) -> None:
    """The papers that belong to the verification of ``user``."""
    verification = Verification.objects.get(user=user)
    numbers = {
        "emirates_id_front": verification.emirates_id_number,
        "emirates_id_back": verification.emirates_id_number,
        "trade_license_document": verification.trade_license_number,
    }
    for column, number in numbers.items():
        if number:
            lines = [user.full_name, f"No. {number}", f"Issued in {user.city}", "Not a real paper"]
            drawing = specimen(CARDS[column], lines, seed.random("card", user.pk))
            purpose = MediaPurpose.VERIFICATION
            hang(seed, user, verification, column, drawing, purpose=purpose)


def hang(
    seed: Seed,
    owner: User | None,
    target: Any,
    column: str,
    drawing: bytes,
    *,
    purpose: MediaPurpose,
    public: bool = False,
) -> None:
    """Let ``target`` point at a file of ``owner``, unless it points at one already."""
    rows = type(target).objects.filter(pk=target.pk, **{f"{column}__isnull": True})
    if owner is None or not rows.exists():
        return
    media = uploaded(seed, owner, f"{column}-{target.pk}", drawing, purpose)
    with transaction.atomic():
        attach_file(
            file=media,
            owner=owner,
            target=target,
            pointer="",
            kinds=PICTURES,
            purposes={purpose},
            public=public,
        )
        rows.update(**{column: media})


def uploaded(
    seed: Seed, owner: User, name: str, drawing: bytes, purpose: MediaPurpose
) -> MediaFile:
    """A picture of ``owner`` that has been checked; that of an earlier run, if there is one."""
    shown = f"{name.partition('-')[0]}.jpg"
    return uploaded_file(seed, owner, name, drawing, purpose=purpose, kind=JPEG, shown=shown)


def uploaded_file(
    seed: Seed,
    owner: User,
    name: str,
    content: bytes,
    *,
    purpose: MediaPurpose,
    kind: str,
    shown: str,
) -> MediaFile:
    """A file of ``owner`` that has been checked; that of an earlier run, if there is one.

    ``name`` says which one it is, ``shown`` how people see it named; ``kind`` is its media type.
    """
    media, _ = MediaFile.objects.get_or_create(
        pk=seed.key("media", name),
        defaults={
            "owner": owner,
            "kind": KINDS[kind],
            "purpose": purpose,
            "name": shown,
            "size": len(content),
            "declared_type": kind,
            "incoming_key": f"incoming/{seed.key('incoming', name).hex}",
        },
    )
    if media.status != MediaStatus.CLEAN:
        media.size = len(content)
        store().keep(media.incoming_key, io.BytesIO(content), content_type=kind)
        media = complete(media=media)
        seed.made["files"] += 1
    return media
