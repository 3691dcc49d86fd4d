"""Lists as files for spreadsheets: for those who may, written down, and without formulae.

A cell whose text begins like a formula is run by spreadsheet programs when the file is opened
(OWASP, CSV injection); an apostrophe before it makes it text in all of them.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from import_export.admin import ExportMixin
from import_export.formats.base_formats import CSV, XLSX
from import_export.resources import ModelResource
from unfold.contrib.import_export.forms import ExportForm

from config.shared import audit
from config.shared.admin import staff_of

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
MOST_ROWS = 20_000


def harmless(value: Any) -> Any:
    """``value`` as a cell that no spreadsheet program takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


class ListResource(ModelResource):
    """The columns of a list that is exported; ``Meta.fields`` names every one of them."""

    def export_resource(self, *args: Any, **kwargs: Any) -> list[Any]:
        """One row, with every cell harmless."""
        return [harmless(cell) for cell in super().export_resource(*args, **kwargs)]


class ExportingMixin(ExportMixin):
    """A list that staff with ``export_<model>`` may take away, as it is filtered, as CSV or XLSX.

    Stands before ``CourtyardAdmin`` among the bases; ``resource_classes`` has one ``ListResource``.
    """

    export_form_class = ExportForm
    to_encoding = "utf-8-sig"
    resource_classes: ClassVar[Sequence[type[ListResource]]] = ()

    def get_export_formats(self) -> list[Any]:
        return [CSV, XLSX]

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Whoever may see the list and may take it away."""
        meta = self.model._meta
        may_export = request.user.has_perm(f"{meta.app_label}.export_{meta.model_name}")
        return bool(may_export and self.has_view_permission(request))

    def export_action(self, request: HttpRequest) -> HttpResponse:
        """The form that asks for the format, or the file; back to the list for an odd filter."""
        try:
            response: HttpResponse = super().export_action(request)
        except IncorrectLookupParameters:
            meta = self.model._meta
            return redirect(f"admin:{meta.app_label}_{meta.model_name}_changelist")
        return response

    def get_export_data(
        self, file_format: Any, request: HttpRequest, queryset: models.QuerySet[Any], **given: Any
    ) -> Any:
        """The file; that it was made is written down first.

        A list that is too long is a ``ValueError``, which staff read above the form.
        """
        if not self.has_export_permission(request):
            raise PermissionDenied
        rows = queryset.order_by()[: MOST_ROWS + 1].count()
        if rows > MOST_ROWS:
            raise ValueError(f"More than {MOST_ROWS:,} rows: narrow the list with filters first.")
        audit.record(
            f"{self.model._meta.label_lower}.list_exported",
            target=staff_of(request),
            actor=request.user,
            after={
                "rows": rows,
                "format": file_format.get_extension(),
                "filters": sorted(set(request.GET)),
            },
        )
        return super().get_export_data(file_format, request, queryset, **given)
