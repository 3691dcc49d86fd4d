"""Opening conversations: one for each kind, subject and pair, however often it is opened."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from accounts.exceptions import NotYourselfError
from accounts.models import User
from accounts.querysets.connections import without_blocks
from accounts.services.settings import get_setting
from catalog.models import Product
from config.shared import limits
from config.shared.errors import InvalidInputError, MissingError
from config.shared.retries import retry_transaction
from messaging.choices import ConversationKind, ParticipantRole
from messaging.models import Conversation
from messaging.services.seats import seat_people
from messaging.services.subjects import subject_of

People = Mapping[User, ParticipantRole]
HOUR_SECONDS = 3600


def open_conversation(
    *,
    actor: User,
    kind: ConversationKind,
    user: User | None = None,
    product: Product | None = None,
    subject: UUID | None = None,
) -> Conversation:
    """The conversation of ``actor`` with ``user``, about a product or about another subject.

    Raises what the services below raise, and ``InvalidInputError`` for a kind that nobody opens.
    """
    if kind == ConversationKind.DIRECT and user is not None:
        return open_direct(user=actor, other=user)
    if kind == ConversationKind.PRODUCT and product is not None:
        return open_product_conversation(product=product, buyer=actor)
    if kind == ConversationKind.SUPPORT:
        return open_support(user=actor)
    if subject is None:
        raise InvalidInputError.at("/kind", "not_a_choice", "Nobody opens one of this kind.")
    return open_subject(user=actor, kind=ConversationKind(kind), key=subject)


def open_direct(*, user: User, other: User) -> Conversation:
    """The conversation between two people, opened where there is none.

    Raises ``NotYourselfError``; ``MissingError`` for somebody who is not to be found by ``user``;
    ``TooManyRequestsError`` for one conversation too many in an hour.
    """
    if user.pk == other.pk:
        raise NotYourselfError
    place = {"kind": ConversationKind.DIRECT, "pair_key": pair_key(user, other)}
    found = _existing(place)
    if found is not None:
        return found
    check_reachable(user, [other])
    _count(user)
    return _open(place, {user: ParticipantRole.MEMBER, other: ParticipantRole.MEMBER})


def open_product_conversation(
    *, product: Product, buyer: User, counted: bool = True
) -> Conversation:
    """The conversation between ``buyer`` and the seller of ``product``, opened where there is none.

    With ``counted=False`` it is opened for an offer or a sale, in the open transaction, and does
    not count among the conversations that one may open in an hour.

    Raises ``NotYourselfError`` for the seller, ``MissingError`` where either has shut the other
    out, ``TooManyRequestsError``.
    """
    seller = product.seller
    if seller.pk == buyer.pk:
        raise NotYourselfError
    place = {
        "kind": ConversationKind.PRODUCT,
        "product_id": product.pk,
        "pair_key": str(buyer.pk),
    }
    found = _existing(place)
    if found is not None:
        return found
    check_reachable(buyer, [seller])
    if counted:
        _count(buyer)
    people = {buyer: ParticipantRole.BUYER, seller: ParticipantRole.SELLER}
    return _open(place, people, buyer=buyer, seller=seller)


def open_about(*, kind: ConversationKind, subject: Model, people: People) -> Conversation:
    """The conversation of ``people`` about ``subject``, opened where there is none.

    Whoever of them does not take part yet joins. Not counted: whoever calls decides who may.
    """
    place = {
        "kind": kind,
        "subject_type": subject._meta.label_lower,
        "subject_id": subject.pk,
    }
    found = _existing(place)
    if found is None:
        return _open(place, people)
    seat_people(conversation=found, people=people)
    return found


def open_subject(*, user: User, kind: ConversationKind, key: UUID) -> Conversation:
    """The conversation about a thing of a higher app, for one of those who talk about it.

    Raises ``MissingError`` for a thing that ``user`` does not see or is not spoken to about, and
    for a guest and a host one of whom has shut the other out.
    """
    found = subject_of(kind)
    subject = found.find(key=key, user=user)
    people = found.people(subject)
    if user not in people:
        raise MissingError
    place = {"kind": kind, "subject_type": found.label, "subject_id": key}
    if _existing(place) is None:
        if kind == ConversationKind.APPOINTMENT:
            check_reachable(user, [one for one in people if one != user])
        _count(user)
    return open_about(kind=kind, subject=subject, people=people)


def open_support(*, user: User) -> Conversation:
    """The conversation of ``user`` with the staff, opened where there is none."""
    place = {"kind": ConversationKind.SUPPORT, "pair_key": str(user.pk)}
    found = _existing(place)
    if found is not None:
        return found
    _count(user)
    return _open(place, {user: ParticipantRole.MEMBER})


def pair_key(one: User, other: User) -> str:
    """What stands for two people, whoever comes first."""
    return ":".join(sorted((str(one.pk), str(other.pk))))


def check_reachable(user: User, others: Iterable[User]) -> None:
    """Raise ``MissingError`` unless all of ``others`` are there and nobody has shut anybody out."""
    wanted = {other.pk for other in others}
    there = without_blocks(User.objects.active().filter(pk__in=wanted), user)
    if there.count() != len(wanted):
        raise MissingError


def _existing(place: Mapping[str, Any]) -> Conversation | None:
    place = {"subject_type": "", "pair_key": "", **place}
    return Conversation.objects.filter(**place).first()


def _count(user: User) -> None:
    limits.enforce(
        f"conversations:{user.pk}",
        limit=get_setting("conversations_per_hour"),
        window_seconds=HOUR_SECONDS,
    )


@retry_transaction
def _open(place: Mapping[str, Any], people: People, **parties: User) -> Conversation:
    """Insert it, or find what somebody else has opened at the same moment."""
    made = Conversation(**place, **parties)
    with transaction.atomic():
        Conversation.objects.bulk_create([made], ignore_conflicts=True)
    found = _existing(place)
    if found is None:
        raise MissingError
    seat_people(conversation=found, people=people)
    return found
