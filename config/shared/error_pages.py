"""Errors that happen outside of any API view: unknown paths, refused requests, faults.

Under /api/ the answer is a problem document, anywhere else a small page for people.
"""

import logging
from typing import Any

from django.conf import settings
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve
from django.utils.http import escape_leading_slashes
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt

from config.shared.errors import MissingError, NotAllowedError
from config.shared.problems import BadRequestError, ServerFaultError, is_api, problem_response

SAFE_METHODS = ("GET", "HEAD")

logger = logging.getLogger("django.request")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """``handler400``."""
    if is_api(request):
        return problem_response(BadRequestError())
    return defaults.bad_request(request, exception or BadRequestError())


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """``handler403``."""
    if is_api(request):
        return problem_response(NotAllowedError())
    return defaults.permission_denied(request, exception or NotAllowedError())


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """``handler404``."""
    if is_api(request):
        return problem_response(MissingError("There is nothing at this path."))
    return defaults.page_not_found(request, exception or MissingError())


def server_error(request: HttpRequest) -> HttpResponse:
    """``handler500``."""
    if is_api(request):
        return problem_response(ServerFaultError())
    return defaults.server_error(request)


def fault_response(request: HttpRequest, exc: Exception) -> HttpResponse:
    """Record an unforeseen ``exc`` as Django would, and answer with the problem of a 500.

    Django's own handling shows a page of HTML while DEBUG is on; the API never does.
    """
    got_request_exception.send(sender=None, request=request)
    logger.error(
        "Internal Server Error: %s",
        request.path,
        exc_info=exc,
        extra={"status_code": 500, "request": request},
    )
    return problem_response(ServerFaultError())


@csrf_exempt
def unknown_path(request: HttpRequest, **_captured: Any) -> HttpResponse:
    """Whatever no other route of the API wanted; stands last in the URL configuration.

    A GET that only lacks its last slash is redirected; anything else is a 404, for a body that
    was sent to the wrong path must not be lost in a redirect.
    """
    with_slash = f"{request.path_info}/"
    if settings.APPEND_SLASH and not request.path_info.endswith("/") and _is_known(with_slash):
        if request.method in SAFE_METHODS:
            return HttpResponsePermanentRedirect(
                escape_leading_slashes(request.get_full_path(force_append_slash=True))
            )
        return problem_response(MissingError("Paths of this API end in a slash."))
    return problem_response(MissingError("There is nothing at this path."))


def _is_known(path: str) -> bool:
    try:
        return resolve(path).func is not unknown_path
    except Resolver404:
        return False
