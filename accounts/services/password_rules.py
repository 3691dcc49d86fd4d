"""Which passwords are taken (NIST SP 800-63B-4, 3.1.1.2): length and a list, no composition."""

from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from config.shared.errors import InvalidInputError

SHORTEST = 8
LONGEST = 128


def check_new_password(
    password: str, *, identifiers: Iterable[str | None] = (), pointer: str = "/password"
) -> None:
    """Raise ``InvalidInputError`` at ``pointer`` unless ``password`` may be chosen.

    It has 8 to 128 characters, is not among the common ones, and is none of ``identifiers``.
    """
    if len(password) > LONGEST:
        raise InvalidInputError.at(
            pointer, "password_too_long", f"A password has at most {LONGEST} characters."
        )
    try:
        validate_password(password)
    except ValidationError as error:
        first = error.error_list[0]
        raise InvalidInputError.at(
            pointer, first.code or "password_refused", first.messages[0]
        ) from error
    names = {part for name in identifiers if name for part in _parts(name)}
    if _plain(password) in names:
        raise InvalidInputError.at(
            pointer, "password_is_identifier", "A password is not one's own name or number."
        )


def _parts(identifier: str) -> set[str]:
    whole = _plain(identifier)
    return {whole, whole.removeprefix("+"), whole.partition("@")[0]}


def _plain(text: str) -> str:
    return text.strip().casefold()
