"""What people of the demo say to each other, and how they want to be told: this app's part.

Those of ``messaging/demo_data`` are written by hand; a larger community has more of them, made by
the database in ``messaging.demo_blocks``. What buyers and sellers say is part of ``bookings``.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Model

from accounts.models import User
from config.shared.seeding import Seed
from messaging.choices import (
    ConversationKind,
    MessageType,
    ParticipantRole,
    ReportReason,
)
from messaging.demo_blocks import add_generated_conversations
from messaging.demo_talk import Line, Talk, rows_of
from messaging.models import (
    NotificationPreference,
    NotificationSchedule,
    Report,
)

DATA = Path(__file__).resolve().parent / "demo_data"
People = Mapping[str, User]


@cache
def table() -> dict[str, Any]:
    """What ``conversations.toml`` says."""
    return tomllib.loads((DATA / "conversations.toml").read_text(encoding="utf-8"))


def build(seed: Seed) -> None:
    """Add conversations, a report and what people have chosen."""
    seed.step("conversations", 0.0)
    found = User.objects.filter(external_subject__startswith=f"demo:{seed.number}:")
    people = {str(user.external_subject).split(":")[2]: user for user in found}
    with transaction.atomic():
        for number, words in enumerate(table()["conversations"]):
            seed.add(rows_of(talk_of(seed, number, words, people)))
        seed.add(reports(seed, people))
        seed.add(choices(seed, people))
    add_generated_conversations(seed)


def talk_of(seed: Seed, number: int, words: Mapping[str, Any], people: People) -> Talk:
    """One conversation of the table."""
    kind = ConversationKind(words["kind"])
    roles = {people[name]: ParticipantRole.MEMBER for name in words["people"]}
    if kind == ConversationKind.SUPPORT:
        roles[people["support"]] = ParticipantRole.STAFF
    lines = [
        Line(
            sender=people.get(who),
            content=text,
            hours=more[0] if more else 0.1,
            kind=MessageType.TEXT if who else MessageType.SYSTEM,
            is_edited=words.get("edited") == place,
            is_deleted=words.get("deleted") == place,
        )
        for place, (who, text, *more) in enumerate(words["lines"])
    ]
    return Talk(
        seed=seed,
        topic=("talk", number),
        kind=kind,
        roles=roles,
        lines=lines,
        began=seed.present - timedelta(days=words["days"], hours=4),
        unread=words.get("unread", 0),
        archived=[people[name] for name in words.get("archived", ())],
        muted=[people[name] for name in words.get("muted", ())],
    )


def reports(seed: Seed, people: People) -> Iterator[Model]:
    """What people have brought to the staff's attention in conversations."""
    for name, words in table()["reports"].items():
        number = words["conversation"]
        talk = talk_of(seed, number, table()["conversations"][number], people)
        line = talk.lines[words["line"]]
        yield Report(
            id=seed.key("report", name),
            reporter=people[words["reporter"]],
            target_type="messaging.message",
            target_id=talk.message_key(words["line"]),
            accused=line.sender,
            reason=ReportReason(words["reason"]),
            text=words["text"],
            snapshot={"content": line.content},
            created_at=seed.present - timedelta(hours=6),
        )


def choices(seed: Seed, people: People) -> Iterator[Model]:
    """How some people want to be told."""
    for name, words in table()["preferences"].items():
        user = people[name]
        since = seed.ago(days=20)
        for category, channels in words.items():
            if category in {"quiet", "digest"}:
                continue
            yield NotificationPreference(
                id=seed.key("preference", name, category),
                user=user,
                category=category,
                channels=channels,
                created_at=since,
            )
        begin, end = words.get("quiet", (None, None))
        yield NotificationSchedule(
            id=seed.key("schedule", name),
            user=user,
            quiet_from=_clock(begin),
            quiet_until=_clock(end),
            digest=words.get("digest", "off"),
            created_at=since,
        )


def _clock(text: str | None) -> time | None:
    return None if text is None else time.fromisoformat(text)
