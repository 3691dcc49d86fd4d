"""ETags of representations that show more than one row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Profile
from config.shared.conditional import etag_of, refuse_stale


@dataclass(frozen=True, slots=True)
class Version:
    """What an ETag is made from: a key, and when what it stands for last changed."""

    pk: Any
    updated_at: datetime


def version_of(row: Any) -> Any:
    """The version of a profile counts its person's changes too; of anything else, its own."""
    if not isinstance(row, Profile):
        return row
    times = [row.user.updated_at] + ([row.updated_at] if row.updated_at else [])
    return Version(row.user_id, max(times))


def etag_of_version(row: Any) -> str:
    """The ETag of what ``row`` is shown as."""
    return etag_of(version_of(row))


def refuse_other_version(request: Request, row: Any) -> None:
    """Raise ``StaleError`` unless ``row`` is what the request's ``If-Match`` names, if it does."""
    refuse_stale(version_of(row), request.headers.get("If-Match"))


class VersionedAnswersMixin:
    """Gives every answer of a view the ETag of ``version_of`` what it shows."""

    conditional_writes = True

    def _has_etag(self, result: Any) -> bool:
        return False

    def answer(self, result: Any = None, *, status: int | None = None) -> Response:
        """``result`` as the operation shows it, with its ETag."""
        response: Response = super().answer(result, status=status)  # type: ignore[misc]
        response["ETag"] = etag_of_version(result)
        return response
