"""How secrets are found. Nobody but their owner ever sees any of these rows."""

from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models
from django.db.models.functions import Now

if TYPE_CHECKING:
    from accounts.credentials.models import Credential, OneTimeCode, Passkey, Session


class CredentialQuerySet(models.QuerySet["Credential"]):
    """Password hashes and second factors."""

    def hash_of(self, user_id: UUID) -> str:
        """The encoded hash, empty when the person has no credential."""
        return self.filter(pk=user_id).values_list("password_hash", flat=True).first() or ""

    def upsert_hash(self, *, user_id: UUID, password_hash: str) -> None:
        """Store a hash, in one statement that may be repeated."""
        row = self.model(user_id=user_id, password_hash=password_hash, password_changed_at=Now())
        self.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["user_id"],
            update_fields=["password_hash", "password_changed_at", "updated_at"],
        )


class OneTimeCodeQuerySet(models.QuerySet["OneTimeCode"]):
    """Codes that were sent."""

    def live(self) -> Self:
        """Codes that the right value would still open."""
        return self.filter(
            is_used=False,
            superseded_at__isnull=True,
            expires_at__gt=Now(),
            attempts__lt=models.F("max_attempts"),
        )


class SessionQuerySet(models.QuerySet["Session"]):
    """Signed-in devices."""

    def live(self) -> Self:
        return self.filter(
            revoked_at__isnull=True, expires_at__gt=Now(), absolute_expires_at__gt=Now()
        )

    def of(self, user_id: UUID) -> Self:
        return self.filter(user_id=user_id)


class PasskeyQuerySet(models.QuerySet["Passkey"]):
    """Device keys."""

    def of(self, user_id: UUID) -> Self:
        return self.filter(user_id=user_id)
