"""Phone numbers: every spelling of one number becomes the same text, for every part of Courtyard.

Sign-in, registration, one-time codes, the admin and imports all go through ``normalise_phone``, so
that one telephone cannot hold two accounts.
"""

import re
import unicodedata

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from config.shared.errors import InvalidInputError

E164_PATTERN = r"^\+[1-9][0-9]{6,14}$"
"""What a stored number looks like (ITU-T E.164), for check constraints."""

MAX_SPELLING = 64
REACHED_BY_SMS = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}

_SPACES = re.compile(r"[\s.\-/()\[\]]+")
_EXTENSION = re.compile(r"[;,x#]|ext|isub", re.IGNORECASE)


def normalise_phone(text: str, *, region: str | None = None, pointer: str = "/phone_number") -> str:
    """The mobile number that ``text`` spells, in E.164: ``+971501234567``.

    Digits of any script, invisible marks, separators, ``tel:``, ``00`` for ``+`` and a bracketed
    trunk ``(0)`` are understood. Numbers without a country are read as numbers of ``region`` (ISO
    3166 alpha-2; by default the setting ``DEFAULT_REGION``).

    Raises ``InvalidInputError`` at ``pointer`` with the code ``phone_invalid``,
    ``phone_has_extension`` or ``phone_not_mobile``.
    """
    found = _parse(text, region or settings.DEFAULT_REGION)
    if found is None:
        code, detail = "phone_invalid", "This is not a phone number we can recognise."
    elif isinstance(found, str):
        code, detail = found, "Give a number without an extension."
    elif phonenumbers.number_type(found) not in REACHED_BY_SMS:
        code, detail = "phone_not_mobile", "Give a mobile number: this one cannot receive an SMS."
    else:
        return phonenumbers.format_number(found, PhoneNumberFormat.E164)
    raise InvalidInputError.at(pointer, code, detail)


def phone_validator(value: str) -> None:
    """A model or form validator: ``value`` is a mobile number as ``normalise_phone`` writes it."""
    try:
        written = normalise_phone(value)
    except InvalidInputError as error:
        raise ValidationError(error.detail, code=error.errors[0].code) from error
    if written != value:
        raise ValidationError(
            "Write the number as %(written)s.", code="phone_not_e164", params={"written": written}
        )


def _parse(text: str, region: str) -> phonenumbers.PhoneNumber | str | None:
    """The number, or the code of a refusal, or None."""
    if len(text) > MAX_SPELLING:
        return None
    plain = "".join(map(_plain, unicodedata.normalize("NFKC", text))).strip()
    plain = re.sub(r"^tel:", "", plain, flags=re.IGNORECASE)
    if _EXTENSION.search(plain):
        return "phone_has_extension"
    digits = re.sub(r"^00", "+", _SPACES.sub("", plain))
    if not re.fullmatch(r"\+?[0-9]+", digits):
        return None
    try:
        number = phonenumbers.parse(digits, region)
    except NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Cf":
        return ""
    return "-" if category == "Pd" or character == "\u2212" else character
