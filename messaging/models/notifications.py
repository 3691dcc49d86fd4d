"""What people are told."""

from django.db import models
from django.db.models import F, Q

from config.shared.models import IdentifiedModel
from messaging.choices import NotificationPriority
from messaging.querysets.notifications import NotificationQuerySet


class Notification(IdentifiedModel):
    """Something that somebody should know, told once."""

    user = models.ForeignKey(
        "accounts.User", models.CASCADE, related_name="notifications", verbose_name="person"
    )
    type = models.CharField(max_length=40)
    data = models.JSONField(default=dict, blank=True)
    link = models.CharField(max_length=300, blank=True, help_text="A path of the API.")
    priority = models.CharField(
        max_length=10, choices=NotificationPriority, default=NotificationPriority.NORMAL
    )
    dedupe_key = models.CharField(max_length=160, unique=True)
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
