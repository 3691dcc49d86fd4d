"""What conversations keep about a person, and what is left when they want to be forgotten.

What they said goes, with its pictures; that it stood there stays, so that what others said keeps
its sense. What others said stays theirs.
"""

from typing import Any

from accounts.models import MediaFile, User
from accounts.services import media
from accounts.services.personal_data import MOST_ROWS, all_facts, facts
from config.shared import realtime
from config.shared.clock import database_now
from config.shared.personal_data import collects, erases
from messaging.models import Message, Notification, Participant, ReadMark
from messaging.services.message_notices import NEW_MESSAGE
from messaging.services.messages import about, people_of

# Clients that show what is erased are told; older messages they fetch anew.
ON_SCREENS = 100


@collects("messaging.conversations")
def conversations(person: User) -> list[dict[str, Any]]:
    """Where they take part, how far they have read and how they keep it."""
    rows = Participant.objects.filter(user=person).select_related("conversation__product")
    return [
        {
            "kind": row.conversation.kind,
            "product_title": row.conversation.product.title if row.conversation.product else "",
            **facts(row, without={"user", "notified_seq"}),
        }
        for row in rows[:MOST_ROWS]
    ]


@collects("messaging.messages")
def messages(person: User) -> list[dict[str, Any]]:
    """What they said."""
    rows = Message.objects.filter(sender=person).order_by("created_at", "pk")
    hidden = {"sender", "client_id", "words", "removed_by"}
    return all_facts(rows[:MOST_ROWS], without=hidden)


@collects("messaging.reading")
def reading(person: User) -> list[dict[str, Any]]:
    """When they had read how far."""
    return all_facts(ReadMark.objects.filter(user=person)[:MOST_ROWS], without={"user"})


@erases("messaging.messages")
def forget_messages(person: User) -> int:
    """Empty what they said, with its pictures."""
    pictures = MediaFile.objects.filter(owner=person, target_type=Message._meta.label_lower)
    for picture in pictures.order_by("pk"):
        media.discard(picture)
    said = Message.objects.filter(sender=person)
    shown = said.said().select_related("conversation")
    for message in shown.order_by("-created_at", "-pk")[:ON_SCREENS]:
        realtime.publish(
            users=people_of(message.conversation), event="message.deleted", data=about(message)
        )
    now = database_now()
    emptied = shown.select_related(None).order_by()
    changed = emptied.update(
        content="", offer_data={}, flags=[], client_id="", deleted_at=now, updated_at=now
    )
    said.exclude(client_id="").order_by().update(client_id="")
    return changed


@erases("messaging.reading")
def forget_reading(person: User) -> int:
    """Delete when they read what."""
    return ReadMark.objects.filter(user=person).delete()[0]


@erases("messaging.notices")
def forget_name_in_notices(person: User) -> int:
    """Take their name out of what others were told of their messages."""
    mine = Participant.objects.filter(user=person).values_list("conversation", flat=True)
    links = [f"/api/v1/conversations/{key}/" for key in mine]
    told = Notification.objects.filter(type=NEW_MESSAGE, link__in=links).exclude(user=person)
    changed = 0
    for notice in told.filter(data__name=person.full_name).exclude(data__name=""):
        notice.data["name"] = ""
        notice.save(update_fields=["data"])
        changed += 1
    return changed
