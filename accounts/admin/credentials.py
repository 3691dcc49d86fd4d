"""The second database, as far as staff may see it: no hash, no secret, no code."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from accounts.credentials.models import (
    Challenge,
    Credential,
    FailureCounter,
    OneTimeCode,
    Passkey,
    RateBucket,
    Session,
)
from accounts.services import sessions, stopped_codes
from config.shared.admin import EvidenceAdmin, dialog, go_to, may, row_or_404, staff_of
from config.shared.errors import DomainError


@admin.register(Credential)
class CredentialAdmin(EvidenceAdmin):
    """How people prove who they are, without what they prove it with."""

    list_display = (
        "user_id",
        "second_factor",
        "failed_login_attempts",
        "locked_until",
        "password_changed_at",
    )
    list_filter = (("locked_until", RangeDateTimeFilter), ("created_at", RangeDateTimeFilter))
    search_fields = ("user_id",)
    fields = (
        "user_id",
        "second_factor",
        "totp_confirmed_at",
        "failed_login_attempts",
        "locked_until",
        "password_changed_at",
        "last_password_attempt",
        "created_at",
    )

    @display(description="Second factor", boolean=True)
    def second_factor(self, obj: Credential) -> bool:
        return obj.totp_confirmed_at is not None


@admin.register(OneTimeCode)
class OneTimeCodeAdmin(EvidenceAdmin):
    """Codes that were sent, and what became of them; never a code."""

    list_display = (
        "created_at",
        "purpose",
        "channel",
        "identifier_hint",
        "attempts",
        "is_verified",
    )
    list_filter = (
        ("purpose", ChoicesDropdownFilter),
        ("channel", ChoicesDropdownFilter),
        "is_verified",
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("user_id",)
    search_help_text = "A person's identifier."
    fields = (
        "user_id",
        "identifier_hint",
        "channel",
        "kind",
        "purpose",
        "attempts",
        "max_attempts",
        "is_used",
        "is_verified",
        "created_at",
        "expires_at",
        "verified_at",
        "superseded_at",
        "requested_ip_prefix",
    )


@admin.register(Session)
class SessionAdmin(EvidenceAdmin):
    """Signed-in devices; staff can end one."""

    list_display = ("device_label", "user_id", "ip_prefix", "last_used_at", "revoked_reason")
    list_filter = (
        ("revoked_reason", ChoicesDropdownFilter),
        ("last_used_at", RangeDateTimeFilter),
    )
    search_fields = ("user_id",)
    search_help_text = "A person's identifier."
    fields = (
        "user_id",
        "device_label",
        "ip_prefix",
        "generation",
        "authenticated_at",
        "created_at",
        "last_used_at",
        "expires_at",
        "absolute_expires_at",
        "revoked_at",
        "revoked_reason",
    )
    actions_detail = ("end",)
    has_end_permission = may("accounts.end_sessions")

    @action(
        description="End this session",
        permissions=["end"],
        url_path="end",
        variant=ActionVariant.DANGER,
        dialog=dialog(
            "End this session", "The device is signed out at once.", submit="End session"
        ),
    )
    def end(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        session = row_or_404(Session.objects.all(), object_id)
        try:
            sessions.end_by_staff(
                session=session, actor=staff_of(request), reason=form.cleaned_data["reason"]
            )
        except DomainError as error:
            messages.error(request, error.detail)
        else:
            messages.success(request, "The session has ended.")
        return go_to(request, reverse("admin:credentials_session_change", args=[session.pk]))


@admin.register(Passkey)
class PasskeyAdmin(EvidenceAdmin):
    """The names of passkeys."""

    list_display = ("name", "user_id", "created_at", "last_used_at")
    list_filter = (("created_at", RangeDateTimeFilter),)
    search_fields = ("user_id",)
    fields = ("user_id", "name", "transports", "sign_count", "created_at", "last_used_at")


@admin.register(Challenge)
class ChallengeAdmin(EvidenceAdmin):
    """Questions put to browsers and phones, without their content."""

    list_display = ("created_at", "purpose", "user_id", "attempts", "used_at", "expires_at")
    list_filter = (("created_at", RangeDateTimeFilter),)
    search_fields = ("user_id",)
    fields = ("user_id", "purpose", "attempts", "used_at", "created_at", "expires_at")


@admin.register(RateBucket)
class CredentialRateBucketAdmin(EvidenceAdmin):
    """Counters of sign-ins and codes."""

    list_display = ("key", "count", "window_start", "expires_at")
    list_filter = (("expires_at", RangeDateTimeFilter),)
    search_fields = ("key__startswith",)


@admin.register(FailureCounter)
class FailureCounterAdmin(EvidenceAdmin):
    """Wrong passwords and codes in a row; staff can free what the wrong codes stopped."""

    list_display = ("key", "failures", "locked_until", "last_failed_at")
    list_filter = (("last_failed_at", RangeDateTimeFilter),)
    search_fields = ("key__startswith",)
    actions_detail = ("free",)
    has_free_permission = may(stopped_codes.PERMISSION)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> Any:
        """Codes are freed, passwords are not."""
        counter = FailureCounter.objects.filter(pk=object_id).first()
        if counter is None or not stopped_codes.is_of_codes(counter):
            return []
        return super().get_actions_detail(request, object_id)

    @action(
        description="Free these codes",
        permissions=["free"],
        url_path="free",
        dialog=dialog(
            "Free these codes",
            "Codes are sent to this phone or e-mail, and may be tried, again.",
            submit="Free codes",
        ),
    )
    def free(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        counter = row_or_404(FailureCounter.objects.all(), object_id)
        try:
            stopped_codes.free_counter(
                counter=counter, actor=staff_of(request), reason=form.cleaned_data["reason"]
            )
        except DomainError as error:
            messages.error(request, error.detail)
            page = reverse("admin:credentials_failurecounter_change", args=[counter.pk])
            return go_to(request, page)
        messages.success(request, "The codes are freed.")
        return go_to(request, reverse("admin:credentials_failurecounter_changelist"))
