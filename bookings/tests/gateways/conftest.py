"""What tests of gateways share."""

import pytest

from bookings.tests.gateways.fake_stripe import KEY, PUBLISHABLE, SECRET, FakeStripe


@pytest.fixture
def stripe(settings):
    with FakeStripe() as fake:
        settings.PAYMENT_GATEWAY = "stripe"
        settings.STRIPE_SECRET_KEY = KEY
        settings.STRIPE_WEBHOOK_SECRET = SECRET
        settings.STRIPE_PUBLISHABLE_KEY = PUBLISHABLE
        settings.STRIPE_API_BASE = fake.base_url
        yield fake
