"""Importing units: a table, what it would change, and then all of it or nothing."""

import base64
import zlib
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from catalog.homes_exceptions import ImportRefusedError
from catalog.models import Development
from catalog.services.unit_import import CHANGED, CREATED, carry_out_import, preview_import
from catalog.services.unit_import_files import MOST_BYTES
from config.shared.admin import row_or_404, staff_of
from config.shared.admin_acts import refusal
from config.shared.errors import DomainError

# What the form carries from the preview to the import, compressed and as text.
MOST_TEXT = 900_000
SHOWN_ROWS = 500


class TableForm(forms.Form):
    """A table of units."""

    table = forms.FileField(help_text="CSV (UTF-8) or XLSX; the first line names the columns.")


class ConfirmedTableForm(forms.Form):
    """The table that was looked at, and what it was seen to do."""

    name = forms.CharField(max_length=200)
    content = forms.CharField(max_length=MOST_TEXT)
    fingerprint = forms.CharField(max_length=64)

    def clean_content(self) -> bytes:
        try:
            packed = base64.b64decode(self.cleaned_data["content"], validate=True)
            unpacker = zlib.decompressobj()
            content = unpacker.decompress(packed, MOST_BYTES + 1)
        except (ValueError, zlib.error) as error:
            raise forms.ValidationError("The table was damaged on its way.") from error
        return content


class ImportingMixin:
    """The page of a development with an import of its units."""

    def get_urls(self) -> list[Any]:
        """Those of the pages, and the import."""
        view = self.admin_site.admin_view(self.import_view)  # type: ignore[attr-defined]
        mine = path("<path:object_id>/import-units/", view, name="catalog_development_import_page")
        return [mine, *super().get_urls()]  # type: ignore[misc]

    def import_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for a table, show what it would change, and do it once that is confirmed."""
        if not request.user.has_perm("catalog.import_unit"):
            raise PermissionDenied
        development = row_or_404(self.get_queryset(request), object_id)  # type: ignore[attr-defined]
        back = reverse("admin:catalog_development_change", args=[development.pk])
        form = TableForm(request.POST or None, request.FILES or None)
        context: dict[str, Any] = {}
        if request.method == "POST" and "fingerprint" in request.POST:
            error = _carry_out(request, development)
            if not error:
                return redirect(back)
            messages.error(request, error)
            form = TableForm()
        elif request.method == "POST" and form.is_valid():
            context = _preview(request, development, form)
        return TemplateResponse(
            request,
            "admin/unit_import.html",
            {
                **self.admin_site.each_context(request),  # type: ignore[attr-defined]
                "title": f"Import units: {development}",
                "form": form,
                "back": back,
                **context,
            },
        )


def _preview(request: HttpRequest, development: Development, form: TableForm) -> dict[str, Any]:
    given = form.cleaned_data["table"]
    content = given.read(MOST_BYTES + 1)
    text = base64.b64encode(zlib.compress(content)).decode()
    if len(text) > MOST_TEXT:
        form.add_error("table", "This table is too large for a page: import it by command.")
        return {}
    try:
        plan = preview_import(
            development=development, actor=staff_of(request), content=content, name=given.name
        )
    except ImportRefusedError as error:
        return {"faults": list(error.faults)}
    except DomainError as error:
        form.add_error("table", refusal(error))
        return {}
    rows = [row for row in plan.rows if row.action in {CREATED, CHANGED}]
    return {
        "plan": plan,
        "counts": plan.counts,
        "rows": rows[:SHOWN_ROWS],
        "more": max(0, len(rows) - SHOWN_ROWS),
        "faults": plan.faults,
        "name": given.name[:200],
        "content": text,
    }


def _carry_out(request: HttpRequest, development: Development) -> str:
    """Import what was confirmed; returns what is wrong, or an empty text."""
    form = ConfirmedTableForm(request.POST)
    if not form.is_valid():
        return "Please choose the table again."
    try:
        plan = carry_out_import(
            development=development, actor=staff_of(request), **form.cleaned_data
        )
    except DomainError as error:
        return refusal(error)
    counts = ", ".join(f"{count:,} {action}" for action, count in plan.counts.items())
    messages.success(request, f"{development}: {counts}.")
    return ""
