"""Who calls, from which session, network and program."""

from typing import cast

from rest_framework.request import Request

from accounts.models import User
from accounts.services.facts import RequestFacts
from accounts.services.step_up import Caller
from accounts.services.tokens import AccessClaims
from config.shared.context import current

MAX_AGENT = 400


def caller_of(request: Request) -> User:
    """The signed-in caller; the view's permissions have made sure that there is one."""
    return cast(User, request.user)


def caller_in_session(request: Request) -> Caller:
    """The signed-in caller with the session and network they call from."""
    return Caller(
        user=caller_of(request),
        session_id=cast(AccessClaims, request.auth).sid,
        ip_prefix=facts_of(request).ip_prefix,
    )


def maybe_caller_of(request: Request) -> User | None:
    """The signed-in caller, or None where nobody is signed in."""
    return caller_of(request) if request.user.is_authenticated else None


def facts_of(request: Request) -> RequestFacts:
    """The network and the program that a request comes from."""
    return RequestFacts(
        ip_prefix=current().ip_prefix or "",
        user_agent=request.headers.get("User-Agent", "")[:MAX_AGENT],
    )
