"""The wish to be forgotten."""

from django.db import models
from django.db.models import Q

from accounts.choices import ErasureStatus
from accounts.querysets.erasure import ErasureRequestQuerySet
from config.shared.models import TimeStampedModel


class ErasureRequest(TimeStampedModel):
    """A person's wish to be forgotten, and what came of it; it names nobody once it is done."""

    user = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="erasure_requests", verbose_name="person"
    )
    asked_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    status = models.CharField(max_length=10, choices=ErasureStatus, default=ErasureStatus.SCHEDULED)
    due_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True, blank=True, editable=False)
    held_because = models.JSONField(default=list, blank=True, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ErasureRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        indexes = [
            models.Index(
                "due_at",
                condition=Q(status__in=["scheduled", "running"]),
                name="accounts_erasurerequest_due",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                "user",
                condition=Q(status__in=["scheduled", "running"]),
                name="accounts_erasurerequest_one_open",
                violation_error_code="erasure_scheduled",
                violation_error_message="This account is about to be erased already.",
            ),
            models.CheckConstraint(
                condition=Q(status="finished", finished_at__isnull=False)
                | (~Q(status="finished") & Q(finished_at__isnull=True)),
                name="accounts_erasurerequest_finished_when",
                violation_error_code="finished_contradicts_status",
                violation_error_message="A request has an end exactly when it is finished.",
            ),
        ]

    def __str__(self) -> str:
        return f"Erasure of {str(self.user_id)[-6:]}, {self.status}"
