"""What people are told, and how they want to be told."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from config.shared.models import IdentifiedModel, TimeStampedModel
from messaging.choices import (
    DeliveryStatus,
    Digest,
    NotificationCategory,
    NotificationChannel,
    NotificationPriority,
)
from messaging.querysets.notifications import (
    DeliveryQuerySet,
    NotificationPreferenceQuerySet,
    NotificationQuerySet,
    NotificationScheduleQuerySet,
    PushSubscriptionQuerySet,
)


class Notification(IdentifiedModel):
    """Something that somebody should know, told once."""

    user = models.ForeignKey(
        "accounts.User", models.CASCADE, related_name="notifications", verbose_name="person"
    )
    type = models.CharField(max_length=40)
    category = models.CharField(
        max_length=12, choices=NotificationCategory, default=NotificationCategory.COMMUNITY
    )
    data = models.JSONField(default=dict, blank=True)
    link = models.CharField(max_length=300, blank=True, help_text="A path of the API.")
    priority = models.CharField(
        max_length=10, choices=NotificationPriority, default=NotificationPriority.NORMAL
    )
    dedupe_key = models.CharField(max_length=160, unique=True)
    in_app = models.BooleanField(
        default=True, help_text="Whether it stands in the list; some want only the e-mail."
    )
    read_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        indexes = [
            models.Index("user", F("created_at").desc(), "id", name="messaging_notification_user"),
            models.Index(
                "user", condition=Q(read_at__isnull=True), name="messaging_notification_unread"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} for {self.user}"


class NotificationPreference(TimeStampedModel):
    """On which channels somebody wants to hear of one kind of thing."""

    user = models.ForeignKey(
        "accounts.User",
        models.CASCADE,
        related_name="notification_preferences",
        verbose_name="person",
    )
    category = models.CharField(max_length=12, choices=NotificationCategory)
    channels = ArrayField(
        models.CharField(max_length=8, choices=NotificationChannel),
        size=4,
        default=list,
        blank=True,
    )

    objects = NotificationPreferenceQuerySet.as_manager()

    class Meta:
        ordering = ["user", "category", "pk"]
        constraints = [
            models.UniqueConstraint(
                "user",
                "category",
                name="messaging_notificationpreference_once",
                violation_error_code="preference_exists",
                violation_error_message="There is a preference for this category already.",
            ),
            models.CheckConstraint(
                condition=~Q(category=NotificationCategory.SECURITY),
                name="messaging_notificationpreference_security",
                violation_error_code="security_always",
                violation_error_message="Security notices always go out.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_category_display()}"


class NotificationSchedule(TimeStampedModel):
    """When somebody wants to be left in peace, and whether what can wait comes in one piece."""

    user = models.OneToOneField(
        "accounts.User",
        models.CASCADE,
        related_name="notification_schedule",
        verbose_name="person",
    )
    quiet_from = models.TimeField(null=True, blank=True, help_text="In the person's own time zone.")
    quiet_until = models.TimeField(null=True, blank=True)
    digest = models.CharField(max_length=8, choices=Digest, default=Digest.OFF)
    digest_sent_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = NotificationScheduleQuerySet.as_manager()

    class Meta:
        ordering = ["user", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | (
                    Q(quiet_from__isnull=False, quiet_until__isnull=False)
                    & ~Q(quiet_from=F("quiet_until"))
                ),
                name="messaging_notificationschedule_quiet",
                violation_error_code="quiet_incomplete",
                violation_error_message="Quiet hours have a beginning and another end.",
            ),
        ]

    def __str__(self) -> str:
        return f"Schedule of {self.user}"


class PushSubscription(TimeStampedModel):
    """A browser that takes notifications by Web Push (RFC 8030)."""

    user = models.ForeignKey(
        "accounts.User",
        models.CASCADE,
        related_name="push_subscriptions",
        verbose_name="person",
    )
    endpoint = models.URLField(max_length=1000)
    endpoint_hash = models.CharField(max_length=64, unique=True, editable=False)
    p256dh = models.CharField(max_length=200)
    auth = models.CharField(max_length=100)
    device = models.CharField(max_length=200, blank=True)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = PushSubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]

    def __str__(self) -> str:
        return self.device or f"Browser of {self.user}"


class Delivery(IdentifiedModel):
    """What became of a notification on one channel."""

    notification = models.ForeignKey(Notification, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=NotificationChannel)
    status = models.CharField(max_length=10, choices=DeliveryStatus, default=DeliveryStatus.QUEUED)
    reason = models.CharField(
        max_length=60, blank=True, help_text="Why it was suppressed or failed."
    )
    outgoing = models.ForeignKey(
        "accounts.OutgoingMessage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="deliveries",
        help_text="The e-mail or SMS of it.",
    )
    subscription = models.ForeignKey(
        PushSubscription, models.SET_NULL, null=True, blank=True, related_name="deliveries"
    )
    provider_id = models.CharField(max_length=120, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(
        null=True, blank=True, help_text="When quiet hours or the digest let it go."
    )
    at = models.DateTimeField(db_default=Now(), help_text="Of the last change.")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "pk"]
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index("notification", "channel", name="messaging_delivery_of"),
            models.Index(
                "not_before",
                condition=Q(status=DeliveryStatus.QUEUED),
                name="messaging_delivery_waiting",
            ),
            models.Index("outgoing", name="messaging_delivery_outgoing"),
            models.Index(F("at").desc(), "id", name="messaging_delivery_at"),
        ]

    def __str__(self) -> str:
        return f"{self.notification}, {self.get_channel_display()}"
