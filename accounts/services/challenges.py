"""Questions that browsers and apps answer once: opened, taken, gone after some minutes."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models.functions import Now

from accounts.credentials.models import Challenge
from accounts.proof_exceptions import ChallengeClosedError
from config.shared import limits
from config.shared.clock import database_now

CREDENTIALS: Final = "credentials"
# Anybody may ask to sign in, and each question is a row: so many a quarter of an hour per network,
# which a whole street of phones may share.
ANONYMOUS_LIMIT = 250
ANONYMOUS_SECONDS = 900


def open_challenge(
    purpose: str, data: Mapping[str, Any], *, seconds: int, user_id: UUID | None = None
) -> UUID:
    """Put a question whose ``data`` is sealed; with ``user_id`` only this person may answer it."""
    challenge = Challenge.objects.create(
        user_id=user_id,
        purpose=purpose,
        data=json.dumps(dict(data)),
        expires_at=database_now(CREDENTIALS) + timedelta(seconds=seconds),
    )
    return challenge.pk


def take_challenge(
    challenge_id: UUID,
    purpose: str,
    *,
    user_id: UUID | None = None,
    pointer: str = "/challenge_id",
) -> dict[str, Any]:
    """The data of an open question, which is answered by this; of parallel callers one gets it.

    Raises ``ChallengeClosedError`` when it is unknown, somebody else's, expired or answered.
    """
    waiting = Challenge.objects.filter(
        pk=challenge_id,
        purpose=purpose,
        user_id=user_id,
        used_at__isnull=True,
        expires_at__gt=Now(),
    )
    if not waiting.update(used_at=Now()):
        raise ChallengeClosedError(pointer=pointer)
    data: dict[str, Any] = json.loads(Challenge.objects.get(pk=challenge_id).data)
    return data


def limit_anonymous(purpose: str, ip_prefix: str) -> None:
    """Count a question that nobody in particular asks for. Raises ``TooManyRequestsError``."""
    limits.enforce(
        f"{purpose}:{ip_prefix or 'unknown'}",
        limit=ANONYMOUS_LIMIT,
        window_seconds=ANONYMOUS_SECONDS,
        using=CREDENTIALS,
    )
