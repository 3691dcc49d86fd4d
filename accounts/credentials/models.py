"""Secrets, in a database of their own, linked to people by identifier only."""

from django.contrib.auth.hashers import identify_hasher
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from accounts.choices import CodeKind, CodePurpose, CodeState, MessageChannel, SessionEnd
from accounts.credentials.querysets import (
    CredentialQuerySet,
    OneTimeCodeQuerySet,
    PasskeyQuerySet,
    SessionQuerySet,
)
from config.shared.limits_models import RateBucketBase
from config.shared.models import IdentifiedModel
from config.shared.sealed import SealedBytesField, SealedTextField


class Credential(models.Model):
    """What proves a person: password hash, second factor and the link to Google."""

    user_id = models.UUIDField("person", primary_key=True, editable=False)
    password_hash = models.CharField(max_length=256, blank=True)
    totp_secret = SealedTextField(null=True, blank=True)
    totp_confirmed_at = models.DateTimeField(null=True, blank=True)
    totp_last_step = models.BigIntegerField(default=0)
    backup_codes = models.JSONField(default=list, blank=True)
    google_sub = models.CharField(max_length=255, unique=True, null=True, blank=True)
    google_oauth_token = SealedBytesField(null=True, blank=True)
    token_version = models.PositiveIntegerField(default=0)
    failed_login_attempts = models.PositiveIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    last_password_attempt = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(totp_confirmed_at__isnull=True) | Q(totp_secret__isnull=False),
                name="credentials_credential_totp_confirmed",
                violation_error_code="totp_secret_missing",
                violation_error_message="Only a second factor that has a secret can be confirmed.",
            ),
        ]

    def __str__(self) -> str:
        return f"Credential {str(self.user_id)[-6:]}"

    @property
    def salt(self) -> str:
        """The salt inside the encoded hash, empty when there is no usable password."""
        if not self.password_hash or self.password_hash.startswith("!"):
            return ""
        return str(identify_hasher(self.password_hash).decode(self.password_hash)["salt"])


class OneTimeCode(IdentifiedModel):
    """A code or link that was sent to prove a phone number or e-mail address."""

    user_id = models.UUIDField("person", null=True, blank=True, db_index=True)
    identifier_mac = models.CharField(max_length=64)
    identifier = SealedTextField()
    identifier_hint = models.CharField(max_length=80)
    channel = models.CharField(max_length=5, choices=MessageChannel)
    code_hash = models.CharField(max_length=200)
    kind = models.CharField(max_length=4, choices=CodeKind, default=CodeKind.CODE)
    purpose = models.CharField(max_length=16, choices=CodePurpose)
    payload = SealedTextField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=3)
    is_used = models.BooleanField(default=False)
    is_verified = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    requested_ip_prefix = models.CharField(max_length=48, blank=True)

    objects = OneTimeCodeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        verbose_name = "code sent"
        verbose_name_plural = "codes sent"
        indexes = [
            models.Index("identifier_mac", F("created_at").desc(), name="credentials_code_sent"),
            models.Index(F("created_at").desc(), name="credentials_code_recent"),
        ]
        constraints = [
            models.UniqueConstraint(
                "identifier_mac",
                "purpose",
                condition=Q(is_used=False, superseded_at__isnull=True),
                name="credentials_onetimecode_one_live",
                violation_error_code="code_live",
                violation_error_message="A code for this purpose is on its way already.",
            ),
            models.CheckConstraint(
                condition=Q(attempts__lte=F("max_attempts")),
                name="credentials_onetimecode_attempts",
                violation_error_code="attempts_exceeded",
                violation_error_message="A code is tried no more often than it may be.",
            ),
            models.CheckConstraint(
                condition=Q(is_verified=False) | (Q(is_used=True) & Q(verified_at__isnull=False)),
                name="credentials_onetimecode_verified",
                violation_error_code="verified_incomplete",
                violation_error_message="A verified code is used and says when.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} to {self.identifier_hint}"

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_valid(self) -> bool:
        """Whether the right value would still open it; what counts is asked of the database."""
        return self.state == CodeState.ISSUED

    @property
    def state(self) -> CodeState:
        """Where the code stands; a code that was used stays used."""
        if self.is_used:
            return CodeState.USED
        if self.superseded_at is not None:
            return CodeState.SUPERSEDED
        if self.attempts >= self.max_attempts:
            return CodeState.DEAD
        return CodeState.EXPIRED if self.is_expired else CodeState.ISSUED


class Session(IdentifiedModel):
    """One signed-in device: a family of refresh tokens of which only the newest counts."""

    user_id = models.UUIDField("person", db_index=True)
    refresh_hash = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64, blank=True)
    generation = models.PositiveIntegerField(default=1)
    token_version = models.PositiveIntegerField(default=0)
    amr = ArrayField(models.CharField(max_length=12), default=list, blank=True, size=6)
    device_label = models.CharField(max_length=160, blank=True)
    ip_prefix = models.CharField(max_length=48, blank=True)
    authenticated_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    rotated_at = models.DateTimeField()
    last_used_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    absolute_expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=10, choices=SessionEnd, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["-last_used_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(revoked_at__isnull=True) & Q(revoked_reason=""))
                | (Q(revoked_at__isnull=False) & ~Q(revoked_reason="")),
                name="credentials_session_revoked_why",
                violation_error_code="revocation_incomplete",
                violation_error_message="A session that was ended says when and why.",
            ),
        ]

    def __str__(self) -> str:
        return self.device_label or f"Session {str(self.pk)[-6:]}"


class Passkey(IdentifiedModel):
    """A device key that signs a person in without a password."""

    user_id = models.UUIDField("person", db_index=True)
    credential_id = models.BinaryField(unique=True, max_length=1024)
    public_key = models.BinaryField(max_length=2048)
    sign_count = models.BigIntegerField(default=0)
    name = models.CharField(max_length=80)
    transports = ArrayField(models.CharField(max_length=20), default=list, blank=True, size=8)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = PasskeyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]

    def __str__(self) -> str:
        return self.name


class Challenge(IdentifiedModel):
    """A question put to a browser or phone that can be answered once."""

    user_id = models.UUIDField("person", null=True, blank=True)
    purpose = models.CharField(max_length=20)
    data = SealedTextField(blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-created_at", "pk"]

    def __str__(self) -> str:
        return self.purpose


class RateBucket(RateBucketBase):
    """How often somebody tried to sign in or asked for a code in a span of time."""

    class Meta:
        ordering = ["-window_start", "pk"]
        verbose_name = "counter"


class FailureCounter(IdentifiedModel):
    """How many wrong passwords or codes came in a row, and until when none is looked at."""

    key = models.CharField(max_length=120, unique=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    locked_until = models.DateTimeField(null=True, blank=True, editable=False)
    last_failed_at = models.DateTimeField(db_default=Now(), db_index=True, editable=False)

    class Meta:
        ordering = ["-last_failed_at", "pk"]
        verbose_name = "counter of failures"
        verbose_name_plural = "counters of failures"

    def __str__(self) -> str:
        return f"{self.failures} in a row"
