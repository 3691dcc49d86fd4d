"""How a row changed: its append-only history, for the pages of the back office."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.timezone import localtime
from unfold.decorators import display

from config.shared.admin import Table

NEWEST = 20
LONGEST = 120


class HistoryMixin:
    """Shows the history of the row at the end of its page; the model is tracked by pghistory."""

    def get_readonly_fields(self, request: Any, obj: Any = None) -> list[str]:
        """Those of the page, and the history."""
        shown = list(super().get_readonly_fields(request, obj))  # type: ignore[misc]
        return shown if "history" in shown else [*shown, "history"]

    def get_fields(self, request: Any, obj: Any = None) -> list[Any]:
        """Those of the page, the history last; a row that is being added has none."""
        shown = [name for name in super().get_fields(request, obj) if name != "history"]  # type: ignore[misc]
        return [*shown, "history"] if obj is not None else shown

    @display(description="Row history")
    def history(self, obj: models.Model) -> SafeString:
        """When which column changed, and who was signed in."""
        return history_table(obj)


def history_table(row: models.Model) -> SafeString:
    """The last changes of ``row``, the newest first."""
    table = Table("When", "Who", "Field", "From", "To")
    return table.render(changes_of(row), empty="Never changed.")


def changes_of(row: models.Model) -> Iterator[tuple[str, str, str, str, str]]:
    """When, by whom, and which column changed from what to what."""
    model = next(iter(row.pgh_event_models.values()))  # type: ignore[attr-defined]
    found = model.objects.filter(pgh_obj_id=row.pk).order_by("-pgh_id")
    versions = list(
        found.annotate(pgh_who=models.F("pgh_context__metadata__user")).values()[: NEWEST + 1]
    )
    people = get_user_model()._default_manager.in_bulk(
        {version["pgh_who"] for version in versions if version["pgh_who"]}
    )
    names = {str(pk): str(person) for pk, person in people.items()}
    for newer, older in pairwise(versions):
        when = f"{localtime(newer['pgh_created_at']):%Y-%m-%d %H:%M}"
        who = names.get(newer["pgh_who"], "system")
        for name, value in newer.items():
            if not name.startswith("pgh_") and value != older[name]:
                yield when, who, name, _short(older[name]), _short(value)


def _short(value: Any) -> str:
    return "" if value is None else Truncator(str(value)).chars(LONGEST)
