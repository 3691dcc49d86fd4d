"""The page that the link at the foot of an e-mail leads to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from config.pages import preferred_language
from config.shared.email import RIGHT_TO_LEFT, language_of
from messaging.services.unsubscribing import read_token, unsubscribe


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    """Stop e-mails of one kind: a page with a button, which mail programs press by themselves.

    The token is all that is needed (RFC 8058); looking at the page changes nothing.
    """
    asked = read_token(token)
    state = "gone" if asked is None else "asks"
    if asked is not None and request.method == "POST":
        unsubscribe(request=asked)
        state = "done"
    language = language_of(asked.user.locale) if asked else preferred_language(request)
    context = {
        "language": language,
        "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "state": state,
        "categories": asked.categories if asked else (),
    }
    response = render(
        request, f"pages/{language}/unsubscribe.html", context, status=200 if asked else 404
    )
    # The address holds the token: it goes to nobody else.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
