"""Organizations and their members: verify, suspend, correct."""

from functools import partial
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    FieldTextFilter,
    RangeDateTimeFilter,
)
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from accounts.admin.exports import OrganizationResource
from accounts.choices import MembershipStatus, OrganizationStatus
from accounts.models import Building, ContractorPaper, Membership, Organization
from accounts.services import organizations
from config.shared.admin import (
    CourtyardAdmin,
    EvidenceAdmin,
    NoDeleteMixin,
    ReadOnlyInline,
    dialog,
    go_to,
    may,
    row_or_404,
    staff_of,
)
from config.shared.admin_exports import ExportingMixin
from config.shared.errors import DomainError
from config.shared.row_history import HistoryMixin

STATUS_COLOURS = {OrganizationStatus.ACTIVE: "success", OrganizationStatus.SUSPENDED: "danger"}
MEMBERSHIP_COLOURS = {
    MembershipStatus.LIVE: "success",
    MembershipStatus.INVITED: "info",
    MembershipStatus.ENDED: "warning",
}


class MemberInline(ReadOnlyInline):
    model = Membership
    fk_name = "organization"
    fields = ("user", "role", "status", "title", "since", "until")


class SocietyBuildingInline(ReadOnlyInline):
    model = Building
    fields = ("name", "city", "floors", "units_count")


class OrganizationPaperInline(ReadOnlyInline):
    model = ContractorPaper
    fk_name = "organization"
    fields = ("kind", "issuer", "valid_until", "replaced_at")


@admin.register(Organization)
class OrganizationAdmin(ExportingMixin, HistoryMixin, NoDeleteMixin, CourtyardAdmin):
    """Builders, societies, contractors and employers."""

    resource_classes = (OrganizationResource,)
    list_display = ("name", "kind", "city", "state_label", "is_verified", "created_at")
    list_filter = (
        ("kind", ChoicesDropdownFilter),
        ("status", ChoicesDropdownFilter),
        ("city", FieldTextFilter),
        ("verified_at", RangeDateTimeFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("name__istartswith", "registration_no__istartswith")
    date_hierarchy = "created_at"
    autocomplete_fields = ("logo",)
    readonly_fields = ("status", "verified_at", "rating_avg", "created_by", "created_at")
    inlines = (MemberInline, SocietyBuildingInline, OrganizationPaperInline)
    actions_detail = ("verify", "suspend", "reactivate")
    actions_in_states: ClassVar[Any] = {
        "verify": {OrganizationStatus.ACTIVE},
        "suspend": {OrganizationStatus.ACTIVE},
        "reactivate": {OrganizationStatus.SUSPENDED},
    }
    has_verify_permission = may("accounts.verify_organization")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organization]:
        return super().get_queryset(request).select_related("logo", "created_by")

    @display(description="Status", label=STATUS_COLOURS, ordering="status")
    def state_label(self, obj: Organization) -> str:
        return obj.status

    @display(description="Verified", boolean=True, ordering="verified_at")
    def is_verified(self, obj: Organization) -> bool:
        return obj.verified_at is not None

    @action(
        description="Verify",
        permissions=["verify"],
        url_path="verify",
        variant=ActionVariant.SUCCESS,
        dialog=dialog(
            "Verify this organization",
            "Its public page shows that its papers were checked.",
            submit="Verify",
        ),
    )
    def verify(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        return self._act(
            request,
            object_id,
            partial(
                organizations.verify_organization,
                staff=staff_of(request),
                note=form.cleaned_data["reason"],
            ),
            "verified",
        )

    @action(
        description="Suspend",
        permissions=["verify"],
        url_path="suspend",
        variant=ActionVariant.DANGER,
        dialog=dialog(
            "Suspend this organization",
            "Its public page disappears until it is reactivated.",
            submit="Suspend",
        ),
    )
    def suspend(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        return self._act(
            request,
            object_id,
            partial(
                organizations.suspend_organization,
                staff=staff_of(request),
                reason=form.cleaned_data["reason"],
            ),
            "suspended",
        )

    @action(
        description="Reactivate",
        permissions=["verify"],
        url_path="reactivate",
        dialog=dialog("Reactivate this organization", "It is public again.", submit="Reactivate"),
    )
    def reactivate(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        return self._act(
            request,
            object_id,
            partial(
                organizations.reinstate_organization,
                staff=staff_of(request),
                reason=form.cleaned_data["reason"],
            ),
            "active again",
        )

    def _act(self, request: HttpRequest, object_id: str, act: Any, done: str) -> HttpResponse:
        organization = row_or_404(self.get_queryset(request), object_id)
        try:
            act(organization=organization)
        except DomainError as error:
            messages.error(request, error.detail)
        else:
            messages.success(request, f"{organization} is {done}.")
        return go_to(request, reverse("admin:accounts_organization_change", args=[organization.pk]))


@admin.register(Membership)
class MembershipAdmin(HistoryMixin, EvidenceAdmin):
    """Who acts for which organization."""

    list_display = ("user", "organization", "role", "state_label", "since", "until")
    list_select_related = ("user", "organization")
    list_filter = (
        ("organization", AutocompleteSelectFilter),
        ("role", ChoicesDropdownFilter),
        ("status", ChoicesDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("user__full_name__istartswith", "organization__name__istartswith")

    @display(description="Status", label=MEMBERSHIP_COLOURS, ordering="status")
    def state_label(self, obj: Membership) -> str:
        return obj.status
