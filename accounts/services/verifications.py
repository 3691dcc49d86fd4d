"""Identity papers: handing them in, deciding on them, looking at them, forgetting them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from accounts.choices import VerificationStatus
from accounts.exceptions import AttemptsUsedUpError, OwnRequestError, PapersPurgedError
from accounts.flows import VERIFICATION_FLOW
from accounts.models import MediaFile, User, Verification
from accounts.services import notices
from accounts.services.calendars import today_of
from accounts.services.settings import get_setting
from accounts.services.verification_papers import (
    attach_papers,
    checked_papers,
    columns_of,
    discard_papers,
    files_of,
)
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import ConflictError, InvalidInputError, NotAllowedError
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.retries import retry_transaction

UNDECIDED: dict[str, Any] = {
    "reviewed_at": None,
    "reviewed_by": None,
    "rejection_reason": "",
    "purge_after": None,
    "purged_at": None,
}


class LicenseExpiredError(ConflictError):
    """The licence has run out since it was handed in."""

    code = "license_expired"
    title = "The licence has expired"


@dataclass(frozen=True, slots=True)
class OpenedPapers:
    """What a reviewer is shown: the numbers in clear, and the files."""

    verification: Verification
    emirates_id_number: str
    trade_license_number: str
    files: tuple[MediaFile, ...]


@retry_transaction
def submit_verification(*, user: User, verification_type: str, **papers: Any) -> Verification:
    """Hand in identity papers for ``user``, for the first time or again after a decision.

    ``papers`` are ``emirates_id_number``, ``emirates_id_front``, ``emirates_id_back``,
    ``trade_license_number``, ``trade_license_document`` and ``license_valid_until``; which of
    them are needed follows from ``verification_type``, and others are left out. The person is
    locked first. Raises ``InvalidTransitionError`` while a decision is awaited,
    ``AttemptsUsedUpError`` after as many refusals as the setting allows, ``InvalidInputError``.
    """
    (user,) = lock(user)
    values = checked_papers(verification_type, papers, today=today_of(user))
    now = database_now()
    found = Verification.objects.filter(user=user).first()
    if found is None:
        found = Verification(user=user, submitted_at=now, **columns_of(values))
        found.save(force_insert=True)
        attach_papers(found, values)
        audit.record("accounts.verification.pending", target=found, actor=user)
        return found
    (found,) = lock(found)
    attempts = 1 if found.status == VerificationStatus.APPROVED else found.attempts + 1
    VERIFICATION_FLOW.check(found.status, VerificationStatus.PENDING)
    if attempts > get_setting("verification_attempts"):
        raise AttemptsUsedUpError("Please write to support.")
    replaced = files_of(found)
    changes = {**columns_of(values), "attempts": attempts, "submitted_at": now, **UNDECIDED}
    move(found, VerificationStatus.PENDING, flow=VERIFICATION_FLOW, actor=user, **changes)
    attach_papers(found, values)
    discard_papers(replaced)
    return found


@retry_transaction
def approve_verification(*, verification: Verification, reviewer: User) -> Verification:
    """Approve papers, as a reviewer; never one's own. Raises ``LicenseExpiredError``."""
    verification = _locked(verification, reviewer)
    last = verification.license_valid_until
    if last is not None and last < today_of(verification.user):
        raise LicenseExpiredError
    return _decide(verification, VerificationStatus.APPROVED, reviewer)


@retry_transaction
def reject_verification(*, verification: Verification, reviewer: User, reason: str) -> Verification:
    """Refuse papers with a reason that the person reads; never one's own."""
    return _decide(_locked(verification, reviewer), VerificationStatus.REJECTED, reviewer, reason)


@retry_transaction
def revoke_verification(*, verification: Verification, reviewer: User, reason: str) -> Verification:
    """Take an approval back, with a reason that the person reads; never one's own."""
    return _decide(_locked(verification, reviewer), VerificationStatus.REVOKED, reviewer, reason)


@retry_transaction
def open_papers(
    *, verification: Verification, reviewer: User, numbers: bool = True, images: bool = True
) -> OpenedPapers:
    """Show ``reviewer`` the numbers or the images of papers; each time is written down.

    Raises ``PapersPurgedError`` once they have been deleted, ``NotAllowedError`` for everybody
    who does not review papers.
    """
    check_reviewer(reviewer)
    found = Verification.objects.with_papers().get(pk=verification.pk)
    if found.purged_at is not None:
        raise PapersPurgedError
    files = files_of(found) if images else ()
    audit.record(
        "accounts.verification.papers_viewed",
        target=found,
        actor=reviewer,
        after={"numbers": numbers, "files": [file.pk for file in files]},
    )
    return OpenedPapers(
        verification=found,
        emirates_id_number=found.emirates_id_number if numbers else "",
        trade_license_number=found.trade_license_number if numbers else "",
        files=files,
    )


def check_reviewer(user: User) -> None:
    """Refuse everybody who does not review identity papers."""
    if not (user.is_active and user.is_staff and user.has_perm("accounts.review_verification")):
        raise NotAllowedError


def _locked(verification: Verification, reviewer: User) -> Verification:
    check_reviewer(reviewer)
    (found,) = lock(verification)
    if found.user_id == reviewer.pk:
        raise OwnRequestError
    return found


def _decide(
    verification: Verification, status: VerificationStatus, reviewer: User, reason: str = ""
) -> Verification:
    VERIFICATION_FLOW.check(verification.status, status)
    if status != VerificationStatus.APPROVED and not reason.strip():
        raise InvalidInputError.at("/reason", "required", "Say why.")
    now = database_now()
    move(
        verification,
        status,
        flow=VERIFICATION_FLOW,
        actor=reviewer,
        reason=reason,
        reviewed_at=now,
        reviewed_by=reviewer,
        rejection_reason=reason,
        purge_after=now + timedelta(days=get_setting("verification_purge_days")),
    )
    notices.tell(verification.user, "verification_decided", status=status.value, reason=reason)
    return verification
