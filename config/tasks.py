"""Upkeep of the queue and of the API."""

import logging

from django.conf import settings

from config.shared import idempotency_upkeep, job_upkeep
from config.shared.jobs import periodic

logger = logging.getLogger(__name__)


@periodic("* * * * *", name="config.rescue_stalled_jobs", priority=100)
def rescue_stalled_jobs() -> None:
    """Hand out again, every minute, the jobs of workers that died."""
    rescued = job_upkeep.rescue_stalled()
    if rescued.retried or rescued.failed:
        logger.warning("stalled jobs: %d retried, %d given up", rescued.retried, rescued.failed)


@periodic("17 3 * * *", name="config.delete_finished_jobs", retries=3)
def delete_finished_jobs() -> None:
    """Delete, every night, the jobs that ended longer ago than the settings keep them."""
    deleted = job_upkeep.delete_finished(
        done_before_days=settings.JOBS_KEEP_DAYS,
        failed_before_days=settings.JOBS_KEEP_FAILED_DAYS,
    )
    logger.info("finished jobs: %d deleted", deleted)


@periodic("37 * * * *", name="config.forget_repeated_requests", retries=3)
def forget_repeated_requests() -> None:
    """Delete, every hour, the answers that were kept for repetitions longer ago than a day."""
    logger.info("kept answers: %d deleted", idempotency_upkeep.purge_expired())
