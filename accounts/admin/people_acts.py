"""What staff do about a person, each act in a dialog that asks why."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.decorators import action
from unfold.enums import ActionVariant

from accounts.choices import UserStatus
from accounts.models import User
from accounts.services import second_factor, sessions, standing, stopped_codes
from config.shared.admin import (
    CourtyardAdmin,
    dialog,
    go_to,
    may,
    report_each,
    row_or_404,
    staff_of,
)
from config.shared.errors import DomainError


class PersonActs(CourtyardAdmin):
    """The acts on a person's page, and on the list of people."""

    actions = ("suspend_selected",)
    actions_detail = ("suspend", "reactivate", "end_sessions", "free_codes", "reset_second_factor")
    actions_in_states: ClassVar[Any] = {
        "suspend": set(UserStatus) - {UserStatus.SUSPENDED},
        "reactivate": {UserStatus.SUSPENDED},
    }
    has_end_permission = may("accounts.end_sessions")
    has_free_permission = may(stopped_codes.PERMISSION)
    has_reset_permission = may("accounts.reset_second_factor")
    has_suspend_permission = may("accounts.suspend_user")

    @admin.action(description="Suspend the selected people", permissions=["suspend"])
    def suspend_selected(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        report_each(
            request,
            queryset,
            lambda user: standing.suspend(
                user=user, actor=staff_of(request), reason="Suspended from the list of people"
            ),
            done="suspended",
        )

    @action(
        description="Suspend",
        permissions=["suspend"],
        url_path="suspend",
        variant=ActionVariant.DANGER,
        dialog=dialog(
            "Suspend this person",
            "Their next request is refused and their sessions end.",
            submit="Suspend",
        ),
    )
    def suspend(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        return self._act(
            request,
            object_id,
            lambda user: standing.suspend(
                user=user, actor=staff_of(request), reason=form.cleaned_data["reason"]
            ),
            "suspended",
        )

    @action(
        description="Reactivate",
        permissions=["suspend"],
        url_path="reactivate",
        dialog=dialog(
            "Reactivate this person", "They can sign in again at once.", submit="Reactivate"
        ),
    )
    def reactivate(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        return self._act(
            request,
            object_id,
            lambda user: standing.reactivate(
                user=user, actor=staff_of(request), reason=form.cleaned_data["reason"]
            ),
            "reactivated",
        )

    @action(
        description="End all sessions",
        permissions=["end"],
        url_path="end-sessions",
        dialog=dialog("End all sessions", "Every device is signed out.", submit="End sessions"),
    )
    def end_sessions(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        return self._act(
            request,
            object_id,
            lambda user: sessions.end_all_by_staff(
                user=user, actor=staff_of(request), reason=form.cleaned_data["reason"]
            ),
            "signed out everywhere",
        )

    @action(
        description="Free stopped codes",
        permissions=["free"],
        url_path="free-codes",
        dialog=dialog(
            "Free stopped codes",
            "After too many wrong codes, codes are sent to their phone and e-mail again.",
            submit="Free codes",
        ),
    )
    def free_codes(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        return self._act(
            request,
            object_id,
            lambda user: stopped_codes.free_codes(
                user=user, actor=staff_of(request), reason=form.cleaned_data["reason"]
            ),
            "sent codes again",
        )

    @action(
        description="Reset the second factor",
        permissions=["reset"],
        url_path="reset-second-factor",
        variant=ActionVariant.DANGER,
        dialog=dialog(
            "Reset the second factor",
            "Make sure who they are. Every device is signed out, and they are told.",
            submit="Reset",
        ),
    )
    def reset_second_factor(self, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        return self._act(
            request,
            object_id,
            lambda user: second_factor.reset_by_staff(
                user=user, actor=staff_of(request), reason=form.cleaned_data["reason"]
            ),
            "without a second factor",
        )

    def _act(self, request: HttpRequest, object_id: str, act: Any, done: str) -> HttpResponse:
        user = row_or_404(self.get_queryset(request), object_id)
        try:
            act(user)
        except DomainError as error:
            messages.error(request, error.detail)
        else:
            messages.success(request, f"{user} is {done}.")
        return go_to(request, reverse("admin:accounts_user_change", args=[user.pk]))
