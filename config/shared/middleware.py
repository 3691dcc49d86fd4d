"""What happens to every request before and after any view."""

import re
from collections.abc import Callable
from urllib.parse import unquote_to_bytes
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.settings import api_settings

from config.shared.context import bind, ip_prefix
from config.shared.error_pages import bad_request, fault_response
from config.shared.parsers import UNSTORABLE
from config.shared.problems import BadRequestError, is_api, problem_response

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Django leaves the bytes of a path percent-encoded where they are not UTF-8.
NOT_UTF8 = re.compile(r"%[89A-Fa-f][0-9A-Fa-f]")
MAX_PATH = 2048
MAX_QUERY = 8192

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def client_address(request: HttpRequest) -> str:
    """The caller's address: as many steps into X-Forwarded-For as we run proxies ourselves.

    Nothing that a client writes there is believed: with NUM_PROXIES = 0 the header is ignored.
    """
    remote = request.META.get("REMOTE_ADDR") or ""
    proxies = api_settings.NUM_PROXIES or 0
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if not proxies or not forwarded:
        return remote
    addresses = [part.strip() for part in forwarded.split(",")]
    return addresses[-min(proxies, len(addresses))]


class RequestContextMiddleware:
    """Gives every request an id, says it in ``X-Request-ID``, and binds the context to it.

    An id that the caller sent is kept when it is 8 to 64 letters, digits, dots, dashes or
    underscores. Answers of the API are not stored by caches unless a view says otherwise.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        sent = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = sent if REQUEST_ID.fullmatch(sent) else uuid4().hex
        request.META["HTTP_X_REQUEST_ID"] = request_id
        with bind(request_id=request_id, ip_prefix=ip_prefix(client_address(request)), actor=None):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        if is_api(request):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer an unforeseen fault of an API view with a problem document, DEBUG or not."""
        return fault_response(request, exception) if is_api(request) else None


class HostileInputMiddleware:
    """Refuses paths and query strings that no honest client sends, with a 400.

    NUL characters, bytes that are not UTF-8 (lone surrogates among them) and excessive length
    would otherwise end in the hands of PostgreSQL.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        reason = hostility(request)
        if reason is None:
            return self.get_response(request)
        error = BadRequestError(reason)
        return problem_response(error) if is_api(request) else bad_request(request, error)


def hostility(request: HttpRequest) -> str | None:
    """Why the path or the query string of ``request`` is refused, or None."""
    path, query = request.path, request.META.get("QUERY_STRING", "")
    if len(path) > MAX_PATH or len(query) > MAX_QUERY:
        return "The address is too long."
    if UNSTORABLE.search(path) or NOT_UTF8.search(path):
        return "The path has characters that cannot be stored."
    try:
        text = unquote_to_bytes(query.encode("latin-1", "replace")).decode("utf-8")
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text:
        return "The query has characters that cannot be stored."
    return None
