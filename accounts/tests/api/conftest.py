"""What tests of the API share: an OpenID provider in a process of its own."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from accounts.gateways import google
from accounts.tests.gateways.openid import CLIENT, OpenIDProvider


@pytest.fixture(scope="session")
def running_provider() -> Iterator[OpenIDProvider]:
    with OpenIDProvider() as provider:
        yield provider


@pytest.fixture
def provider(running_provider: OpenIDProvider, settings: Any) -> OpenIDProvider:
    """The provider as Google, where Priya Nair has an account with a verified address."""
    settings.GOOGLE_ISSUER = running_provider.issuer
    settings.GOOGLE_CLIENT_ID = CLIENT
    settings.GOOGLE_CLIENT_SECRET = "a-secret"
    cache.clear()
    google._keys.cache_clear()
    running_provider.has("priya", email="priya@example.com", email_verified=True, name="Priya Nair")
    return running_provider
