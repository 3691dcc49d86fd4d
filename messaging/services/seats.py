"""Who takes part in a conversation: people by name, and a builder's team as it is at present."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps

from accounts.models import User
from config.shared.clock import database_now
from config.shared.retries import retry_transaction
from messaging.choices import ParticipantRole
from messaging.models import Conversation, Participant
from messaging.services.subjects import subject_labelled

People = Mapping[User, ParticipantRole]


def seat_present_team(conversation: Conversation) -> None:
    """Let those take part who talk about the subject of ``conversation`` at present."""
    known = subject_labelled(conversation.subject_type)
    if known is None:
        return
    manager: Any = apps.get_model(known.label)._default_manager
    subject = manager.filter(pk=conversation.subject_id).first()
    if subject is not None:
        seat_people(conversation=conversation, people=known.people(subject))


@retry_transaction
def seat_people(*, conversation: Conversation, people: People) -> None:
    """Let ``people`` take part; they see all that was said.

    Whoever is no longer on the team leaves, and is back when they are on it again.
    """
    there = {place.user_id: place for place in conversation.participants.all()}
    keys = {user.pk for user in people}
    Participant.objects.bulk_create(
        [
            Participant(conversation=conversation, user=user, role=role)
            for user, role in people.items()
            if user.pk not in there
        ],
        ignore_conflicts=True,
    )
    team = [place for place in there.values() if place.role == ParticipantRole.TEAM]
    _place_anew(
        [place for place in team if place.user_id not in keys and place.left_at is None],
        left_at=database_now(),
        left_seq=conversation.last_seq,
    )
    _place_anew(
        [place for place in team if place.user_id in keys and place.left_at is not None],
        left_at=None,
        left_seq=None,
    )


def _place_anew(places: list[Participant], **changes: Any) -> None:
    if places:
        keys = [place.pk for place in places]
        Participant.objects.filter(pk__in=keys).update(**changes)
