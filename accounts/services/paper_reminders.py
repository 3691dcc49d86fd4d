"""Telling contractors in time that a paper runs out: 30, 7 and 1 days before, once each."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import ContractorPaper, Membership, User
from accounts.querysets.organizations import LEADING_ROLES
from accounts.services import outbox
from accounts.services.papers import holder_of, today_of_holder
from config.shared.clock import database_now
from config.shared.errors import MissingError
from config.shared.locks import lock_one

REMINDER_DAYS = (30, 7, 1)


def remind_of_expiring_papers(*, now: datetime | None = None) -> int:
    """Send every reminder that is due and was not sent yet; returns how many papers it was.

    May run as often as one likes, also twice at once: what was sent is written on the paper under
    its lock, in the transaction that queues the message. After days without a run, only the
    latest of the reminders that were missed is sent.
    """
    moment = now or database_now()
    days = moment.date() - timedelta(days=1), moment.date() + timedelta(days=REMINDER_DAYS[0] + 1)
    soon = ContractorPaper.objects.current().filter(valid_until__range=days)
    expiring = soon.exclude(reminded_days=REMINDER_DAYS[-1]).select_related("user", "organization")
    due = [paper.pk for paper in expiring if stage_of(paper, moment) is not None]
    return sum(_remind(pk, moment) for pk in due)


def stage_of(paper: ContractorPaper, now: datetime) -> int | None:
    """Which reminder ``paper`` is due for (30, 7 or 1); None when there is none to be sent."""
    left = days_left(paper, now)
    reached = [days for days in REMINDER_DAYS if 0 <= left <= days]
    if not reached or (paper.reminded_days is not None and paper.reminded_days <= reached[-1]):
        return None
    return reached[-1]


def days_left(paper: ContractorPaper, now: datetime) -> int:
    """How many days ``paper`` still counts after today, by the calendar of its holder."""
    return (paper.valid_until - today_of_holder(holder_of(paper), now=now)).days


@transaction.atomic
def _remind(pk: object, now: datetime) -> bool:
    try:
        paper = lock_one(ContractorPaper.objects.current(), pk=pk)
    except MissingError:
        return False
    stage = stage_of(paper, now)
    if stage is None:
        return False
    paper.reminded_days = stage
    paper.save(update_fields=["reminded_days", "updated_at"])
    for person in recipients_of(paper):
        _tell(person, paper, stage=stage, days=days_left(paper, now))
    return True


def recipients_of(paper: ContractorPaper) -> Iterable[User]:
    """The person themselves, or the owners and administrators of the organization."""
    people = User.objects.active()
    if paper.organization_id is None:
        return people.filter(pk=paper.user_id)
    leaders = Membership.objects.live().filter(
        organization=paper.organization_id, role__in=LEADING_ROLES
    )
    return people.filter(pk__in=leaders.values("user")).order_by("pk")


def _tell(person: User, paper: ContractorPaper, *, stage: int, days: int) -> None:
    """One message, by e-mail where there is a verified address, else by SMS."""
    email = person.email if person.email_verified else None
    address = email or (person.phone_number if person.phone_verified else None)
    if address is None:
        return
    send = outbox.send_email if email else outbox.send_sms
    send(
        to=address,
        template="paper_expires",
        context={
            "paper": paper.kind,
            "name": str(holder_of(paper)),
            "days": days,
            "valid_until": paper.valid_until,
        },
        user=person,
        dedupe_key=f"paper:{paper.pk}:{stage}:{person.pk}",
    )
