"""API clients that are signed in."""

from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories.people import sign_in


def client_of(user: User) -> APIClient:
    """A client of its own that speaks for ``user``."""
    client = APIClient()
    sign_in(client, user)
    return client
