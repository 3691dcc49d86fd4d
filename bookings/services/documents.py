"""Papers as PDF: a template, and data that is never read as markup."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from accounts.models import Organization

TEMPLATES = Path(settings.BASE_DIR) / "templates" / "documents"
FONTS = Path(settings.BASE_DIR) / "config" / "fonts"
CONTENT_TYPE = "application/pdf"

_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Document:
    """A paper: its file name and its content."""

    name: str
    content: bytes


def render(*, template: str, data: Mapping[str, Any], at: datetime) -> bytes:
    """The PDF of ``template`` with ``data``; the same data at the same time gives the same bytes.

    Templates read no file outside their folder and no package; no font but ours is used.
    """
    with _one_at_a_time:
        made: bytes = _compiler().compile(
            str(TEMPLATES / f"{template}.typ"),
            format="pdf",
            sys_inputs={"data": json.dumps(data)},
            timestamp=int(at.timestamp()),
        )
    return made


def issuer_of(builder: Organization) -> dict[str, Any]:
    """The letter head of ``builder``."""
    place = ", ".join(part for part in (builder.address, builder.city, builder.country) if part)
    registered = f"Registration {builder.registration_no}" if builder.registration_no else ""
    lines = [place, registered, builder.email, builder.phone]
    return {"name": builder.legal_name or builder.name, "lines": [each for each in lines if each]}


def day_of(moment: datetime, zone: str) -> str:
    """The day of ``moment`` where the development is."""
    try:
        local = moment.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        local = moment
    return f"{local.day} {local:%b %Y}"


@lru_cache(maxsize=1)
def _compiler() -> Any:
    """One compiler per process: fonts are read once."""
    import typst

    # A folder that is not there: no package is found, and none is fetched.
    nothing = str(TEMPLATES / "no-packages")
    return typst.Compiler(
        root=str(TEMPLATES),
        font_paths=typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
        ),
        ignore_system_fonts=True,
        package_path=nothing,
        package_cache_path=nothing,
    )
