"""The error responses of the OpenAPI description, each written once and referred to."""

from http import HTTPStatus
from typing import Any

from config.shared.errors import (
    ConflictError,
    DomainError,
    FieldError,
    InvalidInputError,
    MissingError,
    NotAllowedError,
    NotAuthenticatedError,
    OutsideServiceError,
    StaleError,
    TooManyRequestsError,
    UnavailableError,
)
from config.shared.idempotency import KeyReusedError
from config.shared.operations import Idempotency, idempotency_of, is_listing
from config.shared.problems import CONTENT_TYPE, TooLargeError, problem_document

PROBLEM = "Problem"
EXAMPLE_REQUEST_ID = "9f1c2d3e4b5a60718293a4b5c6d7e8f9"
RETRY_AFTER = {
    "Retry-After": {
        "description": "Seconds after which the same request may succeed.",
        "schema": {"type": "integer", "minimum": 1},
    }
}
AUTHENTICATE = {
    "WWW-Authenticate": {
        "description": "How to sign in (RFC 6750).",
        "schema": {"type": "string"},
    }
}
PROBLEM_FIELD = {
    "type": "object",
    "description": "One thing wrong with the input.",
    "required": ["pointer", "code", "detail"],
    "properties": {
        "pointer": {
            "type": "string",
            "description": "JSON pointer (RFC 6901) into the body; empty for all of it.",
        },
        "code": {"type": "string", "description": "Stable, for programs."},
        "detail": {"type": "string", "description": "A sentence, for people."},
        "parameter": {"type": "string", "description": "The query parameter that is meant."},
    },
}
PROBLEM_SCHEMA = {
    "type": "object",
    "description": "What went wrong (RFC 9457). Some codes add members of their own.",
    "required": ["type", "title", "status", "code", "detail", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string", "description": "The same for every problem of this code."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": {"type": "string", "description": "Stable, for programs."},
        "detail": {"type": "string", "description": "A sentence about this occurrence."},
        "request_id": {"type": "string", "description": "Quote it when you ask for help."},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/ProblemField"}},
        "current": {"type": "string", "description": "The present state, where it forbids this."},
        "allowed": {
            "type": "array",
            "items": {"type": "string"},
            "description": "What would be allowed instead.",
        },
    },
}
NOT_ACCEPTABLE = ("not_acceptable", "Not Acceptable", "We answer in application/json only.")
UNSUPPORTED = ("unsupported_media_type", "Unsupported Media Type", "Send application/json.")


class _NamedError(DomainError):
    def __init__(self, status: int, code: str, title: str, detail: str) -> None:
        self.status, self.code, self.title = status, code, title
        super().__init__(detail)


EXAMPLES: dict[int, DomainError] = {
    400: InvalidInputError(
        errors=[FieldError("/name", "required", "This field is required.")],
    ),
    401: NotAuthenticatedError(),
    403: NotAllowedError(),
    404: MissingError(),
    406: _NamedError(406, *NOT_ACCEPTABLE),
    409: ConflictError(),
    412: StaleError(),
    413: TooLargeError(),
    415: _NamedError(415, *UNSUPPORTED),
    422: KeyReusedError(),
    429: TooManyRequestsError(retry_after=30),
    502: OutsideServiceError(),
    503: UnavailableError(),
}


def component_name(status: int) -> str:
    """The name of the response component: ``ProblemNotFound``."""
    words = HTTPStatus(status).phrase.replace("-", " ").split()
    return "Problem" + "".join(word.capitalize() for word in words)


def response_component(status: int) -> dict[str, Any]:
    """The response with ``status`` as it stands in the components."""
    error = EXAMPLES.get(status) or _NamedError(status, "error", HTTPStatus(status).phrase, "")
    headers: dict[str, Any] = AUTHENTICATE if status == 401 else {}
    if status in {429, 502, 503}:
        headers = RETRY_AFTER
    return {
        "description": error.title,
        **({"headers": headers} if headers else {}),
        "content": {
            CONTENT_TYPE: {
                "schema": {"$ref": f"#/components/schemas/{PROBLEM}"},
                "example": {**problem_document(error), "request_id": EXAMPLE_REQUEST_ID},
            }
        },
    }


def problem_statuses(schema: Any) -> set[int]:
    """Which statuses the operation that ``schema`` describes can end in besides success."""
    view, method = schema.view, schema.method
    found = {400, 406, 503, *schema.contract.errors, *getattr(view, "errors", ())}
    if view.get_authenticators():
        found.add(401)
        if not schema.is_public():
            found.add(403)
    if "{" in schema.path or is_listing(view):
        found.add(404)
    if method != "GET":
        found.update({409, 429})
    if method in {"POST", "PUT", "PATCH"}:
        found.update({413, 415})
    if method == "POST" and idempotency_of(view) != Idempotency.EXEMPT:
        found.add(422)
    if schema.has_versions() and method in {"PUT", "PATCH", "DELETE"}:
        found.add(412)
    if view.get_throttles():
        found.add(429)
    return found


def problem_responses(schema: Any) -> dict[str, Any]:
    """References to the problems that an operation can end in."""
    return {
        str(status): {"$ref": f"#/components/responses/{component_name(status)}"}
        for status in sorted(problem_statuses(schema))
    }


def add_problem_components(result: dict[str, Any]) -> None:
    """Add the problem's schema and those of its responses that some operation refers to."""
    components = result.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas[PROBLEM] = PROBLEM_SCHEMA
    schemas["ProblemField"] = PROBLEM_FIELD
    used = {
        int(status)
        for path in result.get("paths", {}).values()
        for operation in path.values()
        for status, response in operation["responses"].items()
        if response.get("$ref", "").startswith("#/components/responses/Problem")
    }
    components["responses"] = {
        component_name(status): response_component(status) for status in sorted(used)
    }
