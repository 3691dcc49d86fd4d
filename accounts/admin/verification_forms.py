"""What a reviewer sees when they open identity papers."""

from typing import Any

from django.http import HttpRequest
from unfold.forms import BaseDialogForm

from accounts.models import MediaFile, Verification
from accounts.services import media_links, verifications
from config.shared.admin import row_or_404, staff_of
from config.shared.errors import DomainError


class OpenedPapersForm(BaseDialogForm):
    """The numbers in clear and the images side by side; opening them is an audit event."""

    form_before_template = "admin/verification_papers.html"

    def get_before_template_context(
        self, request: HttpRequest, object_id: int | str | None = None
    ) -> dict[str, Any]:
        found = row_or_404(Verification.objects.all(), object_id)
        try:
            opened = verifications.open_papers(verification=found, reviewer=staff_of(request))
        except DomainError as error:
            return {"refusal": error.detail}
        files = [(media, _link(media, staff_of(request))) for media in opened.files]
        return {"opened": opened, "files": files}


def _link(media: MediaFile, viewer: Any) -> str:
    """The largest picture of a file, or the file itself."""
    links = media_links.links_of(media, viewer=viewer)
    return links.get("1600") or next(iter(links.values()), "")
