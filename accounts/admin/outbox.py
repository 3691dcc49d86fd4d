"""What was sent, what waits to be done, and what failed."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from procrastinate.contrib.django import admin as library_admin
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob
from unfold.contrib.filters.admin import ChoicesDropdownFilter, FieldTextFilter, RangeDateTimeFilter
from unfold.decorators import display

from accounts.choices import OutgoingStatus
from accounts.models import OutgoingMessage
from accounts.services import outbox
from config.shared import job_upkeep
from config.shared.admin import EvidenceAdmin, ReadOnlyInline, report_each, staff_of

MESSAGE_COLOURS = {
    OutgoingStatus.QUEUED: "info",
    OutgoingStatus.SENT: "success",
    OutgoingStatus.FAILED: "danger",
}
JOB_COLOURS = {
    "todo": "info",
    "doing": "warning",
    "succeeded": "success",
    "failed": "danger",
    "cancelled": "secondary",
    "aborted": "secondary",
}


@admin.register(OutgoingMessage)
class OutgoingMessageAdmin(EvidenceAdmin):
    """E-mails and SMS: to whom and when, never what they said."""

    list_display = ("created_at", "channel", "template", "to_hint", "user", "state", "error")
    list_select_related = ("user",)
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("channel", ChoicesDropdownFilter),
        ("template", FieldTextFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("to_hint__istartswith", "provider_id", "user__full_name__istartswith")
    search_help_text = (
        "What is shown of the address, the provider's identifier, or a person's name."
    )
    date_hierarchy = "created_at"
    exclude = ("to", "payload")
    actions = ("send_again",)

    @display(description="Status", label=MESSAGE_COLOURS, ordering="status")
    def state(self, obj: OutgoingMessage) -> str:
        return obj.status

    @admin.action(description="Send again", permissions=["send"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[OutgoingMessage]) -> None:
        report_each(
            request,
            queryset,
            lambda message: outbox.send_again(message=message, actor=staff_of(request)),
            done="queued again",
        )

    def has_send_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.change_outgoingmessage")


class EventInline(ReadOnlyInline):
    model = ProcrastinateEvent
    fields = ("at", "type")
    ordering = ("-at", "-id")
    show_change_link = False
    verbose_name_plural = "what happened to it"


if admin.site.is_registered(library_admin.models.ProcrastinateJob):
    admin.site.unregister(ProcrastinateJob)


@admin.register(ProcrastinateJob)
class JobAdmin(EvidenceAdmin):
    """Background work: what waits, what runs, and what failed for good."""

    list_display = ("id", "task_name", "state", "attempts", "scheduled_at", "queue_name")
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("task_name", FieldTextFilter),
        ("scheduled_at", RangeDateTimeFilter),
    )
    search_fields = ("task_name__startswith", "id")
    ordering = ("-id",)
    fields = (
        "task_name",
        "status",
        "args",
        "attempts",
        "queue_name",
        "priority",
        "scheduled_at",
        "queueing_lock",
        "worker",
    )
    inlines: ClassVar[Any] = (EventInline,)
    actions = ("retry", "cancel")

    @display(description="Status", label=JOB_COLOURS, ordering="status")
    def state(self, obj: ProcrastinateJob) -> str:
        return obj.status

    @admin.action(description="Try again", permissions=["control"])
    def retry(self, request: HttpRequest, queryset: QuerySet[ProcrastinateJob]) -> None:
        report_each(
            request,
            queryset,
            lambda job: job_upkeep.retry(job=job, actor=staff_of(request)),
            done="queued again",
        )

    @admin.action(description="Cancel", permissions=["control"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[ProcrastinateJob]) -> None:
        report_each(
            request,
            queryset,
            lambda job: job_upkeep.cancel(job=job, actor=staff_of(request)),
            done="cancelled",
        )

    def has_control_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("procrastinate.change_procrastinatejob")
