"""What a browser may load and do on a page, by part of the site.

Nothing anywhere comes from another host, but for files that are kept in a store elsewhere. Pages
for people and the API allow no inline script or style; the documentation pages do, because Swagger
UI and ReDoc are built that way, and the back office evaluates expressions (Alpine) and sets inline
styles.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from csp.constants import HEADER, NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

API_PREFIX = "/api/"
DOCUMENTATION_VIEWS = frozenset({"docs", "redoc"})
PERMISSIONS_HEADER = "Permissions-Policy"
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)

Directives = dict[str, Any]

API: Directives = {
    "default-src": [NONE],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [NONE],
}
ADMIN_CHANGES: Directives = {
    "script-src": [SELF, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    # The viewer of 3D models fetches them, and their textures as blobs.
    "connect-src": [SELF, "blob:"],
}
DOCUMENTATION_CHANGES: Directives = {
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "worker-src": [SELF, "blob:"],
}


class ContentPolicyMiddleware:
    """Gives each response the policy of its part of the site, unless a view has set one itself.

    The setting ``CONTENT_SECURITY_POLICY`` is the policy for pages; the others are changes to it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        pages: Directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        self.pages = build_policy(config=pages)
        self.api = build_policy(config=API)
        elsewhere = {settings.S3_PUBLIC_ENDPOINT_URL, settings.MEDIA_BASE_URL}
        store = sorted(elsewhere - {"", settings.PUBLIC_BASE_URL})
        live = [_origin(settings.MEDIA_SERVER_HLS_URL), "blob:"] if _has_live_video() else []
        self.admin = build_policy(
            config=pages,
            replace=ADMIN_CHANGES,
            update={
                "img-src": store,
                "media-src": [SELF, *store, *live],
                # Playlists and pieces of live shows are fetched, and played as blobs.
                "connect-src": [*store, *live[:-1]],
            },
        )
        self.documentation = build_policy(config=pages, replace=DOCUMENTATION_CHANGES)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault(PERMISSIONS_HEADER, PERMISSIONS)
        if HEADER not in response.headers:
            response.headers[HEADER] = self.policy_for(request)
        return response

    def policy_for(self, request: HttpRequest) -> str:
        """The policy of the part of the site that ``request`` went to."""
        match = request.resolver_match
        if match and "admin" in match.namespaces:
            return self.admin
        if match and match.url_name in DOCUMENTATION_VIEWS:
            return self.documentation
        return self.api if request.path.startswith(API_PREFIX) else self.pages


def _has_live_video() -> bool:
    return bool(settings.MEDIA_SERVER_RTMP_URL)


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
