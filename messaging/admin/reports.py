"""The moderation queue: reports with what they are about, decided one by one."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RangeDateTimeFilter,
)
from unfold.decorators import display

from catalog.admin.pictures import LookedAtMixin
from config.shared.admin import EvidenceAdmin, ReasonForm, Table, may
from config.shared.admin_acts import ActingMixin, ConfirmForm, service_act
from messaging.admin.report_context import context_of
from messaging.choices import ReportAction, ReportStatus
from messaging.models import Report
from messaging.services import reports

COLOURS = {
    ReportStatus.OPEN: "danger",
    ReportStatus.TRIAGED: "warning",
    ReportStatus.ACTIONED: "success",
    ReportStatus.DISMISSED: "info",
}
UNDECIDED = {ReportStatus.OPEN, ReportStatus.TRIAGED}
MOST_EARLIER = 10


class ActionForm(ReasonForm):
    """Asks what is done, and why."""

    # Not "action": the back office takes that for one of its own.
    deed = forms.ChoiceField(choices=ReportAction.choices, label="What is done")
    field_order = ("deed", "reason")


@admin.register(Report)
class ReportAdmin(LookedAtMixin, ActingMixin, EvidenceAdmin):
    """Reports that wait for a decision, the oldest first."""

    list_display = ("what", "reason", "accused", "reporter", "state_label", "created_at")
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("reason", ChoicesDropdownFilter),
        ("target_type", admin.AllValuesFieldListFilter),
        ("accused", AutocompleteSelectFilter),
        ("handled_by", AutocompleteSelectFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("accused__full_name__istartswith", "reporter__full_name__istartswith")
    date_hierarchy = "created_at"
    ordering = ("closed_at", "created_at", "pk")
    actions_detail = ("act", "dismiss", "take_up", "put_back")
    actions_in_states: ClassVar[Any] = {
        "act": UNDECIDED,
        "dismiss": UNDECIDED,
        "take_up": {ReportStatus.OPEN},
        "put_back": {ReportStatus.TRIAGED},
    }
    has_decide_permission = may("messaging.decide_report")
    fields = (
        "what",
        "state_label",
        "reason",
        "text",
        "reporter",
        "accused",
        "as_reported",
        "now",
        "earlier",
        "handled_by",
        "action",
        "decision_note",
        "created_at",
        "closed_at",
    )
    readonly_fields = fields

    act = service_act(
        "act",
        lambda row, actor, given: reports.act_on(
            report=row, actor=actor, action=given["deed"], reason=given["reason"]
        ),
        description="Act on it",
        permission="decide",
        explain="All open reports about the same are closed with this one. A person reads why.",
        done="acted on",
        form=ActionForm,
        danger=True,
    )
    dismiss = service_act(
        "dismiss",
        lambda row, actor, given: reports.dismiss(report=row, actor=actor, reason=given["reason"]),
        description="Dismiss",
        permission="decide",
        explain="Nothing is done; whoever reported it is told so.",
        done="dismissed",
        form=ReasonForm,
    )
    take_up = service_act(
        "take_up",
        lambda row, actor, given: reports.take_up(report=row, actor=actor),
        description="Take up",
        permission="decide",
        explain="Others see that you are looking at it.",
        done="taken up",
        form=ConfirmForm,
    )
    put_back = service_act(
        "put_back",
        lambda row, actor, given: reports.put_back(report=row, actor=actor),
        description="Put back",
        permission="decide",
        explain="Somebody else may take it up.",
        done="open again",
        form=ConfirmForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        """All but those about whoever looks: nobody learns who reported them."""
        found = super().get_queryset(request).exclude(accused=request.user.pk)
        return found.select_related("accused", "reporter", "handled_by")

    @display(description="About")
    def what(self, obj: Report) -> str:
        return obj.target_type.partition(".")[2].capitalize()

    @display(description="Status", label={str(k.label): v for k, v in COLOURS.items()})
    def state_label(self, obj: Report) -> str:
        return obj.get_status_display()

    @display(description="As it was reported")
    def as_reported(self, obj: Report) -> SafeString:
        table = Table("", "")
        return table.render(
            ((name.replace("_", " ").capitalize(), text) for name, text in obj.snapshot.items()),
            empty="Nothing was kept.",
        )

    @display(description="As it is now")
    def now(self, obj: Report) -> SafeString:
        # The page asks for its fields several times; that staff looked is written down once.
        if not hasattr(obj, "context_shown"):
            obj.context_shown = context_of(  # type: ignore[attr-defined]
                obj, viewer=getattr(obj, "viewer", None)
            )
        shown: SafeString = obj.context_shown  # type: ignore[attr-defined]
        return shown

    @display(description="Earlier reports about this person")
    def earlier(self, obj: Report) -> SafeString:
        if obj.accused_id is None:
            return format_html("<p>{}</p>", "Nobody in particular.")
        rows = Report.objects.filter(accused=obj.accused_id).exclude(pk=obj.pk)
        table = Table("When", "About", "Reason", "Status", "Action")
        return table.render(
            (
                (
                    f"{row.created_at:%d %b %Y}",
                    row.target_type.partition(".")[2],
                    row.get_reason_display(),
                    row.get_status_display(),
                    row.get_action_display() if row.action else "",
                )
                for row in rows.order_by("-created_at", "pk")[:MOST_EARLIER]
            ),
            empty="There are none.",
        )
