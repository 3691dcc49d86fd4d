"""What staff do about a conversation."""

from typing import Any

from django import forms
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminTextareaWidget

from config.shared.admin import EvidenceAdmin, may
from config.shared.admin_acts import ActingMixin, ConfirmForm, ReasonForm, service_act
from messaging.choices import ConversationKind
from messaging.services import moderation_context, support


class AnswerForm(ConfirmForm):
    """Asks what to say."""

    content = forms.CharField(
        max_length=4000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
        help_text="The person reads it beside your name.",
    )


class ConversationActs(ActingMixin, EvidenceAdmin):
    """Answering, closing and opening again."""

    actions_detail = ("answer", "close", "reopen")
    has_answer_permission = may("messaging.answer_support")
    has_decide_permission = may("messaging.decide_report")

    answer = service_act(
        "answer",
        lambda row, actor, given: support.answer_support(
            conversation=row, actor=actor, content=given["content"]
        ),
        description="Answer",
        permission="answer",
        explain="You take part in this conversation from then on.",
        done="answered",
        form=AnswerForm,
    )
    close = service_act(
        "close",
        lambda row, actor, given: moderation_context.close_conversation(
            conversation=row, actor=actor, reason=given["reason"]
        ),
        description="Close",
        permission="decide",
        explain="It can still be read by those who take part; nobody says anything more in it.",
        done="closed",
        form=ReasonForm,
        danger=True,
    )
    reopen = service_act(
        "reopen",
        lambda row, actor, given: moderation_context.reopen_conversation(
            conversation=row, actor=actor, reason=given["reason"]
        ),
        description="Open again",
        permission="decide",
        explain="Those who take part can talk again.",
        done="opened again",
        form=ReasonForm,
    )

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> Any:
        """Only what can be done with this conversation as it is."""
        found = self.get_object(request, str(object_id))
        if found is None:
            return []
        fitting = {"reopen"} if found.is_closed else {"close"}
        if found.kind == ConversationKind.SUPPORT and not found.is_closed:
            fitting.add("answer")
        offered = super().get_actions_detail(request, object_id) or []
        return [one for one in offered if one.method.original_function_name in fitting]
