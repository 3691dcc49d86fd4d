"""Identity's figures on the front page of the back office."""

from datetime import timedelta

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone

from accounts.choices import (
    OrganizationStatus,
    OutgoingStatus,
    ResidencyStatus,
    UserStatus,
    VerificationStatus,
)
from accounts.credentials.models import OneTimeCode, Session
from accounts.groups import (
    FINANCE,
    MODERATION,
    SITE_ADMINISTRATION,
    SUPPORT,
    VERIFICATION,
)
from accounts.models import (
    ContractorPaper,
    Organization,
    OutgoingMessage,
    Residency,
    User,
    Verification,
)
from config.shared.dashboard import Content, Figure, panel
from config.shared.dashboard_parts import CHART_DAYS, age, by_day, is_old, list_of
from config.shared.job_queue import queues

EVERYBODY = (SUPPORT, MODERATION, VERIFICATION, FINANCE, SITE_ADMINISTRATION)


@panel("People", groups=EVERYBODY)
def people() -> Content:
    """How many people there are, by state, and how many came lately."""
    counts = User.objects.aggregate(
        active=Count("pk", filter=Q(status=UserStatus.ACTIVE)),
        pending=Count("pk", filter=Q(status=UserStatus.PENDING)),
        suspended=Count("pk", filter=Q(status=UserStatus.SUSPENDED)),
    )
    figures = [
        Figure("Active", counts["active"], _list("user", status__exact="active")),
        Figure("Waiting for their code", counts["pending"], _list("user", status__exact="pending")),
        Figure("Suspended", counts["suspended"], _list("user", status__exact="suspended")),
    ]
    return figures, [by_day("New people", User.objects.all(), "created_at")]


@panel("Verification", groups=(VERIFICATION, SITE_ADMINISTRATION))
def verification() -> Content:
    """What waits for a decision, and for how long."""
    papers = Verification.objects.filter(status=VerificationStatus.PENDING).aggregate(
        waiting=Count("pk"), oldest=Min("submitted_at")
    )
    claims = Residency.objects.filter(status=ResidencyStatus.CLAIMED).aggregate(
        waiting=Count("pk"), oldest=Min("created_at")
    )
    unverified = Organization.objects.filter(
        verified_at__isnull=True, status=OrganizationStatus.ACTIVE
    ).count()
    expiring = ContractorPaper.objects.current().filter(
        valid_until__lt=timezone.localdate() + timedelta(days=CHART_DAYS)
    )
    figures = [
        Figure(
            "Identity papers waiting",
            papers["waiting"],
            _list("verification", status__exact="pending"),
            age(papers["oldest"]),
            is_urgent=is_old(papers["oldest"]),
        ),
        Figure(
            "Residencies claimed",
            claims["waiting"],
            _list("residency", status__exact="claimed"),
            age(claims["oldest"]),
        ),
        Figure("Organizations not verified", unverified, _list("organization")),
        Figure("Papers expired or expiring in 30 days", expiring.count(), _list("contractorpaper")),
    ]
    return figures, []


@panel("Sign-in", groups=(SUPPORT, SITE_ADMINISTRATION))
def sign_in() -> Content:
    """Codes and sessions, from the second database."""
    since = timezone.now() - timedelta(days=1)
    codes = OneTimeCode.objects.filter(created_at__gte=since).aggregate(
        sent=Count("pk"), used=Count("pk", filter=Q(is_verified=True))
    )
    live = Session.objects.live().count()
    figures = [
        Figure("Signed-in devices", live, reverse("admin:credentials_session_changelist")),
        Figure(
            "Codes sent in 24 hours",
            codes["sent"],
            reverse("admin:credentials_onetimecode_changelist"),
            f"{codes['used']} used" if codes["sent"] else "",
        ),
    ]
    return figures, [by_day("Sign-ins", Session.objects.all(), "created_at")]


@panel("Deliveries and jobs", groups=(SUPPORT, SITE_ADMINISTRATION))
def deliveries() -> Content:
    """What did not go out, and what did not get done."""
    messages = OutgoingMessage.objects.aggregate(
        queued=Count("pk", filter=Q(status=OutgoingStatus.QUEUED)),
        failed=Count("pk", filter=Q(status=OutgoingStatus.FAILED)),
    )
    failed_jobs = sum(queue.failed for queue in queues())
    figures = [
        Figure("Waiting to be sent", messages["queued"], _list("outgoingmessage", status="queued")),
        Figure(
            "Not delivered",
            messages["failed"],
            _list("outgoingmessage", status__exact="failed"),
            is_urgent=messages["failed"] > 0,
        ),
        Figure(
            "Failed jobs",
            failed_jobs,
            reverse("admin:procrastinate_procrastinatejob_changelist") + "?status__exact=failed",
            is_urgent=failed_jobs > 0,
        ),
    ]
    return figures, []


def _list(model: str, **filters: str) -> str:
    return list_of(f"accounts.{model}", **filters)
