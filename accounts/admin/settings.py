"""Settings: typed, described, validated, audited."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from accounts.models import SystemSetting
from accounts.services.setting_types import setting_of
from accounts.services.settings import change_setting, get_setting
from config.shared.admin import CourtyardAdmin, NoDeleteMixin, staff_of
from config.shared.errors import DomainError
from config.shared.row_history import HistoryMixin


class SettingForm(forms.ModelForm):
    """The value, and why it changes."""

    value = forms.JSONField(
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="As JSON: a number, true or false, a text in quotes. Empty for the default.",
    )
    reason = forms.CharField(max_length=500, min_length=3, widget=UnfoldAdminTextInputWidget)

    class Meta:
        model = SystemSetting
        fields = ("value",)

    def clean_value(self) -> Any:
        """The value, if the setting's type and bounds admit it."""
        value = self.cleaned_data["value"]
        if value is None:
            return None
        try:
            setting_of(self.instance.key).validated(value)
        except DomainError as error:
            raise forms.ValidationError(error.detail) from error
        return value


@admin.register(SystemSetting)
class SystemSettingAdmin(HistoryMixin, NoDeleteMixin, CourtyardAdmin):
    """Values that can be changed while Courtyard runs."""

    form = SettingForm
    list_display = ("key", "present_value", "value_type", "is_public", "updated_by", "updated_at")
    list_select_related = ("updated_by",)
    list_filter = (("value_type", ChoicesDropdownFilter), "is_public")
    search_fields = ("key", "description")
    readonly_fields = ("key", "description", "value_type", "default", "is_public", "updated_by")
    fields = (*readonly_fields, "value", "reason")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @display(description="Value now")
    def present_value(self, obj: SystemSetting) -> str:
        return str(get_setting(obj.key))

    @display(description="Default")
    def default(self, obj: SystemSetting) -> str:
        return str(setting_of(obj.key).default_value())

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Change it by the service, which checks the type and writes down who did it."""
        change_setting(
            key=obj.key,
            value=form.cleaned_data["value"],
            actor=staff_of(request),
            reason=form.cleaned_data["reason"],
        )
