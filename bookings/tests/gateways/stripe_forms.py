"""Bodies of requests to Stripe, checked against the SDK's own types, unknown members refused."""

from functools import lru_cache
from typing import Any, get_type_hints
from urllib.parse import parse_qsl

from pydantic import ConfigDict, TypeAdapter, ValidationError
from stripe import params as types
from typing_extensions import TypedDict

# Members of the SDK's types that are options of the call and never part of a body.
OPTIONS = {
    "api_key",
    "stripe_version",
    "stripe_account",
    "stripe_context",
    "max_network_retries",
    "idempotency_key",
    "content_type",
    "headers",
}


class FormError(Exception):
    """What Stripe answers to a body that it does not understand."""

    def __init__(self, code: str, param: str) -> None:
        self.code, self.param = code, param
        super().__init__(f"{code}: {param}")


def nested(body: str) -> dict[str, Any]:
    """``a[b]=c&d[0]=e`` as ``{"a": {"b": "c"}, "d": ["e"]}``."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(body, keep_blank_values=True, strict_parsing=bool(body)):
        first, *rest = name.replace("]", "").split("[")
        branch, path = tree, [first, *rest]
        for part in path[:-1]:
            branch = branch.setdefault(part, {})
        branch[path[-1]] = value
    return {name: _listed(value) for name, value in tree.items()}


def checked(name: str, body: str) -> dict[str, Any]:
    """The members of ``body`` as the type ``name`` of the SDK has them, or ``FormError``."""
    try:
        found: dict[str, Any] = _adapter(name).validate_python(nested(body))
    except ValidationError as error:
        first = error.errors()[0]
        place = [str(part) for part in first["loc"] if not str(part).startswith(("dict", "lit"))]
        param = place[0] + "".join(f"[{part}]" for part in place[1:])
        codes = {"extra_forbidden": "parameter_unknown", "missing": "parameter_missing"}
        raise FormError(codes.get(first["type"], "parameter_invalid"), param) from error
    return found


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(found) for name, found in value.items()}
    return list(inner.values()) if all(name.isdigit() for name in inner) else inner


@lru_cache
def _adapter(name: str) -> TypeAdapter[Any]:
    source = getattr(types, name)
    own = {key: hint for key, hint in source.__annotations__.items() if key not in OPTIONS}
    bare = type(name, (), {"__annotations__": own, "__module__": source.__module__})
    members = get_type_hints(bare, include_extras=True)
    made: Any = TypedDict(name, members, total=True)  # type: ignore[operator, misc]
    made.__pydantic_config__ = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
    return TypeAdapter(made)
