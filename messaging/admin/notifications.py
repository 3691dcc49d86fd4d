"""What people were told, and how each message reads before it is sent."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    FieldTextFilter,
    RangeDateTimeFilter,
)
from unfold.decorators import action, display

from config.shared.admin import EvidenceAdmin, ReadOnlyInline, go_to
from config.shared.email import LANGUAGES
from messaging.models import Delivery, Notification
from messaging.services.message_previews import all_messages, preview_of

TEXTS = "texts/"


class DeliveryInline(ReadOnlyInline):
    """What became of it on each channel."""

    model = Delivery
    fields = ("channel", "status", "reason", "not_before", "at")


@admin.register(Notification)
class NotificationAdmin(EvidenceAdmin):
    """Notifications."""

    list_display = ("type", "category", "user", "priority", "is_read", "in_app", "created_at")
    list_select_related = ("user",)
    list_filter = (
        ("user", AutocompleteSelectFilter),
        ("type", FieldTextFilter),
        ("category", ChoicesDropdownFilter),
        ("priority", ChoicesDropdownFilter),
        ("in_app", BooleanRadioFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("type__istartswith", "user__full_name__istartswith")
    date_hierarchy = "created_at"
    inlines = (DeliveryInline,)
    actions_list = ("messages_written",)

    def get_urls(self) -> list[Any]:
        """Those of a list, and the texts of all messages."""
        listed = self.admin_site.admin_view(self.texts_view)
        shown = self.admin_site.admin_view(self.text_view)
        return [
            path(TEXTS, listed, name="messaging_texts_page"),
            path(f"{TEXTS}<slug:name>/<slug:language>/", shown, name="messaging_text_page"),
            *super().get_urls(),
        ]

    def texts_view(self, request: HttpRequest) -> HttpResponse:
        """Every message that Courtyard can send, by what it is about."""
        return self._page(
            request,
            "admin/message_texts.html",
            title="Messages",
            groups=all_messages(),
            languages=LANGUAGES,
        )

    def text_view(self, request: HttpRequest, name: str, language: str) -> HttpResponse:
        """One message in one language, as text and as HTML, filled with sample values."""
        try:
            preview = preview_of(name, language)
        except LookupError as error:
            raise Http404 from error
        return self._page(
            request,
            "admin/message_text.html",
            title=preview.subject,
            preview=preview,
            languages=LANGUAGES,
        )

    @action(description="Messages", url_path="messages-written", permissions=["view"])
    def messages_written(self, request: HttpRequest) -> HttpResponse:
        return go_to(request, f"../{TEXTS}")

    @display(description="Read", boolean=True, ordering="read_at")
    def is_read(self, obj: Notification) -> bool:
        return obj.read_at is not None

    def _page(self, request: HttpRequest, template: str, **more: Any) -> HttpResponse:
        if not self.has_view_permission(request):
            return self.admin_site.login(request)
        context = {**self.admin_site.each_context(request), **more}
        return TemplateResponse(request, template, context)
