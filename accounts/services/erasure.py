"""Forgetting a person: asked for by them, carried out after a time in which they can come back.

Who asks is put to rest at once: nobody sees them, nobody is signed in. Coming back with a code
before the day that was named takes the wish back. On that day everything of theirs goes, step by
step; each step may be repeated, so a crash anywhere is followed by the rest on the next try. What
they may do is taken first and the secrets go last, so a half-erased account opens to nobody.
docs/adr/0005-erasure.md says what stays and why.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.choices import ErasureStatus, SessionEnd, UserStatus
from accounts.exceptions import ErasureRefusedError, ErasureUnderWayError
from accounts.flows import ERASURE_FLOW
from accounts.models import ErasureRequest, User
from accounts.services import erasure_steps, notices, sessions
from accounts.services.deactivation import put_to_rest
from accounts.services.settings import get_setting
from accounts.services.step_up import Caller, require_fresh
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import MissingError
from config.shared.flows import move
from config.shared.jobs import defer, defer_at
from config.shared.locks import lock
from config.shared.personal_data import Obstacle, erasers, obstacles

JOB = "accounts.erase_person"
HELD_FOR = timedelta(days=1)
BATCH = 200


@dataclass(frozen=True, slots=True)
class Outlook:
    """What asking to be erased would lead to."""

    possible: bool
    reasons: tuple[dict[str, str], ...]
    grace_days: int


def ask_for_erasure(caller: Caller) -> ErasureRequest:
    """Put the caller to rest, and write down when they will be erased.

    Raises ``FreshSignInRequiredError``, and ``ErasureRefusedError`` with everything that has to be
    settled first.
    """
    require_fresh(caller)
    request = schedule(caller.user, asked_by=caller.user)
    sessions.revoke_rows(user_id=caller.user.pk, reason=SessionEnd.LOGOUT)
    return request


def schedule(
    user: User, *, asked_by: User | None, reason: str = "", at_once: bool = False
) -> ErasureRequest:
    """Write down that ``user`` is to be erased, and put them to rest; the sessions' rows stay.

    ``at_once`` leaves out the time in which they could come back, and leaves it to the caller to
    carry it out. Raises ``ErasureRefusedError``.
    """
    with transaction.atomic():
        (person,) = lock(user)
        erasure_steps.hold_organizations(person)
        if found := obstacles_of(person):
            raise ErasureRefusedError(found)
        if person.status == UserStatus.ACTIVE:
            put_to_rest(person, actor=asked_by, reason=reason)
        due_at = database_now() + grace(at_once=at_once)
        request = ErasureRequest.objects.create(user=person, asked_by=asked_by, due_at=due_at)
        audit.record(
            "accounts.erasurerequest.scheduled",
            target=request,
            actor=asked_by,
            after={"user": person.pk, "due_at": due_at},
            reason=reason,
        )
        if grace(at_once=at_once):
            notices.tell(person, "erasure_scheduled", due_at=due_at)
            defer_at(due_at, JOB, request_id=request.pk)
        elif not at_once:
            defer(JOB, request_id=request.pk)
    return request


def take_back(person: User) -> bool:
    """Drop the wish of a person who has come back; the caller has locked their row.

    Raises ``ErasureUnderWayError`` once it is being carried out.
    """
    request = ErasureRequest.objects.open().filter(user=person).first()
    if request is None:
        return False
    (request,) = lock(request)
    if request.status == ErasureStatus.RUNNING:
        raise ErasureUnderWayError
    move(request, ErasureStatus.CANCELLED, flow=ERASURE_FLOW, actor=person)
    return True


def obstacles_of(person: User) -> list[Obstacle]:
    """What has to be settled before ``person`` can be erased."""
    return obstacles(person)


def outlook(*, user: User) -> Outlook:
    """Whether ``user`` could be erased now, and how long they could come back."""
    found = obstacles_of(user)
    reasons = tuple(obstacle.as_dict() for obstacle in found)
    return Outlook(possible=not found, reasons=reasons, grace_days=grace().days)


def grace(*, at_once: bool = False) -> timedelta:
    """How long a person can come back after asking to be erased."""
    return timedelta(days=0 if at_once else get_setting("erasure_grace_days"))


def erase_due() -> int:
    """Erase everybody whose day has come, also those whose erasure was cut short; how many."""
    due = ErasureRequest.objects.due().order_by("due_at", "pk").values_list("pk", flat=True)
    return sum(carry_out(request_id=key) is not None for key in due[:BATCH])


def carry_out(*, request_id: UUID) -> dict[str, int] | None:
    """Erase whom the request names, if its day has come; gives how many rows went, by part.

    Somebody against whom an obstacle has arisen since is held, and looked at again on the next
    day. A request that was taken back, or is done, changes nothing and gives None.
    """
    person = _begin(request_id)
    if person is None:
        return None
    sessions.revoke_rows(user_id=person.pk, reason=SessionEnd.ADMIN)
    counts = erase_rows(person)
    erasure_steps.forget_codes(person)
    erasure_steps.anonymise(person)
    counts["credentials"] = erasure_steps.forget_secrets(person)
    _finish(request_id)
    return counts


def erase_rows(person: User) -> dict[str, int]:
    """Let every app remove what it keeps about ``person``; gives how many rows, by part."""
    counts = {}
    for name, erase in erasers():
        with transaction.atomic():
            counts[name] = erase(person)
    return counts


def _begin(request_id: UUID) -> User | None:
    """Take away what the person may do; None where nothing is to be done (yet)."""
    with transaction.atomic():
        request = ErasureRequest.objects.select_related("user").filter(pk=request_id).first()
        if request is None:
            raise MissingError
        person, request = lock(request.user, request)
        now = database_now()
        if request.status not in {ErasureStatus.SCHEDULED, ErasureStatus.RUNNING}:
            return None
        if request.due_at > now or _is_held(request, person, now):
            return None
        if request.status == ErasureStatus.SCHEDULED:
            move(request, ErasureStatus.RUNNING, flow=ERASURE_FLOW, actor=None)
        if person.status == UserStatus.ACTIVE:
            put_to_rest(person, actor=None)
        sessions.void_tokens(person)
    return person


def _is_held(request: ErasureRequest, person: User, now: datetime) -> bool:
    """Whether something stands against it; then it is due again on the next day."""
    if request.status == ErasureStatus.RUNNING:
        return False
    found = obstacles_of(person)
    if found:
        request.held_at, request.due_at = now, now + HELD_FOR
        request.held_because = [obstacle.as_dict() for obstacle in found]
        request.save(update_fields=["held_at", "held_because", "due_at", "updated_at"])
    return bool(found)


@transaction.atomic
def _finish(request_id: UUID) -> None:
    (request,) = lock(ErasureRequest.objects.get(pk=request_id))
    if request.status == ErasureStatus.RUNNING:
        move(
            request,
            ErasureStatus.FINISHED,
            flow=ERASURE_FLOW,
            actor=None,
            finished_at=database_now(),
            held_because=[],
        )
