"""Reads the environment once, and stops with one sentence when it cannot be understood."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent.parent
PRODUCTION_HINT = "local and test settings have a default for it, production has none"


class SettingError(SystemExit):
    """Ends the process with status 1 and a sentence on standard error, without a traceback."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(f"Courtyard cannot start: {sentence}")


class Environment(environ.FileAwareEnv):
    """The process's environment, read by name.

    Every reader takes ``default`` (used everywhere) or ``development`` (used by local and test
    settings only, so that production has to name a value). A value may also stand in a file
    that ``<NAME>_FILE`` names, as container secrets do. An empty value counts as missing.
    """

    def __init__(self) -> None:
        super().__init__()
        self.development = False
        self.known: set[str] = set()

    def refusal(self, name: str, why: str) -> SettingError:
        """The error to raise when the value of ``name`` will not do."""
        return SettingError(f"{name} {why}.")

    def read_file(self, path: Path) -> None:
        """Take what is missing in the environment from ``path``, if that file exists."""
        if path.is_file():
            self.read_env(path)

    def text(
        self,
        name: str,
        *,
        default: str | None = None,
        development: str | None = None,
        choices: tuple[str, ...] = (),
    ) -> str:
        self.known.add(name)
        try:
            value = str(self.ENVIRON.get(name, "") or "").strip()
        except OSError as error:
            raise self.refusal(name, f"cannot be read from its file: {error}") from error
        if not value:
            fallback = development if default is None and self.development else default
            if fallback is None:
                raise self.refusal(name, f"is not set ({PRODUCTION_HINT})")
            return fallback
        if choices and value not in choices:
            raise self.refusal(name, f"must be one of {', '.join(choices)}, not {value!r}")
        return value

    def secret(self, name: str, *, development: str | None = None, at_least: int = 32) -> str:
        """A text that is never repeated in a message, of ``at_least`` characters."""
        value = self.text(name, development=development)
        if len(value) < at_least:
            raise self.refusal(name, f"needs at least {at_least} characters, it has {len(value)}")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.text(name, default=str(default)).lower()
        if value in {"1", "true", "yes", "on"}:
            return True
        if value in {"0", "false", "no", "off"}:
            return False
        raise self.refusal(name, f"must be true or false, not {value!r}")

    def number(
        self,
        name: str,
        *,
        default: int | None = None,
        development: int | None = None,
        at_least: int = 0,
        at_most: int = 2**31 - 1,
    ) -> int:
        value = self.text(
            name,
            default=None if default is None else str(default),
            development=None if development is None else str(development),
        )
        if not re.fullmatch(r"-?[0-9]{1,12}", value):
            raise self.refusal(name, f"must be a whole number, not {value!r}")
        if not at_least <= int(value) <= at_most:
            raise self.refusal(name, f"must be between {at_least} and {at_most}, not {value}")
        return int(value)

    def names(
        self, name: str, *, default: str | None = None, development: str | None = None
    ) -> list[str]:
        """A list of words, separated by commas."""
        value = self.text(name, default=default, development=development)
        return [word.strip() for word in value.split(",") if word.strip()]

    def address(
        self, name: str, *, default: str | None = None, development: str | None = None
    ) -> str:
        """An http(s) address without a slash at its end, or an empty text."""
        value = self.text(name, default=default, development=development).rstrip("/")
        if value and not is_web_address(value):
            raise self.refusal(name, "must be an address that begins with https:// or http://")
        return value

    def parsed(
        self,
        name: str,
        parse: Callable[[str], Any],
        *,
        shape: str,
        default: str | None = None,
        development: str | None = None,
    ) -> Any:
        """What ``parse`` makes of the text; ``shape`` tells people what was expected."""
        value = self.text(name, default=default, development=development)
        try:
            return parse(value)
        except (ValueError, TypeError, LookupError, AttributeError, ImproperlyConfigured):
            raise self.refusal(name, f"must be {shape}") from None

    def given(self, name: str) -> bool:
        """Whether a value was given at all."""
        return bool(self.text(name, default=""))

    def database(self, name: str) -> dict[str, Any]:
        """The parts of a PostgreSQL address; drivers in its scheme are dropped."""
        shape = "an address such as postgresql://user:password@host:5432/name"
        parts: dict[str, Any] = self.parsed(name, parse_database_url, shape=shape)
        return parts


def is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def parse_database_url(value: str) -> dict[str, Any]:
    """Django's connection settings for a PostgreSQL address.

    ``postgresql+asyncpg://`` and the like, as SQLAlchemy writes them, are accepted. Raises
    ``ValueError`` for anything that is not PostgreSQL or names no database.
    """
    scheme, separator, rest = value.partition("://")
    if not separator or scheme.partition("+")[0] not in {"postgres", "postgresql"}:
        raise ValueError(scheme)
    parts: dict[str, Any] = environ.Env.db_url_config(f"postgresql://{rest}")
    if not parts["NAME"]:
        raise ValueError("no database name")
    return parts


def environment_file() -> Path:
    """The file of settings that is read beside the environment: ``ENV_FILE``, or ``.env``."""
    return Path(os.environ.get("ENV_FILE") or BASE_DIR / ".env")


env = Environment()
