"""Services outside, on the loopback, for all tests of identity."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.factories.people import UserFactory, sign_in
from accounts.tests.gateways.fake_smtp import FakeSmtp
from accounts.tests.gateways.fake_twilio import ACCOUNT, SENDER, TOKEN, FakeTwilio


@pytest.fixture
def twilio(settings: LazySettings) -> Iterator[FakeTwilio]:
    """SMS go to a Twilio of our own."""
    with FakeTwilio() as fake:
        settings.SMS_BACKEND = "twilio"
        settings.TWILIO_ACCOUNT_SID = ACCOUNT
        settings.TWILIO_AUTH_TOKEN = TOKEN
        settings.TWILIO_FROM = SENDER
        settings.TWILIO_BASE_URL = fake.base_url
        yield fake


@pytest.fixture
def smtp(settings: LazySettings) -> Iterator[FakeSmtp]:
    """E-mails go to a mail server of our own."""
    with FakeSmtp() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = server.port
        yield server


@pytest.fixture
def owner(api: APIClient, db: None) -> User:
    """Somebody for whom ``api`` speaks."""
    person: User = UserFactory()
    sign_in(api, person)
    return person
