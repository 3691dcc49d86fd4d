"""The numbers beside the lines of the side bar."""

from django.http import HttpRequest

from accounts.models import Verification
from config.shared.job_queue import queues


def papers_waiting(request: HttpRequest) -> int | None:
    """How many identity papers wait for a decision; nothing when none do."""
    return Verification.objects.waiting().count() or None


def failed_jobs(request: HttpRequest) -> int | None:
    """How many jobs have failed for good; nothing when none have."""
    return sum(queue.failed for queue in queues()) or None
