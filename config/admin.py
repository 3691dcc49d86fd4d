"""The back office itself: its front page, and the pages by which staff enter it.

What the pages of identity do is imported when it is asked for: they register themselves here.
"""

from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from unfold.sites import UnfoldAdminSite

from config.shared.dashboard import panels_for

confidential = (never_cache, login_not_required, sensitive_post_parameters())


class CourtyardAdminSite(UnfoldAdminSite):
    """The back office where staff live all day."""

    index_title = "Today"

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The panels of the groups that the member of staff belongs to."""
        return super().index(request, {"panels": panels_for(request), **(extra_context or {})})

    def get_sidebar_list(self, request: HttpRequest) -> list[dict[str, Any]]:
        """The side bar; a queue that is empty has no number beside it."""
        groups = super().get_sidebar_list(request)
        for group in groups:
            for item in group["items"]:
                _count(item)
        return groups

    def extra_urls(self) -> list[URLPattern]:
        """The pages between the password and the back office."""
        return [
            path("second-factor/", self.second_factor, name="second_factor"),
            path("second-factor/set-up/", self.second_factor_setup, name="second_factor_setup"),
        ]

    def has_permission(self, request: HttpRequest) -> bool:
        """Active staff, with a second factor where a group of theirs wants one."""
        from accounts.admin.sign_in import may_stay

        return super().has_permission(request) and may_stay(request)

    @method_decorator(confidential)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """The page that asks for the password."""
        from accounts.admin.sign_in import ask_password

        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        if request.user.is_authenticated and not self.has_permission(request):
            logout(request)
        return ask_password(request, {**self.each_context(request), **(extra_context or {})})

    @method_decorator(confidential)
    def second_factor(self, request: HttpRequest) -> HttpResponse:
        """The page that asks for a code."""
        from accounts.admin.sign_in import ask_second_factor

        return ask_second_factor(request, self.each_context(request))

    @method_decorator(confidential)
    def second_factor_setup(self, request: HttpRequest) -> HttpResponse:
        """The page on which an authenticator app is set up."""
        from accounts.admin.sign_in import set_up_second_factor

        return set_up_second_factor(request, self.each_context(request))

    @method_decorator(sensitive_post_parameters())
    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """The page on which staff choose a new password."""
        from accounts.admin.sign_in import change_password

        return change_password(request, {**self.each_context(request), **(extra_context or {})})


def _count(item: dict[str, Any]) -> None:
    """Ask for the number beside a line of the side bar once, if it is shown, and drop a nought."""
    asked = item.pop("badge_callback", None)
    number = str(asked) if asked is not None and item["has_permission"] else "0"
    if number == "0":
        item.pop("badge", None)
    else:
        item["badge_callback"] = number
