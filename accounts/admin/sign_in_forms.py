"""The forms by which staff enter the back office and change their password."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from unfold.forms import AdminOwnPasswordChangeForm, AuthenticationForm
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.exceptions import InvalidCredentialsError
from accounts.models import User
from accounts.services import passwords, staff_sign_in, step_up
from accounts.services.identifiers import MAX_EMAIL
from accounts.services.password_rules import check_new_password
from accounts.services.step_up import Caller
from config.shared.context import current
from config.shared.errors import DomainError

LONGEST_CODE = 20
# The back office has sessions of its own, which end with the password.
NO_SESSION = UUID(int=0)


def as_form_error(error: DomainError) -> ValidationError:
    """A refusal of a service, as a form shows it."""
    wait = f" Try again in {error.retry_after} seconds." if error.retry_after else ""
    return ValidationError(f"{error.detail}{wait}", code=error.code)


class StaffSignInForm(AuthenticationForm):
    """Phone, e-mail or username, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["username"]
        name.label = "Phone, e-mail or username"
        name.max_length = name.widget.attrs["maxlength"] = MAX_EMAIL

    def clean(self) -> dict[str, Any]:
        """Check the password as the API does: counted first, and told apart by nobody."""
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not name or not password:
            return self.cleaned_data
        try:
            self.user_cache = staff_sign_in.check_password(
                identifier=name, password=password, ip_prefix=current().ip_prefix or ""
            )
        except InvalidCredentialsError as error:
            raise self.get_invalid_login_error() from error
        except DomainError as error:
            raise as_form_error(error) from error
        return self.cleaned_data


class SecondFactorForm(forms.Form):
    """A code of the authenticator app, or a backup code."""

    code = forms.CharField(
        max_length=LONGEST_CODE,
        label="Code",
        help_text="Six digits from your authenticator app, or one of your backup codes.",
        widget=UnfoldAdminTextInputWidget(
            attrs={"autocomplete": "one-time-code", "autofocus": "", "autocapitalize": "none"}
        ),
    )


class AppCodeForm(SecondFactorForm):
    """A code of the authenticator app that is being set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "Six digits that the app shows."


class StaffPasswordForm(AdminOwnPasswordChangeForm):
    """A new password in the back office, by the rules and with the effects of the API."""

    user: User

    def clean_old_password(self) -> str:
        """The present password, counted as on signing in."""
        password = str(self.cleaned_data["old_password"])
        caller = Caller(self.user, NO_SESSION, current().ip_prefix or "")
        try:
            step_up.check_own_password(caller, password=password)
        except DomainError as error:
            raise as_form_error(error) from error
        return password

    def clean_new_password1(self) -> str:
        """One that may be chosen at all."""
        password = str(self.cleaned_data["new_password1"])
        names = (self.user.phone_number, self.user.email, self.user.username)
        try:
            check_new_password(password, identifiers=names)
        except DomainError as error:
            raise as_form_error(error) from error
        return password

    def save(self, commit: bool = True) -> User:
        """Replace it: everything that is signed in anywhere else ends."""
        person = User.objects.get(pk=self.user.pk)
        new = self.cleaned_data["new_password1"]
        passwords.replace_password(user=person, new_password=new, actor=person)
        self.user.token_version = person.token_version
        return self.user
