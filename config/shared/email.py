"""The texts of messages: one template per message and language, for e-mail and SMS alike.

``templates/emails/<language>/<name>.txt`` has the blocks ``subject``, ``body`` (plain text in
paragraphs), ``sms`` and, where there is a link, ``button``. The HTML e-mail is laid out from the
same paragraphs, so that both always say the same.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import get_template

LANGUAGES = ("en", "ar", "hi")
RIGHT_TO_LEFT = frozenset({"ar"})
# A day, and what stands behind it: a time and its zone. Not part of an address or a reference.
MOMENT = re.compile(r"(?<![\w/=?&-])\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}(?: \([\w/+-]+\))?)?(?![\w-])")
FROM_THE_LEFT, AS_BEFORE = "\u2066", "\u2069"


@dataclass(frozen=True, slots=True)
class RenderedEmail:
    """An e-mail ready to be sent."""

    subject: str
    text: str
    html: str
    language: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A piece of the body; ``kind`` is ``text``, ``code`` or ``link``."""

    kind: str
    text: str


def language_of(locale: str) -> str:
    """The language that messages to somebody with this locale are written in."""
    language = locale.replace("_", "-").partition("-")[0].lower()
    return language if language in LANGUAGES else LANGUAGES[0]


def public_link(path: str) -> str:
    """The public address of ``path``, which begins with one slash; that of the front end, if any.

    No link is ever made from the host that a request names. Raises ``ValueError`` for anything
    that could lead elsewhere.
    """
    if not path.startswith("/") or path.startswith(("//", "/\\")) or not path.isprintable():
        raise ValueError("A link is a path of this site and begins with one slash.")
    return f"{settings.FRONT_END_URL or settings.PUBLIC_BASE_URL}{path}"


def render_email(
    template: str, context: Mapping[str, Any], *, locale: str, unsubscribe_link: str = ""
) -> RenderedEmail:
    """The subject, the text and the HTML of an e-mail; its foot may say how to stop such ones."""
    language = language_of(locale)
    values = {**context, "base_url": settings.PUBLIC_BASE_URL}
    subject = render_subject(template, context, locale=locale)
    paragraphs = _paragraphs(_part("body", template, language, values), values)
    footer = get_template(f"emails/{language}/footer.txt").render().strip()
    foot = f"-- \n{footer}"
    stop = get_template(f"emails/{language}/unsubscribe.txt").render().strip()
    if unsubscribe_link:
        foot += f"\n{stop}: {unsubscribe_link}"
    text = "\n\n".join([*(paragraph.text for paragraph in paragraphs), foot])
    html = get_template("emails/parts/layout.html").render(
        {
            "locale": language,
            "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
            "subject": subject,
            "paragraphs": paragraphs,
            "button": _part("button", template, language, values),
            "footer": footer,
            "stop": stop,
            "unsubscribe_link": unsubscribe_link,
        }
    )
    return RenderedEmail(subject=subject, text=f"{text}\n", html=html, language=language)


def render_subject(template: str, context: Mapping[str, Any], *, locale: str) -> str:
    """The subject of a message, in one line."""
    values = {**context, "base_url": settings.PUBLIC_BASE_URL}
    return " ".join(_part("subject", template, language_of(locale), values).split())


def render_sms(template: str, context: Mapping[str, Any], *, locale: str) -> str:
    """The text of an SMS, in one line."""
    values = {**context, "base_url": settings.PUBLIC_BASE_URL}
    return " ".join(_part("sms", template, language_of(locale), values).split())


def _part(part: str, template: str, language: str, values: Mapping[str, Any]) -> str:
    found = get_template(f"emails/{language}/{template}.txt")
    text: str = found.render({**values, "part": f"emails/parts/{part}.txt"}).strip()
    return MOMENT.sub(_from_the_left, text) if language in RIGHT_TO_LEFT else text


def _from_the_left(moment: re.Match[str]) -> str:
    """A day between Arabic words would be turned around: its year would stand last."""
    return f"{FROM_THE_LEFT}{moment[0]}{AS_BEFORE}"


def _paragraphs(body: str, values: Mapping[str, Any]) -> list[Paragraph]:
    kinds = {str(values[kind]): kind for kind in ("code", "link") if kind in values}
    texts = (" ".join(lines.split()) for lines in body.split("\n\n"))
    return [Paragraph(kinds.get(text, "text"), text) for text in texts if text]
