"""Bodies of requests, refused at the door when no honest client would send them.

A NUL or a lone surrogate that gets past here ends in PostgreSQL's or the renderer's hands, where
it is too late for a 400 that says which field was meant.
"""

import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import QueryDict
from rest_framework.parsers import BaseParser, FormParser, JSONParser

from config.shared.errors import FieldError, InvalidInputError
from config.shared.pointers import extend

MAX_DEPTH = 32
MAX_INTEGER = 2**63 - 1
MAX_DIGITS = 20
TOO_DEEP = f"JSON nested more than {MAX_DEPTH} levels deep is not read."
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# Strict JSON has these characters as escapes only; a text without such an escape needs no walk.
ESCAPED_UNSTORABLE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


class MalformedBodyError(InvalidInputError):
    """The body cannot be read as what its content type says it is."""

    code = "malformed"
    title = "The body could not be read"

    @classmethod
    def whole(cls, code: str, detail: str) -> "MalformedBodyError":
        return cls(detail, errors=[FieldError("", code, detail)])


def read_bounded(stream: IO[bytes], parser_context: Mapping[str, Any] | None) -> bytes:
    """The whole of ``stream``, or ``RequestDataTooBig`` beyond DATA_UPLOAD_MAX_MEMORY_SIZE."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if limit is None:
        return stream.read()
    request = (parser_context or {}).get("request")
    declared = request.META.get("CONTENT_LENGTH") if request is not None else None
    if declared and str(declared).isdecimal() and int(declared) > limit:
        raise RequestDataTooBig(f"More than {limit} bytes.")
    body = stream.read(limit + 1)
    if len(body) > limit:
        raise RequestDataTooBig(f"More than {limit} bytes.")
    return body


def unstorable_code(text: str) -> str | None:
    """Why PostgreSQL could not store ``text``, as an error code; None when it could."""
    found = UNSTORABLE.search(text)
    if found is None:
        return None
    return "null_characters" if found.group() == "\x00" else "surrogate_characters"


def refuse_unstorable(value: Any) -> None:
    """Refuse NUL characters and lone surrogates anywhere in parsed JSON, naming the place."""
    pending: list[tuple[str, Any]] = [("", value)]
    while pending:
        pointer, item = pending.pop()
        if isinstance(item, str):
            _refuse_text(pointer, item)
        elif isinstance(item, dict):
            for key, member in item.items():
                _refuse_text(pointer, key)
                pending.append((extend(pointer, key), member))
        elif isinstance(item, list):
            pending.extend((extend(pointer, index), part) for index, part in enumerate(item))


def _refuse_text(pointer: str, text: str) -> None:
    if code := unstorable_code(text):
        raise MalformedBodyError.at(
            pointer, code, "Text may contain neither NUL characters nor lone surrogates."
        )


def refuse_deep(value: Any) -> None:
    """Refuse parsed JSON in which arrays and objects stand more than ``MAX_DEPTH`` deep."""
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        containers = [item for item in level if isinstance(item, dict | list)]
        if not containers:
            return
        level = [part for item in containers for part in _members(item)]
    raise MalformedBodyError.whole("too_deep", TOO_DEEP)


def _members(container: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return container.values() if isinstance(container, dict) else container


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS or abs(number := int(digits)) > MAX_INTEGER:
        raise MalformedBodyError.whole("number_too_large", "A number is out of range.")
    return number


def _float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise MalformedBodyError.whole("number_too_large", "A number is out of range.")
    return number


def _constant(name: str) -> NoReturn:
    raise MalformedBodyError.whole("not_json", f"{name} is not JSON.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedBodyError.whole("repeated_name", "A name appears twice in one object.")
    return found


def parse_json(body: bytes) -> Any:
    """Read UTF-8 JSON (RFC 8259) within the limits above, or raise ``MalformedBodyError``."""
    try:
        text = body.decode("utf-8")
        value = json.loads(
            text,
            parse_int=_integer,
            parse_float=_float,
            parse_constant=_constant,
            object_pairs_hook=_object,
        )
    except RecursionError:
        raise MalformedBodyError.whole("too_deep", TOO_DEEP) from None
    except UnicodeDecodeError:
        raise MalformedBodyError.whole("not_utf8", "The body is not UTF-8 text.") from None
    except json.JSONDecodeError as error:
        detail = f"The body is not JSON: line {error.lineno}, column {error.colno}."
        raise MalformedBodyError.whole("not_json", detail) from None
    refuse_deep(value)
    if ESCAPED_UNSTORABLE.search(text):
        refuse_unstorable(value)
    return value


class SafeJSONParser(JSONParser):
    """``application/json`` without NUL, lone surrogates, NaN, huge numbers or deep nesting."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return parse_json(read_bounded(stream, parser_context))


class SafeFormParser(FormParser):
    """``application/x-www-form-urlencoded``, for callers that know nothing else."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = read_bounded(stream, parser_context)
        try:
            fields = QueryDict(body.decode("ascii"), encoding="utf-8")
        except UnicodeDecodeError:
            raise MalformedBodyError.whole("not_utf8", "The body is not a form.") from None
        except TooManyFieldsSent:
            raise MalformedBodyError.whole("too_many_fields", "Too many fields.") from None
        for name, values in fields.lists():
            if any(unstorable_code(text) for text in (name, *values)):
                raise MalformedBodyError.whole(
                    "null_characters", "Text may contain no NUL characters."
                )
        return fields


class RawParser(BaseParser):
    """Any content type, unread: for callbacks whose signature covers the body byte by byte."""

    media_type = "*/*"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return read_bounded(stream, parser_context)
