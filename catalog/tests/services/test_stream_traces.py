"""What shows keep about a person, and what is left when they are forgotten."""

import json

import pytest

from accounts.choices import MediaPurpose
from accounts.models import AuditEvent, MediaFile
from accounts.tests.factories.papers import CheckedFileFactory
from accounts.tests.factories.people import UserFactory
from catalog.models import Stream, StreamKey, StreamPin, StreamViewer
from catalog.services.stream_keys import rotate_permanent_key
from catalog.services.stream_signals import WrongKeyError, publishing_goes_on
from catalog.services.stream_traces import forget_streams, forget_watching
from catalog.services.stream_viewers import heartbeat
from catalog.tests.factories.market import ProductFactory
from catalog.tests.factories.streams import StreamFactory, publish
from config.shared.personal_data import collected

pytestmark = pytest.mark.django_db


@pytest.mark.capability("K19", "K21", "K23")
def test_a_person_gets_their_shows_and_no_key(live_video):
    stream, other = StreamFactory(on_air=True, title="Mine"), StreamFactory(on_air=True)
    StreamPin.objects.create(
        stream=stream, product=ProductFactory(seller=stream.user), x=0.1, y=0.2
    )
    _, secret = rotate_permanent_key(actor=stream.user)
    heartbeat(stream=other, viewer=stream.user, visitor="")

    found = collected(stream.user)

    assert [row["title"] for row in found["catalog.streams"]] == ["Mine"]
    assert found["catalog.streams"][0]["pins"][0]["x"] == 0.1
    assert found["catalog.stream_key"][0]["key_hint"] == secret[-4:]
    assert [row["stream_title"] for row in found["catalog.streams_watched"]] == [other.title]
    text = json.dumps(found, default=str)
    stream.refresh_from_db()
    assert secret not in text
    assert stream.key_hash not in text
    assert stream.user.stream_key.key_hash not in text


@pytest.mark.capability("K19", "K20", "K23")
def test_of_somebody_who_is_forgotten_nothing_is_shown_or_watched(live_video):
    person, other = UserFactory(), StreamFactory(on_air=True)
    picture = CheckedFileFactory(owner=person, purpose=MediaPurpose.LISTING)
    live = StreamFactory(user=person, thumbnail=picture)
    signal = publish(live)
    StreamFactory(user=person)
    rotate_permanent_key(actor=person)
    heartbeat(stream=other, viewer=person, visitor="")

    assert forget_streams(person) > 0
    assert forget_watching(person) == 1
    assert (forget_streams(person), forget_watching(person)) == (0, 0)

    assert not Stream.objects.filter(user=person).exists()
    assert not StreamKey.objects.exists()
    assert not StreamViewer.objects.filter(user=person).exists()
    assert not MediaFile.objects.filter(pk=picture.pk).exists()
    assert Stream.objects.get(pk=other.pk).total_views == 1
    ends = AuditEvent.objects.filter(action="catalog.stream.ended", object_id=str(live.pk))
    assert ends.count() == 1
    with pytest.raises(WrongKeyError):
        publishing_goes_on(signal)
