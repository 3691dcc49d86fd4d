"""What a report is about, as it is now, for whoever decides on it."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.admin.pictures import gallery
from catalog.models import Product
from config.shared.admin import Table
from config.shared.errors import DomainError
from messaging.models import Message, Report
from messaging.services.moderation_context import messages_around
from messaging.services.reportables import target_of

GONE = "It is no longer there."


def context_of(report: Report, *, viewer: Any) -> SafeString:
    """The reported message with ten around it, or the photographs and the page of a thing.

    That a message was looked at is written down; nothing else of its conversation is shown.
    """
    target = target_of(label=report.target_type, key=report.target_id)
    if target is None:
        return format_html("<p>{}</p>", GONE)
    if isinstance(target, Message):
        return _talk(target, viewer)
    if isinstance(target, Product):
        target.viewer = viewer  # type: ignore[attr-defined]
        pictures = [picture.media for picture in target.pictures.select_related("media")]
        photographs = gallery(target, pictures, empty="There are no photographs.")
        return format_html("{}{}", photographs, _page_of(target))
    return _page_of(target)


def _talk(message: Message, viewer: Any) -> SafeString:
    try:
        excerpt = messages_around(message=message, staff=viewer)
    except DomainError as error:
        return format_html("<p>{}</p>", error.detail)
    table = Table("When", "Who", "What", "")
    return table.render(
        (
            (
                f"{row.created_at:%d %b, %H:%M}",
                row.sender or "Courtyard",
                row.content or ("Deleted" if row.deleted_at else row.get_message_type_display()),
                "reported" if row.pk == message.pk else "",
            )
            for row in excerpt.messages
        ),
        empty="Nothing was said.",
    )


def _page_of(target: Any) -> SafeString:
    meta = target._meta
    try:
        address = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[target.pk])
    except NoReverseMatch:
        return format_html("<p>{}</p>", str(target))
    return format_html('<p><a href="{}">{}</a></p>', address, str(target))
