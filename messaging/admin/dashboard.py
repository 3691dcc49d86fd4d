"""Moderation on the front page of the back office."""

from django.db.models import Count, Min, Q
from django.http import HttpRequest

from accounts.groups import MODERATION, SITE_ADMINISTRATION
from config.shared.dashboard import Content, Figure, panel
from config.shared.dashboard_parts import age, by_day, is_old, list_of
from messaging.choices import ReportStatus
from messaging.models import Report


@panel("Reports", groups=(MODERATION, SITE_ADMINISTRATION), place=5)
def waiting() -> Content:
    """How many reports wait, since when, and what became of the others."""
    found = Report.objects.aggregate(
        oldest=Min("created_at", filter=Q(status=ReportStatus.OPEN)),
        **{status.value: Count("pk", filter=Q(status=status)) for status in ReportStatus},
    )
    figures = [
        Figure(
            status.label,
            found[status.value],
            list_of("messaging.report", status__exact=status.value),
            age(found["oldest"]) if status == ReportStatus.OPEN else "",
            is_urgent=status == ReportStatus.OPEN and is_old(found["oldest"]),
        )
        for status in ReportStatus
    ]
    charts = [
        by_day("Reports", Report.objects.all(), "created_at"),
        by_day("Decided", Report.objects.exclude(closed_at=None), "closed_at"),
    ]
    return figures, charts


def reports_waiting(request: HttpRequest) -> str:
    """How many reports nobody has decided on, for the side bar."""
    return str(Report.objects.open().count())
