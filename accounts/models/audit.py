"""What is remembered of every act."""

from django.db import models
from django.db.models import F
from django.db.models.functions import Now

from accounts.querysets.audit import AuditEventQuerySet
from config.shared.models import IdentifiedModel


class AuditEvent(IdentifiedModel):
    """One act: who did what to which thing, when and why. It can be neither changed nor deleted."""

    at = models.DateTimeField(db_default=Now(), editable=False)
    actor = models.ForeignKey(
        "accounts.User",
        models.DO_NOTHING,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="acts",
        editable=False,
    )
    action = models.CharField(max_length=80, editable=False)
    object_type = models.CharField(max_length=80, editable=False)
    object_id = models.CharField(max_length=64, editable=False)
    before = models.JSONField(default=dict, editable=False)
    after = models.JSONField(default=dict, editable=False)
    reason = models.CharField(max_length=500, blank=True, editable=False)
    request_id = models.CharField(max_length=64, blank=True, editable=False)
    ip_prefix = models.CharField(max_length=48, blank=True, editable=False)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "pk"]
        indexes = [
            models.Index(
                "object_type", "object_id", F("at").desc(), name="accounts_auditevent_object"
            ),
            models.Index("actor", F("at").desc(), name="accounts_auditevent_actor"),
            models.Index(F("at").desc(), "id", name="accounts_auditevent_at"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type}"
