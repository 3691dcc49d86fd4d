"""How each message reads, with sample values, for whoever looks at it before it is sent."""

from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings

from accounts.services.message_templates import TEMPLATES, values_to_show
from config.shared.email import LANGUAGES, RIGHT_TO_LEFT, render_email, render_sms
from config.shared.message_samples import SAMPLES
from messaging.choices import NotificationCategory
from messaging.services.categories import category_of


@dataclass(frozen=True, slots=True)
class Preview:
    """A message as it would be sent."""

    name: str
    language: str
    direction: str
    category: NotificationCategory
    subject: str
    sms: str
    text: str
    html: str


def all_messages() -> list[tuple[NotificationCategory, list[str]]]:
    """The names of all messages, by what they are about."""
    found: defaultdict[NotificationCategory, list[str]] = defaultdict(list)
    for name in sorted(TEMPLATES):
        found[category_of(name)].append(name)
    return [(category, found[category]) for category in NotificationCategory if found[category]]


def preview_of(name: str, language: str) -> Preview:
    """A message in a language. Raises ``LookupError`` for one that there is not."""
    if name not in TEMPLATES or language not in LANGUAGES:
        raise LookupError(name)
    values = values_to_show({key: SAMPLES.get(key, key) for key in TEMPLATES[name].needs})
    category = category_of(name)
    is_optional = category != NotificationCategory.SECURITY
    link = f"{settings.PUBLIC_BASE_URL}/unsubscribe/…/" if is_optional else ""
    email = render_email(name, values, locale=language, unsubscribe_link=link)
    return Preview(
        name=name,
        language=language,
        direction="rtl" if language in RIGHT_TO_LEFT else "ltr",
        category=category,
        subject=email.subject,
        sms=render_sms(name, values, locale=language),
        text=email.text,
        html=email.html,
    )
