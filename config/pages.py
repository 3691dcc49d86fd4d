"""The pages that links in messages lead to, for people without an app at hand.

A front end of one's own answers at the same paths in their place (setting ``FRONT_END_URL``).
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_safe

from config.shared.email import LANGUAGES, RIGHT_TO_LEFT, language_of


@require_safe
def reset_password(request: HttpRequest) -> HttpResponse:
    """Where a new password is chosen; the token stays behind ``#``, unknown to this server."""
    return page(request, "reset_password")


@require_safe
def invitations(request: HttpRequest) -> HttpResponse:
    """How an invitation is answered; the page itself knows of none."""
    return page(request, "invitations")


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """How people fetch the data that was got ready for them; the page itself has none."""
    return page(request, "export")


def page(request: HttpRequest, name: str) -> HttpResponse:
    """A page in the language that the browser prefers among those that messages are written in."""
    language = preferred_language(request)
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    context = {"language": language, "direction": direction}
    response = render(request, f"pages/{language}/{name}.html", context)
    patch_vary_headers(response, ["Accept-Language"])
    return response


def preferred_language(request: HttpRequest) -> str:
    """The first language in ``Accept-Language`` that there are texts in, else English."""
    for wanted, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if wanted.partition("-")[0] in LANGUAGES:
            return language_of(wanted)
    return LANGUAGES[0]
