"""What staff do about an appointment."""

from typing import Any, ClassVar

from django import forms
from unfold.widgets import UnfoldAdminSplitDateTimeWidget

from bookings.choices import AppointmentStatus
from bookings.services import appointment_answers, appointments
from config.shared.admin import EvidenceAdmin, may
from config.shared.admin_acts import ActingMixin, ConfirmForm, ReasonForm, service_act


class OutcomeForm(ConfirmForm):
    """Asks what came of it."""

    note = forms.CharField(max_length=500, required=False)


class TimeForm(ReasonForm):
    """Asks for another time, by the clock of the back office."""

    starts_at = forms.SplitDateTimeField(widget=UnfoldAdminSplitDateTimeWidget())


class AppointmentActs(ActingMixin, EvidenceAdmin):
    """Answers in the host's place, other times, and what came of it."""

    actions_detail = ("confirm", "decline", "reschedule", "cancel", "complete", "no_show")
    actions_in_states: ClassVar[Any] = {
        "confirm": {AppointmentStatus.REQUESTED},
        "decline": {AppointmentStatus.REQUESTED},
        "reschedule": {AppointmentStatus.CONFIRMED},
        "cancel": {AppointmentStatus.REQUESTED, AppointmentStatus.CONFIRMED},
        "complete": {AppointmentStatus.CONFIRMED},
        "no_show": {AppointmentStatus.CONFIRMED},
    }
    has_manage_permission = may("bookings.manage_appointment")

    confirm = service_act(
        "confirm",
        lambda row, actor, given: appointment_answers.confirm_appointment(
            appointment=row, actor=actor
        ),
        description="Confirm",
        permission="manage",
        explain="In the host's place. Both get it for their calendars.",
        done="confirmed",
    )
    decline = service_act(
        "decline",
        lambda row, actor, given: appointment_answers.decline_appointment(
            appointment=row, actor=actor, reason=given["reason"]
        ),
        description="Decline",
        permission="manage",
        explain="The time is free again; the guest reads the reason.",
        done="declined",
        form=ReasonForm,
        danger=True,
    )
    reschedule = service_act(
        "reschedule",
        lambda row, actor, given: appointments.reschedule_appointment(
            appointment=row, actor=actor, starts_at=given["starts_at"], reason=given["reason"]
        ),
        description="Another time",
        permission="manage",
        explain="A new appointment takes the place of this one.",
        done="moved",
        form=TimeForm,
    )
    cancel = service_act(
        "cancel",
        lambda row, actor, given: appointment_answers.cancel_appointment(
            appointment=row, actor=actor, reason=given["reason"]
        ),
        description="Cancel",
        permission="manage",
        explain="Both are told.",
        done="cancelled",
        form=ReasonForm,
        danger=True,
    )
    complete = service_act(
        "complete",
        lambda row, actor, given: appointment_answers.complete_appointment(
            appointment=row, actor=actor, note=given["note"]
        ),
        description="It took place",
        permission="manage",
        explain="Once it has begun.",
        done="completed",
        form=OutcomeForm,
    )
    no_show = service_act(
        "no_show",
        lambda row, actor, given: appointment_answers.mark_no_show(
            appointment=row, actor=actor, note=given["note"]
        ),
        description="Nobody came",
        permission="manage",
        explain="Once it has begun.",
        done="noted as a no-show",
        form=OutcomeForm,
    )
