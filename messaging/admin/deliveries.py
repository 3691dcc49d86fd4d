"""What became of notifications on each channel, and how people want to be told."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    FieldTextFilter,
    RangeDateTimeFilter,
)
from unfold.decorators import display

from accounts.groups import SITE_ADMINISTRATION, SUPPORT
from config.shared.admin import EvidenceAdmin, by_label, may, report_each, staff_of
from config.shared.admin_acts import ActingMixin, service_act
from config.shared.dashboard import Content, Figure, panel
from config.shared.dashboard_parts import list_of
from messaging.choices import DeliveryStatus
from messaging.models import (
    Delivery,
    NotificationPreference,
    NotificationSchedule,
    PushSubscription,
)
from messaging.services import deliveries

COLOURS = {
    DeliveryStatus.QUEUED: "info",
    DeliveryStatus.SENT: "success",
    DeliveryStatus.FAILED: "danger",
    DeliveryStatus.SUPPRESSED: "secondary",
}


@admin.register(Delivery)
class DeliveryAdmin(ActingMixin, EvidenceAdmin):
    """Deliveries: on which channel, and what became of it."""

    list_display = ("what", "person", "channel", "state", "reason", "attempts", "not_before", "at")
    list_select_related = ("notification__user",)
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("channel", ChoicesDropdownFilter),
        ("notification__user", AutocompleteSelectFilter),
        ("notification__type", FieldTextFilter),
        ("reason", FieldTextFilter),
        ("at", RangeDateTimeFilter),
    )
    search_fields = (
        "notification__user__full_name__istartswith",
        "notification__type__istartswith",
        "provider_id",
    )
    date_hierarchy = "at"
    fields = (
        "notification",
        "channel",
        "state",
        "reason",
        "outgoing",
        "subscription",
        "provider_id",
        "attempts",
        "not_before",
        "at",
    )
    readonly_fields = ("state",)
    actions = ("try_again",)
    actions_detail = ("retry",)
    actions_in_states = {"retry": {DeliveryStatus.FAILED}}

    has_retry_permission = may("messaging.change_delivery")

    retry = service_act(
        "retry",
        lambda row, staff, given: deliveries.retry(delivery=row, actor=staff),
        description="Try again",
        permission="retry",
        explain="It is sent once more on this channel, as long as its text is still there.",
        done="queued again",
    )

    @display(description="Notification", ordering="notification__type")
    def what(self, obj: Delivery) -> str:
        return obj.notification.type

    @display(description="Person", ordering="notification__user__full_name")
    def person(self, obj: Delivery) -> str:
        return str(obj.notification.user)

    @display(description="Status", label=by_label(COLOURS), ordering="status")
    def state(self, obj: Delivery) -> str:
        return obj.get_status_display()

    @admin.action(description="Try again", permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        report_each(
            request,
            queryset.select_related("notification__user"),
            lambda row: deliveries.retry(delivery=row, actor=staff_of(request)),
            done="queued again",
        )


@admin.register(NotificationPreference)
class NotificationPreferenceAdmin(EvidenceAdmin):
    """Channels that people have chosen; they alone change them."""

    list_display = ("user", "category", "channels", "updated_at")
    list_select_related = ("user",)
    list_filter = (
        ("user", AutocompleteSelectFilter),
        ("category", ChoicesDropdownFilter),
        ("updated_at", RangeDateTimeFilter),
    )
    search_fields = ("user__full_name__istartswith",)


@admin.register(NotificationSchedule)
class NotificationScheduleAdmin(EvidenceAdmin):
    """Quiet hours and digests that people have chosen."""

    list_display = ("user", "quiet_from", "quiet_until", "digest", "updated_at")
    list_select_related = ("user",)
    list_filter = (
        ("user", AutocompleteSelectFilter),
        ("digest", ChoicesDropdownFilter),
        ("updated_at", RangeDateTimeFilter),
    )
    search_fields = ("user__full_name__istartswith",)


@admin.register(PushSubscription)
class PushSubscriptionAdmin(EvidenceAdmin):
    """Browsers that take notifications: whose, never their address or their keys."""

    list_display = ("user", "device", "failures", "last_used_at", "created_at")
    list_select_related = ("user",)
    list_filter: Any = (
        ("user", AutocompleteSelectFilter),
        ("last_used_at", RangeDateTimeFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("user__full_name__istartswith", "device__istartswith")
    date_hierarchy = "created_at"
    fields = ("user", "device", "failures", "last_used_at", "created_at", "updated_at")


@panel("Notifications in 24 hours", groups=(SUPPORT, SITE_ADMINISTRATION), place=45)
def lately() -> Content:
    """What became of deliveries since yesterday, and how many wait."""
    since = timezone.now() - timedelta(days=1)
    found = Delivery.objects.filter(at__gte=since).aggregate(
        **{status.value: Count("pk", filter=Q(status=status)) for status in DeliveryStatus}
    )
    figures = [
        Figure(
            status.label,
            found[status.value],
            list_of("messaging.delivery", status__exact=status.value),
            is_urgent=status == DeliveryStatus.FAILED and found[status.value] > 0,
        )
        for status in DeliveryStatus
    ]
    return figures, []
