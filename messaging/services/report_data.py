"""What reports keep about a person, and what is left when they want to be forgotten."""

from typing import Any

from accounts.models import User
from accounts.services.personal_data import all_facts
from config.shared.personal_data import collects, erases
from messaging.models import Report

NEVER = {"reporter", "accused", "handled_by", "decision_note", "snapshot"}


@collects("messaging.reports")
def reports(person: User) -> list[dict[str, Any]]:
    """What they reported; never who reported them."""
    rows = Report.objects.filter(reporter=person).order_by("created_at", "pk")
    return all_facts(rows, without=NEVER)


@erases("messaging.reports")
def forget_words(person: User) -> int:
    """Delete what they wrote; that they reported something stays, for whoever decided on it."""
    return Report.objects.filter(reporter=person).exclude(text="").update(text="")
