"""What the tests of the catalogue share."""

import pytest
from django.conf import LazySettings

from catalog.tests.factories.streams import HLS_URL, RTMP_URL, SECRET


@pytest.fixture
def live_video(settings: LazySettings) -> LazySettings:
    """A site with a media server."""
    settings.MEDIA_SERVER_RTMP_URL = RTMP_URL
    settings.MEDIA_SERVER_HLS_URL = HLS_URL
    settings.MEDIA_SERVER_SECRET = SECRET
    return settings
