"""The queue of identity papers, and the papers that contractors keep valid."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    RangeDateFilter,
    RangeDateTimeFilter,
)
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from accounts.admin.verification_forms import OpenedPapersForm
from accounts.choices import VerificationStatus
from accounts.models import ContractorPaper, Verification
from accounts.services import verifications
from config.shared.admin import EvidenceAdmin, dialog, go_to, may, row_or_404, staff_of
from config.shared.errors import DomainError
from config.shared.row_history import HistoryMixin

STATUS_COLOURS = {
    VerificationStatus.PENDING: "info",
    VerificationStatus.APPROVED: "success",
    VerificationStatus.REJECTED: "danger",
    VerificationStatus.REVOKED: "warning",
}


@admin.register(Verification)
class VerificationAdmin(HistoryMixin, EvidenceAdmin):
    """Identity papers that wait for a decision, the oldest first."""

    list_display = ("user", "verification_type", "state_label", "submitted_at", "attempts")
    list_select_related = ("user",)
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("verification_type", ChoicesDropdownFilter),
        ("submitted_at", RangeDateTimeFilter),
    )
    search_fields = ("user__full_name__istartswith",)
    date_hierarchy = "submitted_at"
    ordering = ("submitted_at", "pk")
    fields = (
        "user",
        "verification_type",
        "state_label",
        "emirates_id_last4",
        "trade_license_last4",
        "license_valid_until",
        "submitted_at",
        "attempts",
        "reviewed_by",
        "reviewed_at",
        "rejection_reason",
        "purged_at",
    )
    actions_detail = ("open_papers", "approve", "reject", "revoke")
    actions_in_states: ClassVar[Any] = {
        "approve": {VerificationStatus.PENDING},
        "reject": {VerificationStatus.PENDING},
        "revoke": {VerificationStatus.APPROVED},
    }
    has_review_permission = may("accounts.review_verification")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Verification]:
        return super().get_queryset(request).select_related("user", "reviewed_by")

    @display(description="Status", label=STATUS_COLOURS, ordering="status")
    def state_label(self, obj: Verification) -> str:
        return obj.status

    @action(
        description="Show the papers",
        permissions=["review"],
        url_path="papers",
        icon="visibility",
        dialog={
            "title": "Papers",
            "description": "Numbers and images are shown now; that you looked is written down.",
            "form_class": OpenedPapersForm,
            "form_submit_text": "Close",
        },
    )
    def open_papers(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        return go_to(request, reverse("admin:accounts_verification_change", args=[object_id]))

    @action(
        description="Approve",
        permissions=["review"],
        url_path="approve",
        variant=ActionVariant.SUCCESS,
        dialog=dialog(
            "Approve these papers",
            "The person is recognised as who they say they are.",
            submit="Approve",
            reason=False,
        ),
    )
    def approve(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        return self._decide(request, object_id, verifications.approve_verification)

    @action(
        description="Reject",
        permissions=["review"],
        url_path="reject",
        variant=ActionVariant.DANGER,
        dialog=dialog("Reject these papers", "The person reads the reason.", submit="Reject"),
    )
    def reject(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        reason = form.cleaned_data["reason"]
        return self._decide(request, object_id, verifications.reject_verification, reason=reason)

    @action(
        description="Revoke",
        permissions=["review"],
        url_path="revoke",
        dialog=dialog("Take the approval back", "The person reads the reason.", submit="Revoke"),
    )
    def revoke(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        reason = form.cleaned_data["reason"]
        return self._decide(request, object_id, verifications.revoke_verification, reason=reason)

    def _decide(
        self, request: HttpRequest, object_id: str, service: Any, **given: Any
    ) -> HttpResponse:
        """Decide, and open the next one that waits."""
        found = row_or_404(self.get_queryset(request), object_id)
        try:
            service(verification=found, reviewer=staff_of(request), **given)
        except DomainError as error:
            messages.error(request, error.detail)
            return go_to(request, reverse("admin:accounts_verification_change", args=[found.pk]))
        messages.success(request, f"{found}: decided.")
        return go_to(request, self._next(request))

    def _next(self, request: HttpRequest) -> str:
        waiting = Verification.objects.waiting().exclude(user=staff_of(request))
        following = waiting.order_by("submitted_at", "pk").values_list("pk", flat=True).first()
        if following is None:
            messages.info(request, "Nothing else waits for a decision.")
            return reverse("admin:accounts_verification_changelist")
        return reverse("admin:accounts_verification_change", args=[following])


@admin.register(ContractorPaper)
class ContractorPaperAdmin(EvidenceAdmin):
    """Licences and insurances, those that run out first."""

    list_display = ("kind", "user", "organization", "issuer", "valid_until", "replaced_at")
    list_select_related = ("user", "organization")
    list_filter = (
        ("kind", ChoicesDropdownFilter),
        ("valid_until", RangeDateFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("user__full_name__istartswith", "organization__name__istartswith")
    date_hierarchy = "valid_until"
    exclude = ("number",)
