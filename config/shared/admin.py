"""What every page of the back office shares."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget

from config.shared import audit
from config.shared.errors import DomainError

COUNT_CEILING = 10_000


def by_label(colours: Mapping[Any, str]) -> dict[str, str]:
    """The colours of states by what people call them, for columns that show these words."""
    return {str(state.label): colour for state, colour in colours.items()}


class CappedPaginator(Paginator):
    """Pages of a list that may have millions of rows: it counts no further than 10,000."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if isinstance(rows, models.QuerySet):
            return int(rows.order_by()[:COUNT_CEILING].values("pk").count())
        return len(rows)


def may(permission: str) -> Callable[..., bool]:
    """A method ``has_…_permission`` that asks for ``app.codename``.

    Actions name the method, not the permission: Unfold looks a permission up in the database
    whenever the project is checked.
    """

    def has_permission(self: Any, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(permission))

    return has_permission


def staff_of(request: HttpRequest) -> Any:
    """The member of staff who asks; the back office serves nobody else."""
    return request.user


class CourtyardAdmin(ModelAdmin):
    """A model's pages: constant queries at any number of rows, related rows by search."""

    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 100
    list_filter_submit = True
    list_filter_sheet = False
    compressed_fields = True
    warn_unsaved_form = True
    # Which states of the thing an action on its page is offered in; others are always offered.
    actions_in_states: ClassVar[dict[str, Collection[str]]] = {}

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> Any:
        """The actions that the present state of the thing allows."""
        offered = super().get_actions_detail(request, object_id)
        if not self.actions_in_states or not offered:
            return offered
        found = self.get_object(request, str(object_id))
        state = getattr(found, "status", None)
        return [
            action
            for action in offered
            if state in self.actions_in_states.get(action.method.original_function_name, {state})
        ]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save what staff wrote, and write down which fields they changed."""
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            act = "corrected" if change else "added"
            fields = [name for name in form.changed_data if not audit.names_a_secret(name)]
            audit.record(
                f"{obj._meta.label_lower}.{act}",
                target=obj,
                actor=request.user,
                after={"fields": fields},
            )

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


class ReadOnlyMixin:
    """Rows that staff look at and never write by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class EvidenceAdmin(ReadOnlyMixin, CourtyardAdmin):
    """Evidence: it can be neither added, changed nor deleted by anyone."""


class ReadOnlyInline(ReadOnlyMixin, TabularInline):
    """Rows shown on another thing's page, newest first, at most twenty."""

    extra = 0
    max_num = 0
    tab = True
    per_page = 20
    show_change_link = True
    hide_title = True

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields


class NoDeleteMixin:
    """Things that end but are never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def report_each(
    request: HttpRequest, rows: Iterable[Any], act: Callable[[Any], object], *, done: str
) -> int:
    """Call ``act`` for each row and tell staff what came of each; return how many were done.

    ``done`` is what is said of the rows that went well: "suspended", "approved".
    """
    count = 0
    for row in rows:
        try:
            act(row)
        except DomainError as error:
            messages.error(request, f"{row}: {error.detail}")
        else:
            count += 1
            messages.success(request, f"{row}: {done}.")
    return count


def row_or_404(queryset: models.QuerySet[Any], key: Any) -> Any:
    """The row of this key; one that no key of the model could be is not found either."""
    try:
        return get_object_or_404(queryset, pk=key)
    except (ValidationError, ValueError) as error:
        raise Http404 from error


def go_to(request: HttpRequest, address: str) -> HttpResponse:
    """Send the browser on after a dialog: its form is sent by htmx, which needs to be told so."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


class Table:
    """A small table inside an object's page."""

    CELL: ClassVar[str] = "px-3 py-2 text-left align-top"

    def __init__(self, *headings: str) -> None:
        self.headings = headings

    def render(self, rows: Iterable[Iterable[Any]], *, empty: str) -> SafeString:
        """The table, or the sentence ``empty`` when there are no rows."""
        lines = list(rows)
        if not lines:
            return format_html('<p class="text-font-subtle-light">{}</p>', empty)
        head = format_html_join(
            "",
            f'<th scope="col" class="{self.CELL}">{{}}</th>',
            ((name,) for name in self.headings),
        )
        body = format_html_join("", "<tr>{}</tr>", ((self._cells(line),) for line in lines))
        # Its width says nothing to what is around it: a fieldset would be as wide as its tables.
        return format_html(
            '<div class="overflow-x-auto" style="contain:inline-size">'
            '<table class="w-full text-sm">'
            '<thead class="border-b border-base-200 dark:border-base-800"><tr>{}</tr></thead>'
            "<tbody>{}</tbody></table></div>",
            head,
            body,
        )

    def _cells(self, line: Iterable[Any]) -> SafeString:
        return format_html_join(
            "", f'<td class="{self.CELL}">{{}}</td>', ((cell,) for cell in line)
        )


class ReasonForm(BaseDialogForm):
    """Asks staff why, before something is done to somebody."""

    reason = forms.CharField(
        max_length=500,
        min_length=3,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="It is kept with the act and can be read by other staff.",
    )


class ConfirmForm(BaseDialogForm):
    """Asks staff whether they mean it."""


def dialog(title: str, description: str, *, submit: str, reason: bool = True) -> Any:
    """The dialog of an action on one thing's page; without one, an action would run on a click
    from any other site."""
    return {
        "title": title,
        "description": description,
        "form_class": ReasonForm if reason else ConfirmForm,
        "form_submit_text": submit,
    }
