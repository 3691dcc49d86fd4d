"""Shows of the demo: coming, over and called off, with what is pinned in them and who watched.

Thumbnails are drawn; recordings are not: there is nothing to be seen in a film of nothing.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.crypto import salted_hmac

from accounts.choices import MediaPurpose
from accounts.demo_pictures import JPEG, uploaded_file
from accounts.models import Building, User
from accounts.services.attachments import PICTURES, attach_file
from catalog.choices import ReplayVisibility, StreamStatus, StreamVisibility
from catalog.demo_market import table as products
from catalog.demo_still_lifes import still_life
from catalog.models import Development, Product, Stream, StreamPin, StreamViewer, Unit
from config.shared.seeding import Seed

DATA = Path(__file__).resolve().parent / "demo_data"
People = Mapping[str, User]


@cache
def table() -> dict[str, Any]:
    """What ``streams.toml`` says."""
    found: dict[str, Any] = tomllib.loads((DATA / "streams.toml").read_text(encoding="utf-8"))
    return found["streams"]


def add_streams(seed: Seed, people: People) -> None:
    """Add the shows with their pins and viewers, then a picture for each."""
    seed.step("streams", 0.0)
    with transaction.atomic():
        for handle, words in table().items():
            made = stream(seed, handle, words, people)
            seed.add(
                [made, *pins(seed, handle, words, made), *viewers(seed, handle, words, people)]
            )
    if seed.pictures:
        for handle, words in table().items():
            add_thumbnail(seed, handle, words)


def stream(seed: Seed, handle: str, words: Mapping[str, Any], people: People) -> Stream:
    """One show of the table."""
    at = seed.present + timedelta(hours=words["hours"])
    status = StreamStatus(words["status"])
    over = status == StreamStatus.ENDED
    minutes = words.get("minutes", 0)
    house, site = words.get("building"), words.get("development")
    seen = len(words.get("viewers", ())) + words.get("strangers", 0)
    visibility = StreamVisibility(words["visibility"])
    replay = words.get("replay", visibility)
    return Stream(
        id=seed.key("stream", handle),
        user=people[words["user"]],
        title=words["title"],
        description=words["description"],
        category=words["category"],
        status=status,
        visibility=visibility,
        replay_visibility=ReplayVisibility(replay),
        building=Building.objects.get(pk=seed.key("building", house)) if house else None,
        development=Development.objects.get(pk=seed.key("development", site)) if site else None,
        total_views=seen,
        duration_seconds=minutes * 60 if over else None,
        scheduled_for=at,
        started_at=at if over else None,
        ended_at=at + timedelta(minutes=minutes) if over else None,
        created_at=min(at, seed.present) - timedelta(days=3),
    )


def pins(seed: Seed, handle: str, words: Mapping[str, Any], made: Stream) -> Iterator[Model]:
    """What is shown in the picture: products of its owner, or units of the site."""
    for order, (name, x, y, shown) in enumerate(words["pins"]):
        yield StreamPin(
            id=seed.key("pin", handle, name),
            stream=made,
            product=Product.objects.get(pk=seed.key("product", name)),
            x=x,
            y=y,
            shown_at=shown,
            order=order,
            created_at=made.created_at,
        )
    found = Unit.objects.filter(development=made.development_id).order_by("floor", "number", "pk")
    for order, unit in enumerate(found[: words.get("units", 0)]):
        yield StreamPin(
            id=seed.key("pin", handle, unit.pk),
            stream=made,
            unit=unit,
            x=0.2 + 0.3 * order,
            y=0.4,
            order=order,
            created_at=made.created_at,
        )


def viewers(
    seed: Seed, handle: str, words: Mapping[str, Any], people: People
) -> Iterator[StreamViewer]:
    """Who watched, signed in or not."""
    begun = seed.present + timedelta(hours=words["hours"])
    long = timedelta(minutes=words.get("minutes", 0))
    chance = seed.random("viewers of", handle)
    names = [*words.get("viewers", ()), *range(words.get("strangers", 0))]
    for name in names:
        first = begun + long * chance.random() * 0.7
        known = people.get(name) if isinstance(name, str) else None
        yield StreamViewer(
            id=seed.key("viewer", handle, name),
            stream_id=seed.key("stream", handle),
            user=known,
            visitor="" if known else salted_hmac("demo", f"{handle}{name}").hexdigest(),
            first_seen_at=first,
            last_seen_at=first + (begun + long - first) * chance.random(),
        )


def add_thumbnail(seed: Seed, handle: str, words: Mapping[str, Any]) -> None:
    """The picture of a show: the first thing that it pins."""
    made = Stream.objects.select_related("user").get(pk=seed.key("stream", handle))
    if made.thumbnail_id or not words["pins"]:
        return
    first = products()[words["pins"][0][0]]
    drawing = still_life(first["shape"], tuple(first["colours"]), Random(handle), close=True)
    file = uploaded_file(
        seed,
        made.user,
        f"thumbnail-{made.pk}",
        drawing,
        purpose=MediaPurpose.LISTING,
        kind=JPEG,
        shown=f"{handle}.jpg",
    )
    with transaction.atomic():
        attach_file(
            file=file,
            owner=made.user,
            target=made,
            pointer="",
            kinds=PICTURES,
            purposes={MediaPurpose.LISTING},
            public=made.visibility == StreamVisibility.PUBLIC,
        )
        Stream.objects.filter(pk=made.pk).update(thumbnail=file)
