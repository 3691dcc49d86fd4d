"""What people are told of reports: whoever made one, and whoever is warned."""

from accounts.services.message_templates import register_templates
from messaging.choices import NotificationCategory, ReportStatus
from messaging.models import Report
from messaging.services.categories import register_categories
from messaging.services.notifications import notify

register_templates(
    {"report_decided": ["outcome", "about"], "content_warning": ["about", "reason"]},
)
register_categories(
    {
        "report_decided": NotificationCategory.COMMUNITY,
        "content_warning": NotificationCategory.SECURITY,
    }
)


def tell_reporter(*, report: Report) -> None:
    """Tell whoever made the report what became of it; never by whom."""
    notify(
        user=report.reporter,
        template="report_decided",
        context={
            "outcome": "acted" if report.status == ReportStatus.ACTIONED else "dismissed",
            "about": report.target_type.partition(".")[2],
        },
        dedupe_key=f"{report.pk}",
        link=f"/api/v1/reports/{report.pk}/",
    )


def warn(*, report: Report, reason: str) -> None:
    """Tell whoever has done what was reported that it must not happen again."""
    if report.accused is not None:
        notify(
            user=report.accused,
            template="content_warning",
            context={"about": report.target_type.partition(".")[2], "reason": reason},
            dedupe_key=f"{report.target_type}:{report.target_id}",
            urgent=True,
        )
