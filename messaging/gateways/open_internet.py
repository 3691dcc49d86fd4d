"""Requests to addresses that strangers named: they reach the open internet and nothing else."""

import ipaddress
from dataclasses import dataclass, field
from typing import Any

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class PrivateAddressError(Exception):
    """The host stands in a network of somebody's own."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said, without its body: that is never read."""

    status_code: int
    reason: str
    headers: Any = field(default_factory=dict)
    text: str = ""


def is_open(address: str) -> bool:
    """Whether an IP address belongs to the open internet."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inside = getattr(found, "ipv4_mapped", None) or found
    if settings.WEB_PUSH_LOOPBACK and inside.is_loopback:
        return True
    return inside.is_global and not inside.is_multicast


class _Checked:
    """Looks at whom it is really connected to, before anything is said.

    The name may have led somewhere else when it was looked up before.
    """

    def _new_conn(self) -> Any:
        connected = super()._new_conn()  # type: ignore[misc]
        if not is_open(connected.getpeername()[0]):
            connected.close()
            raise PrivateAddressError("the host is in a private network")
        return connected


class _PlainConnection(_Checked, HTTPConnection):
    pass


class _SecureConnection(_Checked, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        pools = {"http": _PlainPool, "https": _SecurePool}
        self.poolmanager.pool_classes_by_scheme = pools


class OpenSession(requests.Session):
    """Posts without following anybody anywhere, and without a proxy of the environment."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        self.mount("https://", _Adapter())
        self.mount("http://", _Adapter())

    def post(self, url: Any, data: Any = None, json: Any = None, **kwargs: Any) -> Any:
        """Post, and take the status and the headers of the answer."""
        if not (str(url).startswith("https://") or settings.WEB_PUSH_LOOPBACK):
            raise PrivateAddressError("the address is not a secure one")
        kwargs |= {"allow_redirects": False, "stream": True}
        with super().post(url, data=data, json=json, **kwargs) as found:
            return Answer(found.status_code, found.reason or "", found.headers)
