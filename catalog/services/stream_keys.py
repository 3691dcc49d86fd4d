"""Stream keys: random, shown once, kept as a hash, dead as soon as another one is made.

A key of 192 random bits cannot be guessed, so a fast hash is enough; it is keyed, so that a copy
of the table alone does not even tell whether a key belongs to it.
"""

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User
from catalog.choices import StreamStatus
from catalog.flows import STREAM_FLOW
from catalog.models import Stream, StreamKey
from catalog.services.stream_rights import require_owner, require_presenter
from catalog.stream_exceptions import PermanentKeyUsedError
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import InvalidTransitionError
from config.shared.locks import lock
from config.shared.retries import retry_transaction

KEY_BYTES = 24
HINT_LENGTH = 4
_SALT = "catalog.stream_key"
_KEYED = (StreamStatus.SCHEDULED, StreamStatus.LIVE)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key, at the only moment when it can be read."""

    secret: str
    hashed: str
    hint: str


def new_key() -> NewKey:
    """A key that nobody has had before."""
    secret = secrets.token_urlsafe(KEY_BYTES)
    return NewKey(secret, _hash(secret, settings.SECRET_KEY), secret[-HINT_LENGTH:])


def fits(secret: str, hashed: str) -> bool:
    """Whether ``secret`` is the key of which ``hashed`` is kept, in constant time."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    right = [constant_time_compare(_hash(secret, key), hashed) for key in keys]
    return bool(secret and hashed and any(right))


@retry_transaction
def rotate_stream_key(*, stream: Stream, actor: User) -> tuple[Stream, str]:
    """Give a stream a new key; returns it with the key, which cannot be read again.

    The old one is dead at once: whoever publishes with it is dropped when the media server asks
    next. Raises ``PermanentKeyUsedError``, and ``InvalidTransitionError`` once the show is over.
    """
    (stream,) = lock(stream)
    require_owner(actor=actor, stream=stream)
    require_presenter(actor)
    if stream.uses_permanent_key:
        raise PermanentKeyUsedError
    if stream.status not in _KEYED:
        raise InvalidTransitionError(stream.status, STREAM_FLOW.allowed(stream.status))
    secret = give_key(stream)
    audit.record("catalog.stream.key_rotated", target=stream, actor=actor)
    return stream, secret


def give_key(stream: Stream) -> str:
    """Write a new key into the locked ``stream``, and return it."""
    made = new_key()
    stream.key_hash, stream.key_hint = made.hashed, made.hint
    stream.key_rotated_at = database_now()
    stream.save(update_fields=["key_hash", "key_hint", "key_rotated_at", "updated_at"])
    return made.secret


@retry_transaction
def rotate_permanent_key(*, actor: User) -> tuple[StreamKey, str]:
    """Give ``actor`` a new permanent key; returns it with the key, which cannot be read again.

    The old one is dead at once, also for a show that runs with it.
    """
    (person,) = lock(actor)
    require_presenter(person)
    made = new_key()
    kept, _ = StreamKey.objects.update_or_create(
        user=person,
        defaults={
            "key_hash": made.hashed,
            "key_hint": made.hint,
            "rotated_at": database_now(),
        },
    )
    audit.record("catalog.streamkey.rotated", target=kept, actor=actor)
    return kept, made.secret


@retry_transaction
def delete_permanent_key(*, actor: User) -> bool:
    """Take ``actor``'s permanent key away; returns whether there was one."""
    (person,) = lock(actor)
    kept = StreamKey.objects.filter(user=person).first()
    if kept is None:
        return False
    audit.record("catalog.streamkey.deleted", target=kept, actor=actor)
    kept.delete()
    return True


def _hash(secret: str, key: str) -> str:
    return salted_hmac(_SALT, secret, secret=key, algorithm="sha256").hexdigest()
