"""What people bring to the staff's attention."""

from django.db import models
from django.db.models import F, Q

from config.shared.models import TimeStampedModel
from messaging.choices import ReportAction, ReportReason, ReportStatus
from messaging.querysets.reports import ReportQuerySet


class Report(TimeStampedModel):
    """Somebody says that something here is not right."""

    reporter = models.ForeignKey("accounts.User", models.PROTECT, related_name="reports_made")
    target_type = models.CharField(max_length=60, help_text="The model, lower case.")
    target_id = models.UUIDField()
    accused = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reports_about",
        help_text="Whose doing it is.",
    )
    reason = models.CharField(max_length=12, choices=ReportReason)
    text = models.CharField(max_length=2000, blank=True)
    snapshot = models.JSONField(
        default=dict, blank=True, editable=False, help_text="What was there when it was reported."
    )
    status = models.CharField(max_length=10, choices=ReportStatus, default=ReportStatus.OPEN)
    handled_by = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reports_handled",
    )
    action = models.CharField(max_length=20, choices=ReportAction, blank=True)
    decision_note = models.CharField(max_length=1000, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        permissions = [("decide_report", "May decide on reports")]
        indexes = [
            models.Index("status", "created_at", "id", name="messaging_report_status"),
            models.Index("reporter", F("created_at").desc(), "id", name="messaging_report_mine"),
            models.Index("target_type", "target_id", name="messaging_report_target"),
        ]
        constraints = [
            models.UniqueConstraint(
                "reporter",
                "target_type",
                "target_id",
                condition=Q(status__in=[ReportStatus.OPEN, ReportStatus.TRIAGED]),
                name="messaging_report_once",
                violation_error_code="reported_already",
                violation_error_message="You have reported this; the staff will look at it.",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[ReportStatus.ACTIONED, ReportStatus.DISMISSED],
                    closed_at__isnull=False,
                    handled_by__isnull=False,
                )
                | Q(status__in=[ReportStatus.OPEN, ReportStatus.TRIAGED], closed_at__isnull=True),
                name="messaging_report_closed",
                violation_error_code="closed_when",
                violation_error_message="A decided report says when and by whom.",
            ),
            models.CheckConstraint(
                condition=Q(status=ReportStatus.ACTIONED) & ~Q(action="")
                | ~Q(status=ReportStatus.ACTIONED) & Q(action=""),
                name="messaging_report_action",
                violation_error_code="action_contradicts_status",
                violation_error_message="A report that was acted on says how.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: {self.target_type.rpartition('.')[2]}"
