"""What staff do about phases and updates."""

from typing import Any, ClassVar

from django import forms

from catalog.choices import PhaseStatus
from catalog.services import phases
from config.shared.admin import CourtyardAdmin, EvidenceAdmin, may
from config.shared.admin_acts import ActingMixin, ReasonForm, service_act


class ProgressForm(ReasonForm):
    """Asks how far a phase has come; going back takes a reason."""

    percent = forms.DecimalField(min_value=0, max_value=100, decimal_places=2)
    reason = forms.CharField(max_length=500, required=False)


class PhaseActs(ActingMixin, CourtyardAdmin):
    """Beginning, progress, interruptions."""

    actions_detail = ("start", "progress", "hold", "delay", "resume")
    actions_in_states: ClassVar[Any] = {
        "start": {PhaseStatus.PLANNED},
        "progress": {PhaseStatus.IN_PROGRESS, PhaseStatus.DELAYED},
        "hold": {PhaseStatus.IN_PROGRESS},
        "delay": {PhaseStatus.IN_PROGRESS},
        "resume": {PhaseStatus.ON_HOLD, PhaseStatus.DELAYED},
    }
    has_manage_permission = may("catalog.manage_development")

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
