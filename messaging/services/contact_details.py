"""Contact details in what people write: both are warned of them, and nothing is changed.

Whoever is led away from Courtyard before there is a deal has nobody to turn to afterwards.
"""

import re
import unicodedata

from messaging.choices import ConversationKind
from messaging.models import Conversation
from messaging.services.deals import has_deal

PHONE = "contact_phone"
EMAIL = "contact_email"
LINK = "contact_link"
HANDLE = "contact_handle"
FLAGS = (PHONE, EMAIL, LINK, HANDLE)

# Where people who do not know each other agree on something.
WARNED = frozenset({ConversationKind.PRODUCT, ConversationKind.DIRECT})
FEWEST_DIGITS = 8
MOST_DIGITS = 15

# Digits that stand together but for what people put between them.
_NUMBER = re.compile(r"\+?\d(?:[\s().\-/_*~|]{0,3}\d){5,30}")
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{4}")
_MAIL = re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+\s?(?:\.|\(dot\)|\[dot\])\s?[a-z]{2,}")
_LINKS = re.compile(
    r"https?://|\bwww\.|"
    r"\b(?:wa\.me|t\.me|bit\.ly|goo\.gl|tinyurl\.com|m\.me)\b|"
    r"\b[a-z0-9][a-z0-9-]*\.(?:com|net|org|io|ae|in|co|me|info|biz|app|link|shop|site|online|xyz)"
    r"(?:\b|/)"
)
_MESSENGER = re.compile(
    r"\b(?:whats\s?app|wats\s?app|telegram|on signal|signal app|viber|"
    r"botim|snap\s?chat|insta(?:gram)?|messenger|we\s?chat|skype|discord)\b|واتس\s?اب|واتساب|تلغرام|تليجرام|व्हाट्स\s?ऐप|टेलीग्राम"
)
_AT_NAME = re.compile(r"(?<![\w.])@[a-z0-9_][a-z0-9_.]{2,30}")


def warnings_of(conversation: Conversation, content: str) -> list[str]:
    """What both are warned of in ``content``; nothing, once they have a deal."""
    if conversation.kind not in WARNED:
        return []
    found = details_in(content)
    return [] if found and has_deal(conversation) else found


def details_in(content: str) -> list[str]:
    """Which kinds of contact details ``content`` has, in whatever digits."""
    text = _readable(content)
    mail = bool(_MAIL.search(text))
    without_mail = _MAIL.sub(" ", text)
    found = {
        PHONE: _has_phone(text),
        EMAIL: mail,
        LINK: bool(_LINKS.search(without_mail)),
        HANDLE: bool(_MESSENGER.search(text) or _AT_NAME.search(without_mail)),
    }
    return [flag for flag in FLAGS if found[flag]]


def _readable(content: str) -> str:
    """In one form, in small letters, with digits of every script as those of ours."""
    plain = unicodedata.normalize("NFKC", content).lower()
    return "".join(
        str(unicodedata.digit(sign)) if sign.isdigit() else sign
        for sign in plain
        if unicodedata.category(sign) != "Cf"
    )


def _has_phone(text: str) -> bool:
    for match in _NUMBER.finditer(_DATE.sub(" ", text)):
        digits = sum(sign.isdigit() for sign in match.group())
        if FEWEST_DIGITS <= digits <= MOST_DIGITS:
            return True
    return False
