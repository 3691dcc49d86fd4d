"""Reports: what people bring to the staff's attention, and what the staff do about it."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.services.standing import suspend
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError, NotAllowedError
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.retries import retry_transaction
from messaging.choices import ReportAction, ReportStatus
from messaging.flows import REPORT_FLOW
from messaging.models import Message, Report
from messaging.report_exceptions import (
    ActionUnfitError,
    OwnThingError,
    PartyToReportError,
    ReportedAlreadyError,
)
from messaging.services import report_notices
from messaging.services.moderation_context import close_conversation
from messaging.services.reportables import Reportable, reportable_named, reportable_of, target_of

PERMISSION = "messaging.decide_report"
ONCE = "messaging_report_once"


@retry_transaction
def make_report(
    *, reporter: User, target_type: str, target_id: UUID, reason: str, text: str = ""
) -> Report:
    """Report a thing that ``reporter`` can see, as it is now.

    Raises ``InvalidInputError`` for a kind that is not known and for what they cannot see,
    ``OwnThingError`` for what is theirs, ``ReportedAlreadyError`` while an earlier report of theirs
    about it is open.
    """
    kind = reportable_named(target_type)
    if kind is None:
        raise InvalidInputError.at("/target_type", "unknown_target", "This cannot be reported.")
    target = kind.visible_to(reporter).filter(pk=target_id).first()
    if target is None:
        raise InvalidInputError.at("/target_id", "does_not_exist", "There is no such thing.")
    accused = kind.accused(target)
    if accused == reporter:
        raise OwnThingError.at("/target_id", OwnThingError.code, OwnThingError.title)
    try:
        with transaction.atomic():
            report = Report.objects.create(
                reporter=reporter,
                target_type=kind.label,
                target_id=target.pk,
                accused=accused,
                reason=reason,
                text=text,
                snapshot=kind.snapshot(target),
            )
    except IntegrityError as error:
        if ONCE not in str(error):
            raise
        raise ReportedAlreadyError from error
    audit.record(
        "messaging.report.made", target=report, actor=reporter, after={"reason": report.reason}
    )
    return report


@retry_transaction
def take_up(*, report: Report, actor: User) -> Report:
    """Say that one looks at a report, so that nobody else does."""
    report = _decidable(report, actor)
    move(report, ReportStatus.TRIAGED, flow=REPORT_FLOW, actor=actor, handled_by=actor)
    return report


@retry_transaction
def put_back(*, report: Report, actor: User) -> Report:
    """Leave a report that one has taken up to others."""
    report = _decidable(report, actor)
    move(report, ReportStatus.OPEN, flow=REPORT_FLOW, actor=actor, handled_by=None)
    return report


@retry_transaction
def dismiss(*, report: Report, actor: User, reason: str) -> Report:
    """Find that nothing has to be done; whoever reported it is told."""
    report = _decidable(report, actor)
    _close(report, ReportStatus.DISMISSED, actor, reason)
    return report


def act_on(*, report: Report, actor: User, action: str, reason: str) -> Report:
    """Do something about what was reported, and close all open reports about it.

    What is done obeys the rules of the thing itself: ``remove_product``, ``end_stream`` and the
    like, with their permissions. It comes first, bears repetition, and what it refuses leaves the
    report open. Raises ``PartyToReportError``, ``ActionUnfitError``, ``NotAllowedError``.
    """
    _check(report, actor)
    REPORT_FLOW.check(report.status, ReportStatus.ACTIONED)
    _carry_out(report, actor, ReportAction(action), reason)
    return _close_all(report, actor, action, reason)


@retry_transaction
def _close_all(report: Report, actor: User, action: str, reason: str) -> Report:
    same = Report.objects.open().filter(target_type=report.target_type, target_id=report.target_id)
    rows = lock(report, *same.exclude(pk=report.pk))
    for row in rows:
        if row.pk == report.pk or row.status in {ReportStatus.OPEN, ReportStatus.TRIAGED}:
            _close(row, ReportStatus.ACTIONED, actor, reason, action=action)
    found: Report = rows[0]
    return found


def _carry_out(report: Report, actor: User, action: ReportAction, reason: str) -> None:
    kind, target = reportable_of(report.target_type), None
    if kind is not None:
        target = target_of(label=report.target_type, key=report.target_id)
    if action in {ReportAction.PERSON_WARNED, ReportAction.PERSON_SUSPENDED}:
        _about_person(report, actor, action, reason)
    elif kind is None or target is None:
        raise ActionUnfitError("What was reported is no longer there.")
    else:
        _about_thing(kind, target, actor, action, reason)


def _about_person(report: Report, actor: User, action: ReportAction, reason: str) -> None:
    if report.accused is None:
        raise ActionUnfitError("Nobody in particular has done this.")
    if action == ReportAction.PERSON_SUSPENDED:
        suspend(user=report.accused, actor=actor, reason=reason)
    else:
        report_notices.warn(report=report, reason=reason)


def _about_thing(
    kind: Reportable, target: Any, actor: User, action: ReportAction, reason: str
) -> None:
    if action == ReportAction.CONTENT_REMOVED and kind.remove is not None:
        kind.remove(target, actor, reason)
    elif action == ReportAction.STREAM_ENDED and kind.end is not None:
        kind.end(target, actor, reason)
    elif action == ReportAction.CONVERSATION_CLOSED and isinstance(target, Message):
        close_conversation(conversation=target.conversation, actor=actor, reason=reason)
    else:
        raise ActionUnfitError


def _close(
    report: Report, status: ReportStatus, actor: User, reason: str, *, action: str = ""
) -> None:
    move(
        report,
        status,
        flow=REPORT_FLOW,
        actor=actor,
        reason=reason,
        handled_by=actor,
        action=action,
        decision_note=reason[:1000],
        closed_at=database_now(),
    )
    report_notices.tell_reporter(report=report)


def _decidable(report: Report, actor: User) -> Report:
    (report,) = lock(report)
    _check(report, actor)
    return report


def _check(report: Report, actor: User) -> None:
    if not (actor.is_active and actor.is_staff and actor.has_perm(PERMISSION)):
        raise NotAllowedError
    if actor.pk in {report.reporter_id, report.accused_id}:
        raise PartyToReportError
