"""Web origins (RFC 6454): scheme, host and port, in the one spelling that browsers use."""

from ipaddress import ip_address
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}


def origin_of(address: str) -> str:
    """The origin of a web address, or ``""`` for what is none: ``https://courtyard.example``."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if parts.scheme not in DEFAULT_PORTS or not host or "\\" in parts.netloc:
        return ""
    shown = f"[{host}]" if ":" in host else host
    if port is None or port == DEFAULT_PORTS[parts.scheme]:
        return f"{parts.scheme}://{shown}"
    return f"{parts.scheme}://{shown}:{port}"


def is_confidential(address: str) -> bool:
    """Whether nobody on the way reads what is sent there: TLS, or this machine itself."""
    if not origin_of(address):
        return False
    parts = urlsplit(address)
    return parts.scheme == "https" or is_this_machine(parts.hostname or "")


def is_this_machine(host: str) -> bool:
    """Whether ``host`` is a loopback address, or the name of one."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
