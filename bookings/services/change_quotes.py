"""Change requests as builders answer and carry them out."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from accounts.services.settings import get_setting
from bookings.choices import ChangeRequestStatus
from bookings.flows import CHANGE_REQUEST_FLOW
from bookings.models import ChangeRequest
from bookings.services import change_notices as notices
from bookings.services.change_rights import (
    check_phase,
    locked_change,
    require_builder,
    require_changeable,
)
from catalog.models import ProgressPhase
from config.shared.errors import InvalidInputError
from config.shared.flows import move
from config.shared.money import check_amount
from config.shared.retries import retry_transaction

LONGEST_VALIDITY = timedelta(days=365)
_S = ChangeRequestStatus


@retry_transaction
def review_change(
    *, change: ChangeRequest, actor: User, cutoff_phase: ProgressPhase | None = None
) -> ChangeRequest:
    """Take a submitted request up; ``cutoff_phase`` settles which phase it must precede."""
    found, _now = locked_change(change)
    require_builder(change=found, actor=actor)
    check_phase(booking=found.booking, phase=cutoff_phase)
    settled: dict[str, Any] = {} if cutoff_phase is None else {"cutoff_phase": cutoff_phase}
    move(found, _S.UNDER_REVIEW, flow=CHANGE_REQUEST_FLOW, actor=actor, **settled)
    return found


@retry_transaction
def quote_change(
    *,
    change: ChangeRequest,
    actor: User,
    price: Decimal,
    extra_days: int,
    valid_days: int | None = None,
    valid_until: datetime | None = None,
    note: str = "",
) -> ChangeRequest:
    """Say what a change costs, in the booking's currency, and by how many days it delays.

    The quote holds for ``valid_days``, or until ``valid_until``, or as long as the site's setting
    ``change_quote_days`` says.
    """
    found, now = locked_change(change)
    require_builder(change=found, actor=actor)
    CHANGE_REQUEST_FLOW.check(found.status, _S.QUOTED)
    require_changeable(booking=found.booking)
    amount = check_amount(price, found.currency, pointer="/price")
    until = valid_until or now + timedelta(days=valid_days or get_setting("change_quote_days"))
    if not now < until <= now + LONGEST_VALIDITY:
        raise InvalidInputError.at(
            "/valid_until", "time_out_of_range", "Within the next year, and not in the past."
        )
    move(
        found,
        _S.QUOTED,
        flow=CHANGE_REQUEST_FLOW,
        actor=actor,
        quoted_price=amount,
        extra_days=extra_days,
        quote_valid_until=until,
        decision_note=note,
    )
    notices.tell_of_quote(found)
    return found


@retry_transaction
def reject_change(*, change: ChangeRequest, actor: User, reason: str) -> ChangeRequest:
    """Turn a request under review down, with a reason that the customer reads."""
    found, now = locked_change(change)
    require_builder(change=found, actor=actor)
    if not reason.strip():
        raise InvalidInputError.at("/reason", "required", "Say why.")
    move(
        found,
        _S.REJECTED,
        flow=CHANGE_REQUEST_FLOW,
        actor=actor,
        reason=reason,
        decided_by=actor,
        decided_at=now,
        decision_note=reason,
    )
    notices.tell_customer(found, "change_rejected", reason=reason)
    return found


@retry_transaction
def start_change(*, change: ChangeRequest, actor: User) -> ChangeRequest:
    """Begin the work on an approved change."""
    found, _now = locked_change(change)
    require_builder(change=found, actor=actor)
    CHANGE_REQUEST_FLOW.check(found.status, _S.IN_PROGRESS)
    require_changeable(booking=found.booking)
    move(found, _S.IN_PROGRESS, flow=CHANGE_REQUEST_FLOW, actor=actor)
    notices.tell_customer(found, "change_started")
    return found


@retry_transaction
def complete_change(*, change: ChangeRequest, actor: User) -> ChangeRequest:
    """Say that the work on a change is done."""
    found, now = locked_change(change)
    require_builder(change=found, actor=actor)
    move(found, _S.COMPLETED, flow=CHANGE_REQUEST_FLOW, actor=actor, completed_at=now)
    notices.tell_customer(found, "change_completed")
    return found
