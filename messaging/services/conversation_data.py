"""What conversations keep about a person, and what is left when they want to be forgotten.

What they said goes, with its pictures; that it stood there stays, so that what others said keeps
its sense. What others said stays theirs.
"""

from typing import Any

from django.db.models import Q

from accounts.models import User
from accounts.services.personal_data import MOST_ROWS, all_facts, facts
from config.shared.personal_data import collects, erases
from messaging.models import Message, Notification, Participant, ReadMark
from messaging.services.message_changes import empty, lock_with_files
from messaging.services.message_notices import NEW_MESSAGE

BATCH = 200


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
    said = Message.objects.filter(sender=person).filter(
        Q(deleted_at__isnull=True) | ~Q(client_id="")
    )
    changed = 0
    for row in said.select_related("conversation").order_by("conversation", "pk").iterator(BATCH):
        _, message, files = lock_with_files(row)
        if message.deleted_at is None:
            empty(message, files, client_id="")
        else:
            Message.objects.filter(pk=message.pk).update(client_id="")
        changed += 1
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
