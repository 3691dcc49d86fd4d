"""What moderators do about shows."""

from typing import Any, ClassVar

from django import forms
from unfold.widgets import UnfoldAdminTextareaWidget

from catalog.choices import StreamStatus
from catalog.services import stream_shows, streams
from config.shared.admin import EvidenceAdmin, may
from config.shared.admin_acts import ActingMixin, ReasonForm, service_act


class ShortReasonForm(ReasonForm):
    """Asks why; the owner of the show reads it."""

    reason = forms.CharField(
        max_length=200,
        min_length=3,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="The owner of the show reads it, and it is kept with the act.",
    )


class StreamActs(ActingMixin, EvidenceAdmin):
    """Ending a show, and calling one off."""

    actions_detail = ("end_show", "call_off")
    actions_in_states: ClassVar[Any] = {
        "end_show": {StreamStatus.LIVE},
        "call_off": {StreamStatus.SCHEDULED},
    }
    has_moderate_permission = may("catalog.moderate_stream")

    end_show = service_act(
        "end_show",
        lambda row, actor, given: stream_shows.end_stream(
            stream=row, actor=actor, reason=given["reason"]
        ),
        description="End",
        permission="moderate",
        explain="Whoever publishes is dropped within seconds; the show cannot go on.",
        done="ended",
        form=ShortReasonForm,
        danger=True,
    )
    call_off = service_act(
        "call_off",
        lambda row, actor, given: streams.cancel_stream(
            stream=row, actor=actor, reason=given["reason"]
        ),
        description="Call off",
        permission="moderate",
        explain="It can be neither begun nor changed any more.",
        done="called off",
        form=ShortReasonForm,
        danger=True,
    )
