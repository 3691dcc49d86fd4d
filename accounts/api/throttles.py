"""Limits on what people ask for, counted exactly and before anything else is done.

They are taken here and not in services, because a count has to stand whatever becomes of the
request, also in the one transaction of a request with an ``Idempotency-Key``.
"""

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.services.settings import get_setting
from config.shared.context import current
from config.shared.limits import take

HOUR = 3600
DAY = 24 * HOUR


class PersonThrottle(BaseThrottle):
    """At most ``limit`` requests per ``window_seconds`` by one signed-in person."""

    purpose: ClassVar[str]
    limit: ClassVar[int]
    window_seconds: ClassVar[int] = HOUR

    retry_after = 0

    def most(self) -> int:
        """How many requests pass in one window."""
        return self.limit

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count the request; those of nobody in particular are for the permissions to refuse."""
        if not request.user.is_authenticated:
            return True
        taken = take(
            f"{self.purpose}:{request.user.pk}",
            limit=self.most(),
            window_seconds=self.window_seconds,
        )
        self.retry_after = taken.retry_after
        return taken.allowed

    def wait(self) -> float:
        """Seconds until the next request would be allowed."""
        return self.retry_after


class SettingThrottle(PersonThrottle):
    """At most as many requests by one signed-in person as a setting says, a day by default."""

    setting: ClassVar[str]
    window_seconds = DAY

    def most(self) -> int:
        return int(get_setting(self.setting))


class NetworkThrottle(BaseThrottle):
    """At most ``limit`` requests per hour from one network, whoever calls.

    Coarse by intent, since many people share a network: what protects an account counts by
    account, in the services.
    """

    purpose: ClassVar[str]
    limit: ClassVar[int]

    retry_after = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count the request."""
        network = current().ip_prefix or "unknown"
        taken = take(f"{self.purpose}:{network}", limit=self.limit, window_seconds=HOUR)
        self.retry_after = taken.retry_after
        return taken.allowed

    def wait(self) -> float:
        """Seconds until the next request would be allowed."""
        return self.retry_after


class SignInThrottle(NetworkThrottle):
    """Passwords and codes that are tried, and accounts that are opened."""

    purpose = "sign_in"
    limit = 5000


class RefreshThrottle(NetworkThrottle):
    """Tokens that are renewed."""

    purpose = "refresh"
    limit = 50_000


class FoundingThrottle(PersonThrottle):
    """Organizations and buildings are not founded by the dozen."""

    purpose = "founding"
    limit = 20
    window_seconds = DAY


class InvitationThrottle(PersonThrottle):
    """A hundred invitations a day are enough for a growing society, and useless for spam."""

    purpose = "invitation"
    limit = 100
    window_seconds = DAY


class ClaimThrottle(PersonThrottle):
    """Claims of homes: nobody guesses join codes at twenty an hour."""

    purpose = "residency_claim"
    limit = 20


class PapersThrottle(PersonThrottle):
    """Handing papers in."""

    purpose = "papers"
    limit = 20


class ConnectionThrottle(PersonThrottle):
    """Following and blocking."""

    purpose = "connection"
    limit = 300
