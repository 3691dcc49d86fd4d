"""How staff enter the back office: password, second factor, and a session that ends by itself.

Between password and second factor nobody is signed in: the session holds who waits, under which
version of their tokens, and until when.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from accounts.admin.sign_in_forms import (
    AppCodeForm,
    SecondFactorForm,
    StaffPasswordForm,
    StaffSignInForm,
    as_form_error,
)
from accounts.models import User
from accounts.services import second_factor, staff_sign_in, totp
from accounts.services.staff_sign_in import Step
from config.shared.errors import DomainError

BACKEND = "accounts.backends.CredentialsBackend"
WAITING = "staff_waiting"
METHODS = "staff_methods"
SINCE = "staff_since"
PATIENCE = timedelta(minutes=10)
PAGES = {Step.SECOND_FACTOR: "admin:second_factor", Step.SET_UP: "admin:second_factor_setup"}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A member of staff whose password was right, and who is not in yet."""

    user_id: str
    version: int
    until: str
    next_url: str

    def person(self) -> User | None:
        """Who waits, unless it took too long or their account has changed since."""
        if timezone.now() > datetime.fromisoformat(self.until):
            return None
        return User.objects.filter(
            pk=self.user_id, token_version=self.version, is_active=True, is_staff=True
        ).first()


class PasswordView(LoginView):
    """The password of a member of staff, and what comes after it."""

    template_name = "admin/login.html"
    authentication_form = StaffSignInForm

    def form_valid(self, form: Any) -> HttpResponseRedirect:
        return go_on(self.request, form.get_user(), next_url=self.get_success_url())


def ask_password(request: HttpRequest, context: dict[str, Any]) -> HttpResponseBase:
    """The page that asks for the password."""
    shown = {"title": "Sign in", "subtitle": None, "app_path": request.get_full_path()}
    return PasswordView.as_view(extra_context={**context, **shown})(request)


def change_password(request: HttpRequest, context: dict[str, Any]) -> HttpResponseBase:
    """The page on which staff choose a new password; their other sessions end."""
    done = reverse("admin:password_change_done")
    view = PasswordChangeView.as_view(
        form_class=StaffPasswordForm, success_url=done, extra_context=context
    )
    return view(request)


def go_on(request: HttpRequest, user: User, *, next_url: str) -> HttpResponseRedirect:
    """Let ``user``, whose password was right, in, or send them on to the second factor."""
    step = staff_sign_in.next_step(user)
    if step is Step.ENTER:
        enter(request, user, methods={"pwd"})
        return HttpResponseRedirect(next_url)
    request.session.flush()
    until = (timezone.now() + PATIENCE).isoformat()
    waiting = Waiting(str(user.pk), user.token_version, until, next_url)
    request.session[WAITING] = asdict(waiting)
    return redirect(PAGES[step])


def enter(request: HttpRequest, user: User, *, methods: set[str]) -> None:
    """Sign ``user`` in for some hours, however busy they are, and write it down."""
    auth.login(request, user, backend=BACKEND)
    now = timezone.now()
    request.session.pop(WAITING, None)
    request.session[METHODS] = sorted(methods)
    request.session[SINCE] = now.isoformat()
    request.session.set_expiry(now + timedelta(seconds=settings.SESSION_COOKIE_AGE))
    staff_sign_in.note_signed_in(user=user, methods=methods)


def may_stay(request: HttpRequest) -> bool:
    """Whether the session is still good enough for a group that wants a second factor."""
    known: dict[str, bool] = request.__dict__.setdefault("staff_standing", {})
    if "may_stay" not in known:
        methods = request.session.get(METHODS, [])
        known["may_stay"] = not staff_sign_in.lacks_second_factor(cast(User, request.user), methods)
    return known["may_stay"]


def ask_second_factor(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The page between the password and the back office."""
    waiting = _waiting(request)
    user = waiting.person() if waiting else None
    if waiting is None or user is None:
        return redirect("admin:login")
    form = SecondFactorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            method = staff_sign_in.check_second_factor(user=user, code=form.cleaned_data["code"])
        except DomainError as error:
            form.add_error("code", as_form_error(error))
        else:
            enter(request, user, methods={"pwd", method})
            return HttpResponseRedirect(waiting.next_url)
    title = "One more step"
    return TemplateResponse(
        request, "admin/second_factor.html", {**context, "title": title, "form": form}
    )


def set_up_second_factor(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The page on which staff set up an authenticator app: on the way in, or just after it."""
    waiting = _waiting(request)
    user = waiting.person() if waiting else _just_entered(request)
    if user is None or totp.is_enrolled(user.pk):
        return _not_now(request, is_set_up=user is not None)
    form = AppCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = second_factor.confirm(user=user, code=form.cleaned_data["code"])
        except DomainError as error:
            form.add_error("code", as_form_error(error))
        else:
            enter(request, user, methods={"pwd", totp.OTP})
            return _show_backup_codes(request, context, codes, waiting)
    enrolment = totp.waiting(user=user) or totp.prepare(user=user)
    shown = {"title": "Set up your second factor", "form": form, "enrolment": enrolment}
    return TemplateResponse(request, "admin/second_factor_setup.html", {**context, **shown})


def _not_now(request: HttpRequest, *, is_set_up: bool) -> HttpResponse:
    """Back to where they came from; whoever is in learns why."""
    if not request.user.is_authenticated:
        return redirect("admin:login")
    fresh = "Sign in again to set up your second factor: that takes fresh proof that it is you."
    messages.info(request, "Your second factor is set up already." if is_set_up else fresh)
    return redirect("admin:index")


def _show_backup_codes(
    request: HttpRequest, context: dict[str, Any], codes: list[str], waiting: Waiting | None
) -> HttpResponse:
    next_url = waiting.next_url if waiting else reverse("admin:index")
    shown = {"title": "Your backup codes", "codes": codes, "next_url": next_url}
    return TemplateResponse(request, "admin/backup_codes.html", {**context, **shown})


def _waiting(request: HttpRequest) -> Waiting | None:
    kept = request.session.get(WAITING)
    return Waiting(**kept) if kept else None


def _just_entered(request: HttpRequest) -> User | None:
    """The member of staff who entered within the last minutes, which counts as fresh proof."""
    since = request.session.get(SINCE)
    user = request.user
    if since is None or not isinstance(user, User) or not (user.is_active and user.is_staff):
        return None
    return user if timezone.now() <= datetime.fromisoformat(since) + PATIENCE else None
