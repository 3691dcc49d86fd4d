"""How a notification reads: its message's own words, in the language of whoever reads it now."""

from collections.abc import Callable, Mapping
from typing import Any

from django.template import TemplateDoesNotExist

from accounts.services.message_templates import plain_values, values_to_show
from config.shared.email import render_sms, render_subject
from messaging.models import Notification

SENDER = "Courtyard: "


def title_of(notification: Notification, *, locale: str) -> str:
    """The subject of its message; of one that is not written any more, the name."""
    title = _rendered(render_subject, notification, locale)
    return title or notification.type.replace("_", " ").capitalize()


def body_of(notification: Notification, *, locale: str) -> str:
    """What the SMS of its message says; nothing, if that is not written any more."""
    body = _rendered(render_sms, notification, locale).removeprefix(SENDER)
    return body[:1].upper() + body[1:]


def data_of(context: Mapping[str, Any], *, time_zone: str) -> dict[str, Any]:
    """What is kept of the values of a message: texts, with times in the zone of the reader."""
    kept = plain_values(context, time_zone=time_zone)
    return {name: value if isinstance(value, bool) else str(value) for name, value in kept.items()}


def _rendered(render: Callable[..., str], notification: Notification, locale: str) -> str:
    try:
        return render(notification.type, values_to_show(notification.data), locale=locale)
    except (TemplateDoesNotExist, ValueError):
        return ""
