"""What staff do about phases and updates."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from unfold.widgets import UnfoldAdminTextareaWidget

from accounts.choices import MediaKind, MediaPurpose
from catalog.admin.uploads import Upload, UploadingMixin, upload_act
from catalog.choices import PhaseStatus, UpdateStatus
from catalog.services import phases, updates
from config.shared.admin import CourtyardAdmin, may
from config.shared.admin_acts import ActingMixin, ConfirmForm, ReasonForm, service_act


class ProgressForm(ReasonForm):
    """Asks how far a phase has come; going back takes a reason."""

    percent = forms.DecimalField(min_value=0, max_value=100, decimal_places=2)
    reason = forms.CharField(max_length=500, required=False)


class ReopenForm(ReasonForm):
    """Asks how far the phase has really come, and why that is said only now."""

    percent = forms.DecimalField(min_value=0, max_value=Decimal("99.99"), decimal_places=2)


class PhaseActs(UploadingMixin, ActingMixin, CourtyardAdmin):
    """Beginning, progress, interruptions, completion with evidence, and its correction."""

    actions_detail = ("start", "progress", "hold", "delay", "resume", "finish", "reopen")
    uploads = (
        Upload(
            "finish",
            "Evidence of completion",
            "manage",
            MediaKind.IMAGE,
            MediaPurpose.PHASE,
            lambda row, actor, files, given: phases.complete_phase(
                phase=row, actor=actor, evidence=files
            ),
        ),
    )
    actions_in_states: ClassVar[Any] = {
        "finish": {PhaseStatus.IN_PROGRESS},
        "reopen": {PhaseStatus.COMPLETED},
        "start": {PhaseStatus.PLANNED},
        "progress": {PhaseStatus.IN_PROGRESS, PhaseStatus.DELAYED},
        "hold": {PhaseStatus.IN_PROGRESS},
        "delay": {PhaseStatus.IN_PROGRESS},
        "resume": {PhaseStatus.ON_HOLD, PhaseStatus.DELAYED},
    }
    has_manage_permission = may("catalog.manage_development")

    finish = upload_act("finish", "Complete with evidence", "manage")
    reopen = service_act(
        "reopen",
        lambda row, actor, given: phases.reopen_phase(
            phase=row, actor=actor, reason=given["reason"], percent=given["percent"]
        ),
        description="Reopen",
        permission="manage",
        explain="A correction that everybody can read.",
        done="reopened",
        form=ReopenForm,
        danger=True,
    )
    start = service_act(
        "start",
        lambda row, actor, given: phases.start_phase(phase=row, actor=actor),
        description="Start",
        permission="manage",
        explain="Work on this phase begins today.",
        done="begun",
    )
    progress = service_act(
        "progress",
        lambda row, actor, given: phases.record_progress(
            phase=row, actor=actor, percent=given["percent"], reason=given["reason"]
        ),
        description="Progress",
        permission="manage",
        explain="Per cents never go back without a reason.",
        done="brought up to date",
        form=ProgressForm,
    )
    hold = service_act(
        "hold",
        lambda row, actor, given: phases.hold_phase(phase=row, actor=actor, reason=given["reason"]),
        description="Put on hold",
        permission="manage",
        explain="Work stops for the time being.",
        done="on hold",
        form=ReasonForm,
    )
    delay = service_act(
        "delay",
        lambda row, actor, given: phases.delay_phase(
            phase=row, actor=actor, reason=given["reason"]
        ),
        description="Delayed",
        permission="manage",
        explain="It takes longer than was planned.",
        done="delayed",
        form=ReasonForm,
    )
    resume = service_act(
        "resume",
        lambda row, actor, given: phases.resume_phase(phase=row, actor=actor),
        description="Resume",
        permission="manage",
        explain="Work goes on.",
        done="going on",
    )


class CorrectionForm(ConfirmForm):
    """Asks for what stands below the text from now on."""

    correction = forms.CharField(max_length=2000, widget=UnfoldAdminTextareaWidget())


def add_photographs(row: Any, actor: Any, files: Any, given: Any) -> None:
    """Add pictures to those that the draft shows already."""
    shown = [*row.media.all(), *files]
    updates.change_draft(update=row, actor=actor, changes={"media": shown})


class UpdateActs(UploadingMixin, ActingMixin, CourtyardAdmin):
    """Photographs of drafts, publishing, correcting and withdrawing."""

    actions_detail = ("photographs", "publish", "correct", "withdraw")
    uploads = (
        Upload(
            "photographs",
            "Photographs",
            "manage",
            MediaKind.IMAGE,
            MediaPurpose.UPDATE,
            add_photographs,
        ),
    )
    actions_in_states: ClassVar[Any] = {
        "photographs": {UpdateStatus.DRAFT},
        "publish": {UpdateStatus.DRAFT},
        "correct": {UpdateStatus.PUBLISHED},
        "withdraw": {UpdateStatus.PUBLISHED},
    }
    has_manage_permission = may("catalog.manage_development")

    photographs = upload_act("photographs", "Add photographs", "manage")
    publish = service_act(
        "publish",
        lambda row, actor, given: updates.publish_update(update=row, actor=actor),
        description="Publish",
        permission="manage",
        explain="Buyers and followers are told once. The text stays as it is from then on.",
        done="published",
    )
    correct = service_act(
        "correct",
        lambda row, actor, given: updates.correct_update(
            update=row, actor=actor, correction=given["correction"]
        ),
        description="Correct",
        permission="manage",
        explain="The text stays; the correction stands below it.",
        done="corrected",
        form=CorrectionForm,
    )
    withdraw = service_act(
        "withdraw",
        lambda row, actor, given: updates.withdraw_update(
            update=row, actor=actor, reason=given["reason"]
        ),
        description="Withdraw",
        permission="manage",
        explain="Nobody but the builder sees it any more.",
        done="withdrawn",
        form=ReasonForm,
        danger=True,
    )
