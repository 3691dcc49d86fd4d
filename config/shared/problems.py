"""Problem documents (RFC 9457) for every error of the API, whoever raised it.

The body is ``application/problem+json`` with ``type``, ``title``, ``status``, ``code``,
``detail`` and ``request_id``; a 400 adds ``errors``, a list of ``pointer`` (RFC 6901, into the
body), ``code``, ``detail`` and, for the query string, ``parameter``.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.core import exceptions as django_exceptions
from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions as drf_exceptions
from rest_framework.response import Response

from config.shared.context import current
from config.shared.database_problems import database_problem
from config.shared.errors import (
    DomainError,
    InvalidInputError,
    MissingError,
    NotAllowedError,
    TooManyRequestsError,
)
from config.shared.pointers import NON_FIELD, field_errors
from config.shared.renderers import to_json

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "/docs/problems/"
API_PREFIX = "/api/"
REALM = 'Bearer realm="courtyard"'


class TooLargeError(DomainError):
    """The body is larger than any endpoint reads."""

    code = "too_large"
    status = 413
    title = "The body is too large"


class BadRequestError(DomainError):
    """The request as a whole is not one that a client would make by mistake."""

    code = "bad_request"
    title = "The request is not acceptable"


class ServerFaultError(DomainError):
    """Something in Courtyard broke; quote the request id when reporting it."""

    code = "server_error"
    status = 500
    title = "Something broke on our side"


class _FrameworkError(DomainError):
    """An error that Django REST framework raised, with its own code and status."""

    def __init__(self, error: drf_exceptions.APIException) -> None:
        detail = error.detail
        members = detail if isinstance(detail, dict) else {"detail": detail}
        text = members.get("detail", error.default_detail)
        self.code = str(members.get("code") or getattr(text, "code", None) or error.default_code)
        self.status = error.status_code
        self.title = HTTPStatus(error.status_code).phrase
        super().__init__(str(text))


# Errors of Django that carry nothing which the caller may read.
PLAIN: list[tuple[tuple[type[Exception], ...], type[DomainError]]] = [
    ((Http404, django_exceptions.ObjectDoesNotExist), MissingError),
    ((django_exceptions.PermissionDenied,), NotAllowedError),
    ((django_exceptions.RequestDataTooBig,), TooLargeError),
    ((django_exceptions.SuspiciousOperation,), BadRequestError),
]


def is_api(request: HttpRequest) -> bool:
    """Whether ``request`` asks the API, and so is to be answered with problem documents."""
    return request.path_info.startswith(API_PREFIX)


def problem_document(error: DomainError) -> dict[str, Any]:
    """The members of the problem document for ``error``."""
    document: dict[str, Any] = {
        "type": f"{TYPE_PREFIX}{error.code}",
        "title": error.title,
        "status": error.status,
        "code": error.code,
        "detail": error.detail,
        "request_id": current().request_id or uuid4().hex,
    }
    if isinstance(error, InvalidInputError):
        document["errors"] = [found.as_dict() for found in error.errors]
    return {**error.extra, **document}


def problem_headers(error: DomainError, request: Any = None) -> dict[str, str]:
    """The header fields that belong to ``error``: when to come back, how to sign in."""
    headers: dict[str, str] = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if error.status == HTTPStatus.UNAUTHORIZED:
        sent = request is not None and request.META.get("HTTP_AUTHORIZATION")
        headers["WWW-Authenticate"] = f'{REALM}, error="invalid_token"' if sent else REALM
    return headers


def problem_response(error: DomainError, request: HttpRequest | None = None) -> HttpResponse:
    """``error`` as a plain Django response, for middleware and handlers outside of any view."""
    return HttpResponse(
        to_json(problem_document(error)),
        status=error.status,
        content_type=CONTENT_TYPE,
        headers=problem_headers(error, request),
    )


def exception_handler(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """Django REST framework's hook: the problem response, or None to let a fault of ours rise."""
    error = as_domain_error(exc)
    if error is None:
        return None
    return Response(
        problem_document(error),
        status=error.status,
        headers=problem_headers(error, context.get("request")),
        content_type=CONTENT_TYPE,
    )


def as_domain_error(exc: BaseException) -> DomainError | None:
    """What ``exc``, from anywhere, means in our own vocabulary; None for an unforeseen fault."""
    if isinstance(exc, DomainError):
        return exc
    if isinstance(exc, drf_exceptions.APIException):
        return _from_framework(exc)
    if isinstance(exc, DatabaseError):
        return database_problem(exc)
    if isinstance(exc, django_exceptions.ValidationError):
        return _from_validation(exc)
    return next((error() for kinds, error in PLAIN if isinstance(exc, kinds)), None)


def _from_framework(exc: drf_exceptions.APIException) -> DomainError:
    if isinstance(exc, drf_exceptions.ValidationError):
        return InvalidInputError(errors=field_errors(exc.detail))
    if isinstance(exc, drf_exceptions.NotFound):
        return MissingError()
    if isinstance(exc, drf_exceptions.Throttled):
        wait: float | None = getattr(exc, "wait", None)
        return TooManyRequestsError(retry_after=None if wait is None else max(1, round(wait)))
    error = _FrameworkError(exc)
    if isinstance(exc, drf_exceptions.PermissionDenied) and error.code == exc.default_code:
        return NotAllowedError()
    return error


def _from_validation(exc: django_exceptions.ValidationError) -> DomainError:
    """A model's or a validator's own ValidationError, with its fields as pointers."""
    fields = exc.error_dict if hasattr(exc, "error_dict") else {NON_FIELD: exc.error_list}
    found = {
        NON_FIELD if name == django_exceptions.NON_FIELD_ERRORS else name: [
            drf_exceptions.ErrorDetail(message, error.code or "invalid")
            for error in errors
            for message in error.messages
        ]
        for name, errors in fields.items()
    }
    return InvalidInputError(errors=field_errors(found))
