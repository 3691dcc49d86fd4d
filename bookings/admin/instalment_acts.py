"""What staff do about an instalment."""

from typing import Any, ClassVar

from django import forms
from unfold.widgets import UnfoldAdminTextareaWidget

from bookings.choices import PAYABLE_INSTALMENTS, ObjectionOutcome
from bookings.services import objections, waivers
from config.shared.admin import EvidenceAdmin, may
from config.shared.admin_acts import ActingMixin, ConfirmForm, ReasonForm, service_act


class AnswerForm(ConfirmForm):
    """Asks for the answer to an objection."""

    outcome = forms.ChoiceField(choices=ObjectionOutcome.choices)
    answer = forms.CharField(
        max_length=1000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="The customer reads it.",
    )


class InstalmentActs(ActingMixin, EvidenceAdmin):
    """Answering objections, and waiving with a second person."""

    actions_detail = ("answer", "waive")
    actions_in_states: ClassVar[Any] = {
        "answer": set(PAYABLE_INSTALMENTS),
        "waive": set(PAYABLE_INSTALMENTS),
    }
    has_answer_permission = may("bookings.resolve_objection")
    has_waive_permission = may("bookings.waive_instalment")

    answer = service_act(
        "answer",
        lambda row, actor, given: objections.resolve_objection(
            instalment=row, actor=actor, answer=given["answer"], outcome=given["outcome"]
        ),
        description="Answer the objection",
        permission="answer",
        explain="While it is open, nothing becomes overdue and no late fee is charged.",
        done="answered",
        form=AnswerForm,
    )
    waive = service_act(
        "waive",
        lambda row, actor, given: waivers.waive_instalment(
            instalment=row, actor=actor, reason=given["reason"]
        ),
        description="Waive",
        permission="waive",
        explain="The first person asks, a second one completes it. Never for a deposit.",
        done="brought forward",
        form=ReasonForm,
        danger=True,
    )
