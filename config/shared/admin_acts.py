"""Acts on an object's page: a dialog, a service, and what came of it."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.decorators import action
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm

from config.shared.admin import ConfirmForm, ReasonForm, go_to, row_or_404, staff_of
from config.shared.errors import DomainError

# The row, the member of staff, and what they wrote in the dialog.
Call = Callable[[Any, Any, Mapping[str, Any]], object]


class ActingMixin:
    """An object's page with acts that ``service_act`` has made."""

    def carry_out(
        self, request: HttpRequest, object_id: str, act: Callable[[Any], object], done: str
    ) -> HttpResponse:
        """Call ``act`` with the row, say what came of it, and return to its page."""
        found = row_or_404(self.get_queryset(request), object_id)  # type: ignore[attr-defined]
        try:
            act(found)
        except DomainError as error:
            messages.error(request, refusal(error))
        else:
            messages.success(request, f"{found}: {done}.")
        meta = found._meta
        address = f"admin:{meta.app_label}_{meta.model_name}_change"
        return go_to(request, reverse(address, args=[found.pk]))


def refusal(error: DomainError) -> str:
    """What a service refused with, as one sentence for staff."""
    found = [one.detail for one in getattr(error, "errors", ())]
    return " ".join(dict.fromkeys([error.detail, *found]))


def service_act(
    name: str,
    call: Call,
    *,
    description: str,
    permission: str,
    explain: str,
    done: str,
    form: type[BaseDialogForm] | None = None,
    danger: bool = False,
) -> Any:
    """An act for a page with ``ActingMixin``.

    Args:
        name: of the method, and with hyphens of the address.
        call: carries it out; what it refuses with is shown.
        permission: asks ``has_<permission>_permission`` of the page.
        explain: what will happen, for the dialog.
        done: what is said of the row that went well.
        form: asks for more than to confirm; ``ReasonForm`` asks why.
    """

    def run(self: Any, request: HttpRequest, form: Any, object_id: str) -> HttpResponse:
        given = form.cleaned_data
        answer: HttpResponse = self.carry_out(
            request, object_id, lambda row: call(row, staff_of(request), given), done
        )
        return answer

    run.__name__ = name
    return action(
        description=description,
        permissions=[permission],
        url_path=name.replace("_", "-"),
        variant=ActionVariant.DANGER if danger else ActionVariant.DEFAULT,
        dialog={
            "title": description,
            "description": explain,
            "form_class": form or ConfirmForm,
            "form_submit_text": description,
        },
    )(run)


class AmountForm(ReasonForm):
    """Asks for an amount of money, and why."""

    amount = forms.DecimalField(max_digits=14, decimal_places=3, min_value=0)


__all__ = ["ActingMixin", "AmountForm", "ConfirmForm", "ReasonForm", "refusal", "service_act"]
