"""The messages that Courtyard sends: what each needs to be told, and until when it is sent."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from config.shared.email import public_link

NOTICE_LIFETIME = timedelta(days=3)
# What people write themselves: names of theirs, of organizations and buildings, reasons.
WORDS_OF_PEOPLE = {"building", "device", "inviter", "name", "organization", "reason", "unit"}
# What phones and mail programs take for an address: a scheme, or a dot before a letter.
ADDRESS = re.compile(r"(?<=:)(?=//)|(?<=\w[.．。｡])(?=[^\W\d_])")
# The joiners are invisible, and belong to the spelling of Hindi and Persian.
JOINERS = "\u200c\u200d"


class UnknownTemplateError(LookupError):
    """There is no message of this name."""


class MissingValueError(TypeError):
    """A message was not told what it needs."""


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """A message; ``needs`` are the values that its texts show.

    One that leaves no trace is deleted with its delivery, and the address with it.
    """

    needs: frozenset[str]
    lifetime_setting: str = ""
    leaves_trace: bool = True

    @property
    def lifetime(self) -> timedelta:
        """How long after it was queued it may still be sent."""
        if not self.lifetime_setting:
            return NOTICE_LIFETIME
        return timedelta(seconds=getattr(settings, self.lifetime_setting))


def _template(*needs: str, lifetime: str = "", leaves_trace: bool = True) -> MessageTemplate:
    return MessageTemplate(frozenset(needs), lifetime, leaves_trace)


TEMPLATES: dict[str, MessageTemplate] = {
    "code": _template("purpose", "code", "minutes", lifetime="CODE_SECONDS"),
    "no_account": _template(lifetime="CODE_SECONDS"),
    "password_reset": _template("link_path", "minutes", lifetime="RESET_LINK_SECONDS"),
    "contact_changed": _template("kind", "new_hint"),
    "new_sign_in": _template("device", "at"),
    "session_reused": _template("device"),
    "password_changed": _template(),
    "security_changed": _template("what"),
    "account_suspended": _template("reason"),
    "account_reactivated": _template(),
    "account_deactivated": _template(),
    "verification_decided": _template("status", "reason"),
    "residency_claimed": _template("building", "unit"),
    "residency_decided": _template("status", "building", "unit", "reason"),
    "paper_expires": _template("paper", "name", "days", "valid_until"),
    "invitation": _template("organization", "inviter", "role", "link_path"),
    "export_ready": _template("link_path", "valid_until"),
    "erasure_scheduled": _template("due_at"),
    "erasure_done": _template(leaves_trace=False),
}


def register_templates(
    templates: Mapping[str, Iterable[str]], *, words_of_people: Iterable[str] = ()
) -> None:
    """Make messages of a higher app known: for each its name and the values that it needs.

    ``words_of_people`` are the values among them that people write themselves: no address in them
    becomes a link. Raises ``ValueError`` for a name that is taken.
    """
    for name, needs in templates.items():
        made = _template(*needs)
        if TEMPLATES.setdefault(name, made) != made:
            raise ValueError(f"There already is a message named {name}.")
    WORDS_OF_PEOPLE.update(words_of_people)


def template_named(name: str) -> MessageTemplate:
    """The message of this name, or ``UnknownTemplateError``."""
    try:
        return TEMPLATES[name]
    except KeyError:
        raise UnknownTemplateError(f"There is no message named {name}.") from None


def check_values(name: str, context: Mapping[str, Any]) -> None:
    """Raise ``MissingValueError`` unless ``context`` has exactly what the message needs.

    A ``link_path`` that could lead to another site is a ``ValueError``.
    """
    needs = template_named(name).needs
    if context.keys() != needs:
        missing, surplus = sorted(needs - context.keys()), sorted(context.keys() - needs)
        raise MissingValueError(f"{name} lacks {missing} and does not know {surplus}.")
    if "link_path" in context:
        public_link(context["link_path"])


def values_to_show(context: Mapping[str, Any]) -> dict[str, Any]:
    """The stored values as the texts use them: a path has become a link of this site.

    It is the only link: of the words of people none becomes one, so that nobody sends somebody
    else an address in Courtyard's name.
    """
    values = {
        name: _without_links(str(value)) if name in WORDS_OF_PEOPLE else value
        for name, value in context.items()
    }
    if "link_path" in values:
        values["link"] = public_link(values.pop("link_path"))
    return values


def plain_values(context: Mapping[str, Any], *, time_zone: str) -> dict[str, Any]:
    """The values as they are stored: times in the reader's zone, the rest as it is."""
    return {name: _plain(value, time_zone) for name, value in context.items()}


def _without_links(text: str) -> str:
    visible = (sign if sign.isprintable() or sign in JOINERS else " " for sign in text)
    return ADDRESS.sub(" ", "".join(visible))


def _plain(value: Any, time_zone: str) -> Any:
    if isinstance(value, datetime):
        try:
            zone = ZoneInfo(time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            zone = ZoneInfo("UTC")
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M} ({zone.key})"
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, bool | int) else str(value)
