"""Forms of the back office that save by the same services as the API."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest

from config.shared.admin import staff_of
from config.shared.errors import DomainError


class ServiceForm(forms.ModelForm):
    """A form whose values a service takes; what that refuses stands beside the fields."""

    actor: Any = None
    saved: Any = None

    def carry_out(self, row: Any, values: Mapping[str, Any]) -> Any:
        """Call the service and return the row: ``row`` is None for a new one, and ``values`` has
        what was filled in, or what was changed."""
        raise TypeError(f"{type(self).__name__} calls no service.")

    def save(self, commit: bool = True) -> Any:
        """The row that the service returned."""
        return self.saved

    def save_m2m(self) -> None:
        """Nothing: the service has saved what belongs to the row as well."""

    def _post_clean(self) -> None:
        row = None if self.instance._state.adding else type(self.instance)(pk=self.instance.pk)
        if row is not None:
            row = type(row)._base_manager.get(pk=row.pk)
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        names = self.cleaned_data if row is None else self.changed_data
        values = {name: self.cleaned_data[name] for name in names}
        try:
            with transaction.atomic():
                self.saved = self.carry_out(row, values)
        except DomainError as error:
            self._refused(error)

    def _refused(self, error: DomainError) -> None:
        found = [(one.pointer, one.detail) for one in getattr(error, "errors", ())]
        for pointer, detail in found or [("", error.detail)]:
            _, _, rest = pointer.partition("/")
            field, _, inside = rest.partition("/")
            place = field if field in self.fields else None
            self.add_error(place, f"{inside}: {detail}" if inside else detail)


class ServiceFormMixin:
    """An object's page whose ``form`` is a ``ServiceForm``."""

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The form, acting for whoever asks."""
        made = super().get_form(request, obj, **kwargs)  # type: ignore[misc]
        return type(made.__name__, (made,), {"actor": staff_of(request)})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing: the service has saved it, and written it down."""
