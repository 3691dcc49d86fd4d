"""Photographs, floor plans, brochures and 3D models of the demo's developments.

They pass the checks of every upload (announced, checked, drawn anew), so they are as real files
are. What was hung up once is not hung up again: somebody may have taken it down since.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from accounts.choices import MediaPurpose
from accounts.demo_pictures import GLB, JPEG, KINDS, PDF, uploaded_file
from accounts.models import MediaFile, User
from accounts.services.attachments import attach_file
from catalog.choices import ModelFormat
from catalog.demo_drawings import Look, facade, site
from catalog.demo_glb import Box, glb, home, preview, tower
from catalog.demo_papers import pdf
from catalog.demo_plans import floor_plan, lobby
from catalog.models import ConstructionUpdate, Development, Model3D, ProgressPhase, Unit
from config.shared.seeding import Seed

VIEWS = ("facade", "evening", "lobby")
EVENING = ("#3d4a73", "#e9a27a")


@dataclass(frozen=True, slots=True)
class Hook:
    """Where a file is hung up: whose it is, what it belongs to, and what for."""

    owner: User
    target: models.Model
    purpose: MediaPurpose
    public: bool = True


def add_pictures(
    seed: Seed,
    handle: str,
    words: Mapping[str, Any],
    of: Development,
    *,
    owner: User,
    site: User,
) -> None:
    """Draw what is missing of a development and hang it up where it belongs."""
    if not seed.pictures:
        return
    look = look_of(words)
    add_views(seed, look, of, owner)
    add_plans(seed, words, of, owner)
    add_brochure(seed, words, of, owner)
    add_evidence(seed, handle, words, look, site)
    add_models(seed, handle, words, of, owner)


def look_of(words: Mapping[str, Any]) -> Look:
    """How a development looks."""
    return Look(**{**words["look"], "sky": tuple(words["look"]["sky"])})


def hang(
    seed: Seed, hook: Hook, name: str, draw: Callable[[], bytes], kind: str = JPEG
) -> MediaFile | None:
    """A new file that belongs to the hook's target; None where an earlier run has hung it up."""
    target = hook.target
    topic = f"{name}-{target.pk}"
    there = MediaFile.objects.filter(pk=seed.key("media", topic), target_id__isnull=False)
    if there.exists():
        return None
    ending = {JPEG: "jpg", PDF: "pdf", GLB: "glb"}[kind]
    file = uploaded_file(
        seed,
        hook.owner,
        topic,
        draw(),
        purpose=hook.purpose,
        kind=kind,
        shown=f"{name}.{ending}",
    )
    with transaction.atomic():
        return attach_file(
            file=file,
            owner=hook.owner,
            target=target,
            pointer="",
            kinds={KINDS[kind]},
            purposes={hook.purpose},
            public=hook.public,
        )


def add_views(seed: Seed, look: Look, of: Development, owner: User) -> None:
    """The building by day and in the evening, and its lobby; the first is the cover."""
    hook = Hook(owner, of, MediaPurpose.DEVELOPMENT)
    evening = Look(**{name: getattr(look, name) for name in Look.__slots__} | {"sky": EVENING})
    draw = {
        "facade": lambda: facade(look, seed.random("facade", of.pk)),
        "evening": lambda: facade(evening, seed.random("evening", of.pk)),
        "lobby": lambda: lobby(look.wall, look.accent),
    }
    for name in VIEWS:
        file = hang(seed, hook, name, draw[name])
        if file is None:
            continue
        if name == "facade":
            Development.objects.filter(pk=of.pk, cover=None).update(cover=file)
        of.images.add(file)


def add_plans(seed: Seed, words: Mapping[str, Any], of: Development, owner: User) -> None:
    """A floor plan for each type, shown by every unit of it."""
    hook = Hook(owner, of, MediaPurpose.UNIT)
    for code, (_, _, _, area, *_, plan) in words.get("types", {}).items():
        title, note = f"Type {code}", f"{words['name']}, {area} sq m"
        file = hang(seed, hook, f"plan-{code}", lambda: floor_plan(plan, title, note))  # noqa: B023 - called at once
        if file is not None:
            Unit.objects.filter(development=of, features__type=code, floor_plan=None).update(
                floor_plan=file
            )


def add_brochure(seed: Seed, words: Mapping[str, Any], of: Development, owner: User) -> None:
    """A page of paper about the development."""
    lines = [words["address"], words["city"], "", *words["description"].strip().splitlines()]
    lines += ["", *(f"- {amenity}" for amenity in words.get("amenities", ()))]
    hook = Hook(owner, of, MediaPurpose.DEVELOPMENT)
    file = hang(seed, hook, "brochure", lambda: pdf(words["name"], lines), PDF)
    if file is not None:
        Development.objects.filter(pk=of.pk, brochure=None).update(brochure=file)


def add_evidence(
    seed: Seed, handle: str, words: Mapping[str, Any], look: Look, owner: User
) -> None:
    """Photographs of the site: what shows that a phase is done, and what the news speak of."""
    for phase in words.get("phases", ()):
        row = ProgressPhase.objects.get(pk=seed.key("phase", handle, phase["name"]))
        hook = Hook(owner, row, MediaPurpose.PHASE, public=False)
        row.evidence.add(*photographs(seed, hook, look, phase.get("evidence", ())))
    for update in words.get("updates", ()):
        news = ConstructionUpdate.objects.get(pk=seed.key("update", handle, update["title"]))
        hook = Hook(owner, news, MediaPurpose.UPDATE, public=False)
        news.media.add(*photographs(seed, hook, look, update.get("photographs", ())))


def photographs(
    seed: Seed, hook: Hook, look: Look, shares: Sequence[Sequence[float]]
) -> Iterator[MediaFile]:
    """New photographs of the site; each of ``shares`` says how much of it stands and is glazed."""
    for number, (raised, glazed) in enumerate(shares, 1):
        chance = seed.random("photograph", hook.target.pk, number)
        file = hang(
            seed,
            hook,
            f"site-{number}",
            lambda: site(look, chance, raised=raised, glazed=glazed),  # noqa: B023 - called at once
        )
        if file is not None:
            yield file


def add_models(
    seed: Seed,
    handle: str,
    words: Mapping[str, Any],
    of: Development,
    owner: User,
) -> None:
    """The 3D models of a development and of some of its homes, each with a preview."""
    for order, model in enumerate(words.get("models", ()), 1):
        key = seed.key("model", handle, model["title"])
        if Model3D.objects.filter(pk=key).exists():
            continue
        look = look_of(words)
        boxes = home(model["home"], look.accent) if "home" in model else tower(look)
        place = model.get("unit")
        unit = Unit.objects.get(pk=seed.key("unit", handle, *place)) if place else None
        row = Model3D(
            id=key,
            development=None if unit else of,
            unit=unit,
            format=ModelFormat.GLB,
            title=model["title"],
            order=order,
            is_public=model.get("public", True),
            uploaded_by=owner,
            created_at=of.created_at,
        )
        add_files(seed, row, boxes, owner)
        seed.add([row])


def add_files(seed: Seed, row: Model3D, boxes: Sequence[Box], owner: User) -> None:
    """The file of a 3D model and its preview."""
    purpose = MediaPurpose.UNIT if row.unit_id else MediaPurpose.DEVELOPMENT
    hook = Hook(owner, row, purpose, public=row.is_public)
    hang(seed, hook, "model", lambda: glb(boxes), GLB)
    hang(seed, hook, "preview", lambda: preview(boxes))
    row.file = MediaFile.objects.get(pk=seed.key("media", f"model-{row.pk}"))
    row.thumbnail = MediaFile.objects.get(pk=seed.key("media", f"preview-{row.pk}"))
    row.meta = dict(row.file.meta)
