"""News from the site: drafts, what is published, and how that is corrected or withdrawn."""

from collections.abc import Mapping, Sequence
from typing import Any

from accounts.choices import MediaPurpose
from accounts.models import MediaFile, User
from accounts.services.attachments import PICTURES, attach_file
from catalog.choices import PUBLIC_DEVELOPMENTS, UpdateStatus
from catalog.construction_exceptions import NotLaunchedError
from catalog.flows import UPDATE_FLOW
from catalog.models import ConstructionUpdate, Development, ProgressPhase
from catalog.services.sites import check_site
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError, InvalidTransitionError
from config.shared.flows import move
from config.shared.jobs import defer
from config.shared.locks import lock
from config.shared.retries import retry_transaction

TELL_JOB = "bookings.tell_of_update"
WRITTEN_FIELDS = ("title", "body", "phase")
PURPOSES = frozenset({MediaPurpose.UPDATE, MediaPurpose.PHASE})
LONGEST_CORRECTION = 2000


@retry_transaction
def draft_update(
    *, actor: User, development: Development, values: Mapping[str, Any]
) -> ConstructionUpdate:
    """Write news of ``development`` that nobody but its builder sees until it is published.

    ``values`` are the title and, where there are any, body, phase and media: photographs that
    the actor uploaded.
    """
    photographs = list(values.get("media") or ())
    *_, development = lock(*photographs, development)
    check_site(actor=actor, development=development)
    written = {name: values[name] for name in WRITTEN_FIELDS if name in values}
    _check_phase(written.get("phase"), development)
    update = ConstructionUpdate.objects.create(development=development, author=actor, **written)
    _show(update, actor, photographs)
    audit.record(
        "catalog.constructionupdate.drafted",
        target=update,
        actor=actor,
        after={"title": update.title, "development": development.pk},
    )
    return update


@retry_transaction
def change_draft(
    *, update: ConstructionUpdate, actor: User, changes: Mapping[str, Any]
) -> ConstructionUpdate:
    """Change a draft; what is published is corrected visibly instead (``correct_update``)."""
    photographs = list(changes.get("media") or ())
    *_, update = lock(*photographs, update)
    check_site(actor=actor, development=update.development)
    _require_state(update, UpdateStatus.DRAFT, "What was published is corrected, not changed.")
    written = {name: changes[name] for name in WRITTEN_FIELDS if name in changes}
    _check_phase(written.get("phase"), update.development)
    for name, value in written.items():
        setattr(update, name, value)
    update.save(update_fields=[*written, "updated_at"])
    if "media" in changes:
        _show(update, actor, photographs)
    return update


@retry_transaction
def publish_update(*, update: ConstructionUpdate, actor: User) -> ConstructionUpdate:
    """Publish a draft with the percent built as it is now, and have everybody told once.

    Its photographs are public from here on. Raises ``NotLaunchedError`` for a development that
    nobody could see yet.
    """
    update = _locked(update, actor)
    development = update.development
    UPDATE_FLOW.check(update.status, UpdateStatus.PUBLISHED)
    if development.status not in PUBLIC_DEVELOPMENTS:
        raise NotLaunchedError
    built: Any = Development.objects.with_percent_built().get(pk=development.pk)
    move(
        update,
        UpdateStatus.PUBLISHED,
        flow=UPDATE_FLOW,
        actor=actor,
        published_at=database_now(),
        percent_snapshot=built.percent_built,
    )
    _let_be_seen(update, everybody=True)
    defer(TELL_JOB, update_id=update.pk)
    return update


@retry_transaction
def withdraw_update(
    *, update: ConstructionUpdate, actor: User, reason: str = ""
) -> ConstructionUpdate:
    """Take published news back: it and its photographs are the builder's alone again."""
    update = _locked(update, actor)
    move(update, UpdateStatus.WITHDRAWN, flow=UPDATE_FLOW, actor=actor, reason=reason.strip())
    _let_be_seen(update, everybody=False)
    return update


@retry_transaction
def correct_update(
    *, update: ConstructionUpdate, actor: User, correction: str
) -> ConstructionUpdate:
    """Correct published news visibly: the text stays, the correction stands below it.

    A further correction is added to the one before.
    """
    update = _locked(update, actor)
    _require_state(update, UpdateStatus.PUBLISHED, "Only what is published is corrected.")
    text = correction.strip()
    if not text:
        raise InvalidInputError.at("/correction", "required", "Say what is right.")
    whole = f"{update.correction}\n\n{text}" if update.correction else text
    if len(whole) > LONGEST_CORRECTION:
        raise InvalidInputError.at(
            "/correction", "max_length", f"All corrections: {LONGEST_CORRECTION} characters."
        )
    before = update.correction
    update.correction, update.corrected_at = whole, database_now()
    update.save(update_fields=["correction", "corrected_at", "updated_at"])
    audit.record(
        "catalog.constructionupdate.corrected",
        target=update,
        actor=actor,
        before={"correction": before},
        after={"correction": whole},
    )
    return update


def _locked(update: ConstructionUpdate, actor: User) -> ConstructionUpdate:
    """The locked update, if ``actor`` may write about the site, with its photographs locked."""
    *_, found = lock(*update.media.all(), update)
    check_site(actor=actor, development=found.development)
    checked: ConstructionUpdate = found
    return checked


def _require_state(update: ConstructionUpdate, status: UpdateStatus, why: str) -> None:
    if update.status != status:
        raise InvalidTransitionError(update.status, UPDATE_FLOW.allowed(update.status), why)


def _check_phase(phase: ProgressPhase | None, development: Development) -> None:
    if phase is not None and phase.development_id != development.pk:
        raise InvalidInputError.at(
            "/phase", "another_development", "This phase is one of another development."
        )


def _show(update: ConstructionUpdate, actor: User, photographs: Sequence[MediaFile]) -> None:
    """Let the draft show these and no others: its own already, or new ones of the actor's.

    They stay private until it is published; one that is shown no longer belongs to nothing.
    """
    shown = {file.pk: file for file in update.media.all()}
    for place, file in enumerate(photographs):
        if file.pk not in shown:
            attach_file(
                file=file,
                owner=actor,
                target=update,
                pointer=f"/media/{place}",
                kinds=PICTURES,
                purposes=PURPOSES,
            )
    gone = shown.keys() - {file.pk for file in photographs}
    MediaFile.objects.filter(pk__in=gone).update(
        target_type="", target_id=None, updated_at=database_now()
    )
    update.media.set(photographs)


def _let_be_seen(update: ConstructionUpdate, *, everybody: bool) -> None:
    update.media.update(is_private=not everybody, updated_at=database_now())
