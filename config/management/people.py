"""How commands find the person they are told about."""

from uuid import UUID

from django.core.management.base import CommandError

from accounts.models import User
from accounts.services.identifiers import find_person


def person_named(identifier: str) -> User:
    """Whoever has this key, phone number, e-mail address or username, or ``CommandError``."""
    found = None
    try:
        found = User.objects.filter(pk=UUID(identifier)).first()
    except ValueError:
        found = find_person(identifier)
    if found is None:
        raise CommandError(f"Nobody has the key, phone, e-mail address or username {identifier!r}.")
    return found
