"""Settings that staff change, and what keeps repeated or hurried requests in check."""

import pghistory
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.choices import (
    IdempotencyStatus,
    MessageChannel,
    OutgoingStatus,
    SettingType,
)
from accounts.querysets.platform import SystemSettingQuerySet
from config.shared.limits_models import RateBucketBase
from config.shared.models import IdentifiedModel, TimeStampedModel
from config.shared.sealed import SealedTextField


@pghistory.track(exclude=["updated_at"], append_only=True)
class SystemSetting(TimeStampedModel):
    """A value that staff can change while Courtyard runs."""

    key = models.CharField(max_length=80, unique=True)
    value = models.JSONField()
    value_type = models.CharField(max_length=10, choices=SettingType)
    is_public = models.BooleanField(default=False)
    description = models.CharField(max_length=400)
    updated_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = SystemSettingQuerySet.as_manager()

    class Meta:
        ordering = ["key", "pk"]
        verbose_name = "setting"
        constraints = [
            models.CheckConstraint(
                condition=Q(key__regex=r"^[a-z][a-z0-9_.]{1,79}$"),
                name="accounts_systemsetting_key_shape",
                violation_error_code="key_shape",
                violation_error_message="A key has small letters, digits, dots and underscores.",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class IdempotencyKey(IdentifiedModel):
    """The answer to a request that its sender may safely repeat."""

    owner = models.ForeignKey("accounts.User", models.CASCADE, related_name="idempotency_keys")
    key = models.CharField(max_length=255)
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=500)
    fingerprint = models.CharField(max_length=64)
    status = models.CharField(
        max_length=12, choices=IdempotencyStatus, default=IdempotencyStatus.IN_PROGRESS
    )
    response_status = models.PositiveSmallIntegerField(null=True, blank=True)
    response_body = models.BinaryField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-created_at", "pk"]
        verbose_name = "repeatable request"
        constraints = [
            models.UniqueConstraint(
                "owner",
                "key",
                name="accounts_idempotencykey_once",
                violation_error_code="key_in_use",
                violation_error_message="This key is used by another request.",
            ),
            models.CheckConstraint(
                condition=~Q(status=IdempotencyStatus.DONE) | Q(response_status__isnull=False),
                name="accounts_idempotencykey_done",
                violation_error_code="response_missing",
                violation_error_message="A finished request has its answer.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class RateBucket(RateBucketBase):
    """How often something was done in a span of time."""

    class Meta:
        ordering = ["-window_start", "pk"]
        verbose_name = "counter"


class OutgoingMessage(IdentifiedModel):
    """An e-mail or SMS that Courtyard sent or tried to send; never its text, never a code.

    ``payload`` holds what the template still needs, sealed, and is forgotten with the delivery.
    """

    user = models.ForeignKey(
        "accounts.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="outgoing_messages",
        verbose_name="person",
    )
    channel = models.CharField(max_length=5, choices=MessageChannel)
    to = SealedTextField()
    to_hint = models.CharField(max_length=80)
    template = models.CharField(max_length=60)
    locale = models.CharField(max_length=12, default="en")
    status = models.CharField(max_length=8, choices=OutgoingStatus, default=OutgoingStatus.QUEUED)
    payload = SealedTextField(null=True, blank=True)
    expires_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    provider_id = models.CharField(max_length=100, blank=True)
    error = models.CharField(max_length=300, blank=True)
    dedupe_key = models.CharField(max_length=120, unique=True, null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "pk"]
        verbose_name = "message sent"
        verbose_name_plural = "messages sent"
        indexes = [models.Index("status", "created_at", "id", name="accounts_outgoing_status")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=OutgoingStatus.SENT) | Q(sent_at__isnull=False),
                name="accounts_outgoingmessage_sent_when",
                violation_error_code="sent_at_missing",
                violation_error_message="A message that was sent says when.",
            ),
            models.CheckConstraint(
                condition=~Q(status=OutgoingStatus.SENT) | Q(payload__isnull=True),
                name="accounts_outgoingmessage_sent_forgets",
                violation_error_code="payload_kept",
                violation_error_message="A message that was sent keeps nothing of its text.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} to {self.to_hint}"
