"""How Django's own forms (the back office) check a password."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from accounts.exceptions import HashingBusyError
from accounts.models import User
from accounts.services import sign_in
from config.shared.context import current
from config.shared.errors import DomainError


class CredentialsBackend(ModelBackend):
    """Passwords by the same rules as the API: e-mail, username or phone; lockout; equal work."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """The active person whose password this is, or None; also while they are locked out.

        Raises ``HashingBusyError`` when as many as possible are being checked already.
        """
        identifier = username if username is not None else kwargs.get(User.USERNAME_FIELD)
        if not identifier or not password:
            return None
        try:
            user = sign_in.check_identity(
                identifier=identifier, password=password, ip_prefix=current().ip_prefix or ""
            )
        except HashingBusyError:
            raise
        except DomainError:
            return None
        return user if self.user_can_authenticate(user) else None
