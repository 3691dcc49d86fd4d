"""What conversations are about beyond products: things of apps that messaging does not know.

A higher app registers the kind in its ``AppConfig.ready``, with who talks about such a thing. Who
speaks for an organization is asked whenever somebody looks: a seat that is given up takes the
conversation with it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model

from accounts.models import User
from config.shared.errors import InvalidInputError, MissingError
from messaging.choices import ConversationKind, ParticipantRole
from messaging.querysets.conversations import register_team_audience

People = Callable[[Any], Mapping[User, ParticipantRole]]


@dataclass(frozen=True, slots=True)
class Subject:
    """One kind of thing that people talk about.

    ``label`` is its model (``bookings.booking``); ``people`` says of a thing who talks about it.
    """

    kind: ConversationKind
    label: str
    people: People

    def find(self, *, key: UUID, user: User) -> Model:
        """The thing that ``user`` may see and talk about. Raises ``MissingError``."""
        manager: Any = apps.get_model(self.label)._default_manager
        found: Model | None = manager.visible_to(user).filter(pk=key).first()
        if found is None:
            raise MissingError
        return found


_SUBJECTS: dict[ConversationKind, Subject] = {}


def register_subject(kind: ConversationKind, label: str, people: People) -> None:
    """Let people talk about things of the model ``label``.

    ``people`` is given the thing and returns who talks about it, and as what. Whoever is there as
    the team of a builder sees the conversation as long as they see the thing.
    """
    label = label.lower()
    known = _SUBJECTS.setdefault(kind, Subject(kind, label, people))
    if known.label != label:
        raise ValueError(f"{kind} is about {known.label} already.")
    register_team_audience(label)


def subject_of(kind: ConversationKind) -> Subject:
    """What conversations of ``kind`` are about. Raises ``InvalidInputError`` for other kinds."""
    try:
        return _SUBJECTS[kind]
    except KeyError:
        raise InvalidInputError.at(
            "/kind", "not_a_choice", "Nobody opens a conversation of this kind here."
        ) from None


def subject_labelled(label: str) -> Subject | None:
    """The kind of thing whose model is ``label``; None for one that nobody registered."""
    return next((found for found in _SUBJECTS.values() if found.label == label), None)
