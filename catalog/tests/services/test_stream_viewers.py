"""Heartbeats: who is watching now, and how many have watched."""

from datetime import timedelta

import pytest

from accounts.tests.clients import client_of
from accounts.tests.factories.people import UserFactory
from catalog.models import Stream, StreamViewer
from catalog.services.stream_times import streams_for
from catalog.services.stream_viewers import heartbeat, recount, visitor_of
from catalog.stream_exceptions import NotShowingError
from catalog.tests.factories.streams import StreamFactory, silence_of
from config.shared import realtime
from config.shared.clock import database_now

pytestmark = pytest.mark.django_db


class Listener:
    """Remembers what passed by."""

    def __init__(self):
        self.heard = []

    def publish(self, *, users, event, data):
        assert event == "stream.changed", "Nothing about viewers is kept for anybody."

    def broadcast(self, *, topic, event, data):
        self.heard.append((topic, event, data["viewer_count"]))


@pytest.fixture
def listener(monkeypatch):
    found = Listener()
    monkeypatch.setattr(realtime, "_carriers", [found])
    return found


@pytest.mark.capability("K23")
def test_somebody_counts_once_however_often_they_say_so(live_video, listener):
    stream, person = StreamFactory(on_air=True), UserFactory()

    first = heartbeat(stream=stream, viewer=person, visitor="ignored")
    again = heartbeat(stream=stream, viewer=person, visitor="another")
    visitor = heartbeat(stream=stream, viewer=None, visitor="a" * 64)

    assert (first.viewer_count, first.total_views) == (1, 1)
    assert again == first
    assert (visitor.viewer_count, visitor.total_views) == (2, 2)
    assert [row.visitor for row in StreamViewer.objects.filter(user=person)] == [""]
    topic = f"stream:{stream.pk}"
    assert listener.heard == [(topic, "stream.viewers", 1), (topic, "stream.viewers", 2)]


@pytest.mark.capability("K23")
def test_who_says_nothing_any_more_is_gone_and_has_still_watched(live_video, listener):
    stream, person = StreamFactory(on_air=True), UserFactory()
    heartbeat(stream=stream, viewer=person, visitor="")
    StreamViewer.objects.update(last_seen_at=database_now() - timedelta(seconds=46))

    shown = streams_for(None).get(pk=stream.pk)
    assert (shown.viewers_now, shown.total_views) == (0, 1)
    assert (recount(), recount()) == (1, 0)
    assert Stream.objects.get(pk=stream.pk).viewer_count == 0
    assert listener.heard[-1] == (f"stream:{stream.pk}", "stream.viewers", 0)
    assert heartbeat(stream=stream, viewer=person, visitor="").total_views == 1


@pytest.mark.capability("K23")
def test_what_is_not_on_has_no_viewers(live_video):
    planned, over = StreamFactory(), StreamFactory(over=True)
    silent = streams_for(None).get(pk=silence_of(StreamFactory(on_air=True), 61).pk)

    for stream in (planned, over, silent):
        with pytest.raises(NotShowingError):
            heartbeat(stream=stream, viewer=None, visitor="b" * 64)

    assert not StreamViewer.objects.exists()


@pytest.mark.capability("K23")
def test_visitors_are_hashes_of_one_day():
    here = visitor_of(address="203.0.113.7", agent="Firefox")

    assert here == visitor_of(address="203.0.113.7", agent="Firefox")
    assert here != visitor_of(address="203.0.113.8", agent="Firefox")
    assert "203" not in here
    assert len(here) <= 64


@pytest.mark.capability("K23")
def test_heartbeats_come_from_anybody_who_may_watch(live_video, api):
    stream = StreamFactory(on_air=True)
    address = f"/api/v1/streams/{stream.pk}/heartbeat/"

    anonymous = api.post(address, {}, HTTP_USER_AGENT="A")
    api.post(address, {}, HTTP_USER_AGENT="A")
    other = api.post(address, {}, HTTP_USER_AGENT="B")
    person = client_of(UserFactory()).post(address, {})

    assert (anonymous.status_code, anonymous.data) == (200, {"viewer_count": 1, "total_views": 1})
    assert other.data == {"viewer_count": 2, "total_views": 2}
    assert person.data == {"viewer_count": 3, "total_views": 3}
    shown = api.get(f"/api/v1/streams/{stream.pk}/").data
    assert (shown["viewer_count"], shown["total_views"]) == (3, 3)
