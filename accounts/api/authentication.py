"""Who calls, from the access token in the ``Authorization`` header."""

from django.db.models import Exists, OuterRef
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.choices import UserStatus
from accounts.exceptions import AccountSuspendedError, InvalidTokenError, SessionEndedError
from accounts.models import RevokedSession, User
from accounts.services.tokens import AccessClaims, read_access_token
from config.shared.context import set_actor

SCHEME = "bearer"


def authenticate_token(token: str) -> tuple[User, AccessClaims]:
    """The person whom ``token`` signs in, and its claims: one query, none on the credentials.

    Sockets use it as well. Raises ``InvalidTokenError``; ``SessionEndedError`` when the session
    was ended or overtaken; ``AccountSuspendedError``, which a person who can prove who they are
    may learn.
    """
    claims = read_access_token(token)
    ended = RevokedSession.objects.filter(sid=claims.sid, user_id=OuterRef("pk"))
    user = User.objects.filter(pk=claims.user_id).annotate(session_ended=Exists(ended)).first()
    if user is None:
        raise InvalidTokenError
    if user.status == UserStatus.SUSPENDED:
        raise AccountSuspendedError
    if not user.is_active or user.session_ended or user.token_version != claims.version:
        raise SessionEndedError
    return user, claims


class BearerAuthentication(BaseAuthentication):
    """``Authorization: Bearer <access token>``; ``request.auth`` is then the ``AccessClaims``."""

    def authenticate(self, request: Request) -> tuple[User, AccessClaims] | None:
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != SCHEME:
            return None
        user, claims = authenticate_token(token.strip())
        set_actor(user)
        return user, claims

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="courtyard"'
