"""Who is being served by which request, for whoever must write it down (audit, logs, problems)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from ipaddress import ip_address, ip_network
from typing import Any

IPV4_PREFIX = 24
IPV6_PREFIX = 48


@dataclass(frozen=True, slots=True)
class RequestContext:
    """What is known of the work in hand; empty in a command or a test."""

    request_id: str = ""
    actor: Any = None
    ip_prefix: str | None = None


_current: ContextVar[RequestContext] = ContextVar("courtyard_context")


def current() -> RequestContext:
    """The context of the work in hand."""
    return _current.get(RequestContext())


@contextmanager
def bind(**changes: Any) -> Iterator[RequestContext]:
    """Change ``request_id``, ``actor`` or ``ip_prefix`` until the block ends."""
    context = replace(current(), **changes)
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


def set_actor(actor: Any) -> None:
    """Name who acts, once authentication knows it; lasts until the enclosing ``bind`` ends."""
    _current.set(replace(current(), actor=actor))


def ip_prefix(address: str | None) -> str | None:
    """``address`` without its last part (IPv4 /24, IPv6 /48), or None if it is not an address.

    Enough to see that two sign-ins came from one neighbourhood, too little to name a household.
    """
    try:
        parsed = ip_address((address or "").strip())
    except ValueError:
        return None
    mapped = getattr(parsed, "ipv4_mapped", None)
    if mapped is not None:
        parsed = mapped
    length = IPV4_PREFIX if parsed.version == 4 else IPV6_PREFIX
    return str(ip_network(f"{parsed}/{length}", strict=False))
