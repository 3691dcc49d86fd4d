"""What never leaves the process in a log line or an error report.

Two nets: a value whose *name* says that it is secret goes whatever it looks like, and text is
searched for what *looks* secret whatever it is called.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

REDACTED = "[redacted]"
MAX_DEPTH = 8
MAX_ITEMS = 100
MAX_TEXT = 20_000

_SECRET_WORDS = frozenset(
    {
        "authorization",
        "cookie",
        "cookies",
        "credential",
        "credentials",
        "csrftoken",
        "csrfmiddlewaretoken",
        "dsn",
        "iban",
        "jwt",
        "key",
        "keys",
        "mac",
        "otp",
        "passwd",
        "password",
        "passwords",
        "pepper",
        "pin",
        "secret",
        "secrets",
        "sessionid",
        "signature",
        "token",
        "tokens",
        "totp",
    }
)
_SECRET_NAMES = frozenset({"emirates_id_number", "trade_license_number", "backup_codes"})
_HARMLESS_NAMES = frozenset(
    {"primary_key", "public_key", "token_type", "token_version", "token_endpoint"}
)
_CODE_NAMES = frozenset({"code", "codes", "otp_code", "plain"})
# A plain word or path, as most values are; no pattern below could match it.
_HARMLESS = re.compile(r"[A-Za-z/-]{0,200}")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

# Each pattern starts at few places and looks ahead a bounded way: no text is slow to search.
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # JSON Web Tokens, and whatever follows an authentication scheme
    (re.compile(r"(?<![\w-])eyJ[\w-]{4,4000}\.[\w-]{1,8000}\.?[\w-]{0,4000}"), REDACTED),
    (re.compile(r"(?i)\b(bearer|basic)\s{1,10}[\w.~+/=-]{8,}"), rf"\1 {REDACTED}"),
    # what stands behind the question mark of an address
    (re.compile(r"\?(?=[\w.\[\]%-]{1,100}=)[^\s'\"]+"), rf"?{REDACTED}"),
    # name=value and "name": "value"
    (
        re.compile(
            r"(?i)((?<![\w-])[\w-]{0,40}?"
            r"(?:password|passwd|secret|token|api[_-]?key|authorization|cookie|pepper))"
            r"(['\"]?\s{0,4}[:=]\s{0,4}['\"]?)(?!\[redacted)[^\s'\",;&}\]]+"
        ),
        rf"\1\2{REDACTED}",
    ),
    (
        re.compile(r"(?i)\b(codes?|otp|pin)\b(\W{0,4}(?:is|was)?\W{0,4})\b\d{4,10}\b"),
        rf"\1\2{REDACTED}",
    ),
    # keys and hashes that announce themselves
    (re.compile(r"\b(?:sk|rk|whsec|AC)_[A-Za-z0-9_]{8,}"), REDACTED),
    (re.compile(r"\b(?:argon2|bcrypt|pbkdf2_)\w{0,20}\$\S+"), REDACTED),
    # Emirates identity numbers: 784, year of birth, seven digits, check digit
    (re.compile(r"\b784-?\d{4}-?\d{7}-?\d\b"), REDACTED),
    # scheme://user:password@host
    (re.compile(r"(://)[^/\s@'\"]{1,300}@"), rf"\1{REDACTED}@"),
    # PostgreSQL repeats the offending row in these
    (re.compile(r"(?m)^([ \t]{0,20}(?:DETAIL|CONTEXT|PARAMETERS):).*$"), rf"\1 {REDACTED}"),
    # people: the last two digits of a phone number and the domain of an address are left
    (re.compile(r"\+\d{5,13}(\d{2})\b"), r"+…\1"),
    (re.compile(r"(?<![\w.+-])[\w.+-]{1,64}(@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})"), r"…\1"),
)


@lru_cache(maxsize=1024)
def is_secret_name(name: str) -> bool:
    """Whether a value of this name is secret by its name alone."""
    lowered = name.lower()
    if lowered in _HARMLESS_NAMES:
        return False
    if lowered in _SECRET_NAMES:
        return True
    return any(word.lower() in _SECRET_WORDS for word in _WORDS.findall(name))


def redact_text(text: str) -> str:
    """``text`` with everything that looks secret replaced, cut at 20,000 characters."""
    if _HARMLESS.fullmatch(text):
        return text
    text = text[:MAX_TEXT]
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def redact(value: Any, *, name: str = "", depth: int = 0) -> Any:
    """A copy of ``value``, made of plain JSON types, without secrets."""
    if name and is_secret_name(name) and value not in (None, "", True, False):
        return REDACTED
    if name.lower() in _CODE_NAMES and any(character.isdigit() for character in str(value)):
        return REDACTED
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return redact_text(value)
    if depth >= MAX_DEPTH:
        return REDACTED
    if isinstance(value, Mapping):
        return {
            str(key): redact(item, name=str(key), depth=depth + 1)
            for key, item in list(value.items())[:MAX_ITEMS]
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [redact(item, name=name, depth=depth + 1) for item in list(value)[:MAX_ITEMS]]
    return redact_text(str(value))
