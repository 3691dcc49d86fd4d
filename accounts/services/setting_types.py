"""What a setting is: its type, its bounds, its default, and the list of all that are known."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings as environment

from accounts.choices import SettingType
from config.shared.errors import InvalidInputError, MissingError

KEY = re.compile(r"[a-z][a-z0-9_]{1,79}")
LONGEST_TEXT = 2000
POINTER = "/value"


class UnknownSettingError(MissingError):
    """No part of Courtyard asks for a setting of this name."""

    title = "There is no such setting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One value that staff may change while Courtyard runs.

    Args:
        key: its name, in small letters with underscores.
        value_type: what its values are.
        description: for the people who change it: what it does, in which unit.
        default: its value until somebody changes it.
        environment: the Django setting that holds the default instead, where operators set it.
        is_public: whether everybody may read it.
        at_least, at_most: the bounds of a number, or of a text's length.
        choices: the only values it may have.
        check: returns what is wrong with a value of the right type, or an empty text; asked when
            a value is entered, not when it is read.
    """

    key: str
    value_type: SettingType
    description: str
    default: Any = None
    environment: str = ""
    is_public: bool = False
    at_least: int | Decimal | None = None
    at_most: int | Decimal | None = None
    choices: tuple[Any, ...] = ()
    check: Callable[[Any], str] | None = None

    def default_value(self) -> Any:
        """The value that holds until somebody changes it."""
        value = getattr(environment, self.environment) if self.environment else self.default
        return self.converted(value)

    def converted(self, value: Any) -> Any:
        """``value`` as the type says (a decimal as ``Decimal``) and within the bounds.

        Raises ``InvalidInputError``.
        """
        value = _CONVERTERS[self.value_type](value)
        self._check_bounds(value)
        if self.choices and value not in self.choices:
            known = ", ".join(map(str, self.choices))
            raise InvalidInputError.at(POINTER, "not_a_choice", f"One of {known}.")
        return value

    def validated(self, value: Any) -> Any:
        """Like ``converted``, for a value that somebody enters: ``check`` is asked as well."""
        value = self.converted(value)
        if self.check and (wrong := self.check(value)):
            raise InvalidInputError.at(POINTER, "invalid", wrong)
        return value

    def stored(self, value: Any) -> Any:
        """``value`` as it stands in the database and in the API: decimals are text."""
        return str(value) if isinstance(value, Decimal) else value

    def _check_bounds(self, value: Any) -> None:
        measure = len(value) if isinstance(value, str) else value
        if not isinstance(measure, int | Decimal):
            return
        unit = " characters" if isinstance(value, str) else ""
        if self.at_least is not None and measure < self.at_least:
            sentence = f"At least {self.at_least}{unit}."
            raise InvalidInputError.at(POINTER, "too_small", sentence)
        if self.at_most is not None and measure > self.at_most:
            sentence = f"At most {self.at_most}{unit}."
            raise InvalidInputError.at(POINTER, "too_large", sentence)


_known: dict[str, Setting] = {}


def declare(settings: Iterable[Setting]) -> None:
    """Make settings known; an app does so in a module that its ``AppConfig.ready`` imports.

    Raises ``ValueError`` for a key that is malformed or taken, or a default that is not valid.
    """
    for setting in settings:
        if not KEY.fullmatch(setting.key) or _known.get(setting.key, setting) != setting:
            raise ValueError(f"{setting.key} cannot be the name of another setting.")
        try:
            setting.default_value()
        except InvalidInputError as error:
            raise ValueError(f"The default of {setting.key}: {error}") from error
        _known[setting.key] = setting


def known_settings() -> tuple[Setting, ...]:
    """Every setting, by key."""
    return tuple(_known[key] for key in sorted(_known))


def setting_of(key: str) -> Setting:
    """The setting ``key``, or ``UnknownSettingError``."""
    try:
        return _known[key]
    except KeyError:
        raise UnknownSettingError from None


def _wrong_type(expected: str) -> InvalidInputError:
    return InvalidInputError.at(POINTER, "wrong_type", f"This setting is {expected}.")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _wrong_type("a text")
    if len(value) > LONGEST_TEXT:
        raise InvalidInputError.at(POINTER, "too_large", f"At most {LONGEST_TEXT} characters.")
    return value.strip()


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _wrong_type("a whole number")
    return value


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise _wrong_type("a decimal number, written as a text such as 2.5")
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise _wrong_type("a decimal number, written as a text such as 2.5")
    return number


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong_type("either true or false")
    return value


def _json(value: Any) -> Any:
    return value


_CONVERTERS: dict[SettingType, Callable[[Any], Any]] = {
    SettingType.STRING: _text,
    SettingType.INTEGER: _integer,
    SettingType.DECIMAL: _decimal,
    SettingType.BOOLEAN: _boolean,
    SettingType.JSON: _json,
}
