"""The numbers beside the lines of the side bar."""

from django.http import HttpRequest

from accounts.models import Verification
from config.shared.job_queue import queues


def papers_waiting(request: HttpRequest) -> str:
    """How many identity papers wait for a decision."""
    return str(Verification.objects.waiting().count())


def failed_jobs(request: HttpRequest) -> str:
    """How many jobs have failed for good."""
    return str(sum(queue.failed for queue in queues()))
