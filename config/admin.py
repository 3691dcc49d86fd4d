"""The back office itself: its front page."""

from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse
from unfold.sites import UnfoldAdminSite

from config.shared.dashboard import panels_for


class CourtyardAdminSite(UnfoldAdminSite):
    """The back office where staff live all day."""

    index_title = "Today"

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """The panels of the groups that the member of staff belongs to."""
        return super().index(request, {"panels": panels_for(request), **(extra_context or {})})
