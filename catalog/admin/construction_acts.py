"""What staff do about phases and updates."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from accounts.choices import MediaKind, MediaPurpose
from catalog.admin.uploads import Upload, UploadingMixin, upload_act
from catalog.choices import PhaseStatus
from catalog.services import phases
from config.shared.admin import CourtyardAdmin, EvidenceAdmin, may
from config.shared.admin_acts import ActingMixin, ReasonForm, service_act


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


class UpdateActs(ActingMixin, EvidenceAdmin):
    """Publishing and withdrawing."""
