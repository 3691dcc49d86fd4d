"""From which networks the back office can be reached at all."""

from collections.abc import Callable, Iterable
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from config.shared.error_pages import page_not_found
from config.shared.middleware import client_address

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class BackOfficeNetworkMiddleware:
    """Hides the back office from networks that ``ADMIN_ALLOWED_NETWORKS`` does not name.

    An empty list names all. Whoever calls from elsewhere finds nothing there, also no sign-in.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        networks = settings.ADMIN_ALLOWED_NETWORKS
        concerned = request.path_info.startswith(f"/{settings.ADMIN_PATH}")
        if networks and concerned and not is_within(client_address(request), networks):
            return page_not_found(request, None)
        return self.get_response(request)


def is_within(address: str, networks: Iterable[str]) -> bool:
    """Whether ``address`` lies in one of ``networks``, such as ``10.0.0.0/8``."""
    try:
        found = ip_address(address.strip())
    except ValueError:
        return False
    found = getattr(found, "ipv4_mapped", None) or found
    return any(found in ip_network(network) for network in networks)
