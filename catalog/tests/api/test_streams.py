"""Streams in the API."""

import pytest

from accounts.choices import MediaKind, MediaPurpose
from accounts.services.connections import block_user
from accounts.tests.clients import client_of
from accounts.tests.factories.buildings import BuildingFactory
from accounts.tests.factories.papers import CheckedFileFactory
from accounts.tests.factories.people import UserFactory
from catalog.models import Stream, StreamKey
from catalog.services.stream_shows import end_stream
from catalog.services.streams import cancel_stream
from catalog.tests.factories.streams import (
    HLS_URL,
    RTMP_URL,
    StreamFactory,
    neighbour_in,
    silence_of,
)

pytestmark = pytest.mark.django_db

STREAMS = "/api/v1/streams/"
KEY = "/api/v1/streams/key/"


def page_of(stream):
    return f"{STREAMS}{stream.pk}/"


def film_of(person, **changes):
    return CheckedFileFactory(
        owner=person,
        kind=MediaKind.VIDEO,
        purpose=MediaPurpose.LISTING,
        content_type="video/mp4",
        renditions={"original": {"key": "a", "size": 1}},
        **{"duration_seconds": 61.4, **changes},
    )


@pytest.mark.capability("K19", "K20")
def test_from_the_announcement_to_the_replay(live_video, api):
    person = UserFactory()
    client = client_of(person)
    picture = CheckedFileFactory(owner=person, purpose=MediaPurpose.LISTING)
    body = {"title": "Kitchen", "category": "home_decor", "thumbnail": str(picture.pk)}

    made = client.post(STREAMS, body)
    address = f"{STREAMS}{made.data['id']}/"
    went = client.post(f"{address}go-live/", {})
    again = client.post(f"{address}go-live/", {})
    seen = api.get(address)
    own = client.get(address)
    ended = client.post(f"{address}end/", {"reason": "Dinner"})
    film = film_of(person)
    shown = client.post(f"{address}recording/", {"recording": str(film.pk)})
    replay = api.get(address)
    client.patch(address, {"replay_visibility": "nobody"})

    assert (made.status_code, made.data["status"]) == (201, "scheduled")
    assert made.data["thumbnail_url"].endswith(f"/api/v1/media/{picture.pk}/file/")
    assert (went.status_code, went.data["status"]) == (200, "live")
    key = went.data["stream_key"]
    assert went.data["rtmp_url"] == f"{RTMP_URL}/{made.data['id']}"
    assert went.data["hls_url"] == f"{HLS_URL}/{made.data['id']}/index.m3u8"
    assert went.data["key_hint"] == key[-4:]
    assert (again.status_code, again.data["current"]) == (409, "live")
    assert (seen.data["rtmp_url"], seen.data["key_hint"]) == (None, "")
    assert seen.data["has_picture"] is False
    assert key not in seen.content.decode() + own.content.decode()
    assert (ended.data["status"], ended.data["end_reason"]) == ("ended", "Dinner")
    assert ended.data["hls_url"] is None
    assert shown.status_code == 200
    assert replay.data["recording"]["id"] == str(film.pk)
    assert replay.data["end_reason"] == ""
    assert "token" not in str(replay.data["recording"]["links"])
    assert api.get(address).status_code == 404
    film.refresh_from_db()
    assert film.is_private


@pytest.mark.capability("K19")
def test_without_live_video_streams_are_planned_and_recordings_shown(api):
    person = UserFactory()
    client = client_of(person)

    planned = client.post(STREAMS, {"title": "Later", "scheduled_for": "2040-01-01T10:00:00Z"})
    refused = client.post(f"{STREAMS}{planned.data['id']}/go-live/", {})
    made = client.post(STREAMS, {"title": "Film", "stream_type": "recorded"})
    film = film_of(person)
    address = f"{STREAMS}{made.data['id']}/"
    unseen = api.get(f"/api/v1/media/{film.pk}/")
    shown = client.post(f"{address}recording/", {"recording": str(film.pk)})

    assert (planned.data["hls_url"], planned.data["rtmp_url"]) == (None, None)
    assert (refused.status_code, refused.data["code"]) == (503, "live_video_off")
    assert unseen.status_code in {401, 404}
    assert (shown.data["status"], shown.data["duration_seconds"]) == ("ended", 61)
    assert api.get(address).data["recording"]["id"] == str(film.pk)


@pytest.mark.capability("K21", "K24")
def test_a_replay_has_a_privacy_of_its_own(live_video, api):
    building = BuildingFactory()
    person = neighbour_in(building)
    stream = StreamFactory(user=person, building=building, replay_visibility="building", over=True)
    film = film_of(person)
    client_of(person).post(f"{page_of(stream)}recording/", {"recording": str(film.pk)})
    neighbour = client_of(neighbour_in(building))
    stranger = client_of(UserFactory())

    found = neighbour.get(page_of(stream))

    assert "token" in str(found.data["recording"]["links"])
    assert stranger.get(page_of(stream)).status_code == 404
    assert api.get(page_of(stream)).status_code == 404
    assert stranger.get(f"/api/v1/media/{film.pk}/").status_code == 404
    assert neighbour.get(f"/api/v1/media/{film.pk}/").status_code == 200


@pytest.mark.capability("K24")
def test_a_show_for_a_building_is_for_its_verified_residents(live_video, api):
    building = BuildingFactory()
    person = neighbour_in(building)
    stream = StreamFactory(user=person, visibility="building", building=building, on_air=True)

    for client in (api, client_of(UserFactory()), client_of(neighbour_in(BuildingFactory()))):
        assert client.get(page_of(stream)).status_code == 404
        assert client.get(STREAMS).data["results"] == []
        assert client.post(f"{page_of(stream)}heartbeat/", {}).status_code == 404
    found = client_of(neighbour_in(building)).get(page_of(stream))
    assert found.data["hls_url"].startswith(f"{HLS_URL}/")
    assert found.data["hls_url"].endswith(f"/{stream.pk}/index.m3u8")
    assert len(found.data["hls_url"]) > len(f"{HLS_URL}/{stream.pk}/index.m3u8") + 64


@pytest.mark.capability("K19")
def test_between_people_with_a_block_nothing_is_seen(live_video):
    stream, other, third = StreamFactory(on_air=True), UserFactory(), UserFactory()
    block_user(blocker=stream.user, blocked=other)
    block_user(blocker=third, blocked=stream.user)

    for person in (other, third):
        client = client_of(person)
        assert client.get(page_of(stream)).status_code == 404
        assert client.post(f"{page_of(stream)}heartbeat/", {}).status_code == 404
        assert client.get(STREAMS).data["results"] == []


@pytest.mark.capability("K19")
def test_live_ones_come_first_and_lists_are_filtered(live_video, api):
    on_air = StreamFactory(on_air=True, category="books")
    planned = StreamFactory()
    silent = silence_of(StreamFactory(on_air=True), 61)
    cancelled = StreamFactory()
    cancel_stream(stream=cancelled, actor=cancelled.user)

    def keys(query=""):
        return [row["id"] for row in api.get(f"{STREAMS}{query}").data["results"]]

    assert keys() == [str(silent.pk), str(on_air.pk), str(planned.pk)]
    first = api.get(f"{STREAMS}?page_size=1").data
    second = api.get(first["next"]).data
    third = api.get(second["next"]).data
    pages = [first, second, third]
    assert [page["results"][0]["id"] for page in pages] == keys()
    assert keys("?status=live") == [str(on_air.pk)]
    assert keys("?status=ended") == [str(silent.pk)]
    assert keys("?category=books") == [str(on_air.pk)]
    assert keys(f"?user={planned.user.pk}") == [str(planned.pk)]
    assert keys("?stream_type=recorded") == []
    assert api.get(f"{STREAMS}?state=live").status_code == 400
    assert api.get(f"{STREAMS}?status=over").status_code == 400


@pytest.mark.capability("K19")
def test_lists_of_streams_cost_the_same_however_many(live_video, api, assert_constant_queries):
    client = client_of(UserFactory())

    assert_constant_queries(
        lambda: client.get("/api/v1/streams/"), lambda: StreamFactory(on_air=True)
    )


@pytest.mark.capability("K19")
@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"title": ""}, "/title"),
        ({"title": "x" * 121}, "/title"),
        ({"description": "x" * 2001}, "/description"),
        ({"category": "guns"}, "/category"),
        ({"visibility": "building"}, ""),
        ({"visibility": "nobody"}, "/visibility"),
        ({"scheduled_for": "2020-01-01T10:00:00Z"}, "/scheduled_for"),
        ({"building": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"}, "/building"),
        ({"thumbnail": "0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f"}, "/thumbnail"),
    ],
)
def test_streams_that_cannot_be_are_refused_where_they_stand(change, pointer):
    response = client_of(UserFactory()).post(STREAMS, {"title": "Show", **change})

    assert (response.status_code, response.data["errors"][0]["pointer"]) == (400, pointer)
    assert not Stream.objects.exists()


@pytest.mark.capability("K19")
def test_files_of_others_and_of_other_kinds_are_not_shown(live_video):
    stream = StreamFactory(over=True)
    client = client_of(stream.user)
    own_picture = CheckedFileFactory(owner=stream.user, purpose=MediaPurpose.LISTING)
    public_film = film_of(UserFactory(), is_private=False)

    for film in (own_picture, public_film):
        answer = client.post(f"{page_of(stream)}recording/", {"recording": str(film.pk)})
        assert (answer.status_code, answer.data["errors"][0]["pointer"]) == (400, "/recording")
    stream.refresh_from_db()
    assert stream.recording is None


@pytest.mark.capability("K19", "K20")
def test_strangers_may_look_and_nothing_more(live_video, api):
    stream, client = StreamFactory(on_air=True), client_of(UserFactory())

    for act in ("go-live", "end", "cancel", "rotate-key"):
        assert client.post(f"{page_of(stream)}{act}/", {}).status_code == 403
        assert api.post(f"{page_of(stream)}{act}/", {}).status_code == 401
    assert client.patch(page_of(stream), {"title": "Mine"}).status_code == 403
    assert api.post(STREAMS, {"title": "Mine"}).status_code == 401
    unproved = client_of(UserFactory(unverified=True))
    assert unproved.post(STREAMS, {"title": "Mine"}).status_code == 403
    stream.refresh_from_db()
    assert stream.status == "live"


@pytest.mark.capability("K19")
def test_a_stale_change_is_refused():
    stream = StreamFactory()
    client = client_of(stream.user)
    tag = client.get(page_of(stream)).headers["ETag"]
    client.patch(page_of(stream), {"title": "First"})

    late = client.patch(page_of(stream), {"title": "Second"}, HTTP_IF_MATCH=tag)

    assert late.status_code == 412
    stream.refresh_from_db()
    assert stream.title == "First"


@pytest.mark.capability("K21")
def test_a_permanent_key_is_shown_once_and_renewed(live_video, api):
    person = UserFactory()
    client = client_of(person)

    missing = client.get(KEY)
    made = client.post(KEY, {})
    seen = client.get(KEY)
    renewed = client.post(KEY, {})

    assert missing.status_code == 404
    assert made.data["rtmp_url"] == f"{RTMP_URL}/{person.pk}"
    assert made.data["stream_key"] != renewed.data["stream_key"]
    assert made.data["stream_key"] not in seen.content.decode()
    assert seen.data["key_hint"] == made.data["stream_key"][-4:]
    assert client_of(UserFactory()).get(KEY).status_code == 404
    assert api.post(KEY, {}).status_code == 401
    assert client.delete(KEY).status_code == 204
    assert client.delete(KEY).status_code == 204
    assert not StreamKey.objects.exists()


@pytest.mark.capability("K20")
def test_the_key_is_kept_in_no_answer_for_repeated_requests(live_video):
    stream = StreamFactory()
    client = client_of(stream.user)

    first = client.post(f"{page_of(stream)}rotate-key/", {}, HTTP_IDEMPOTENCY_KEY="once")
    second = client.post(f"{page_of(stream)}rotate-key/", {}, HTTP_IDEMPOTENCY_KEY="once")

    assert first.data["stream_key"] != second.data["stream_key"]


@pytest.mark.capability("K19")
def test_an_ended_show_is_over(live_video):
    stream = StreamFactory(on_air=True)
    end_stream(stream=stream, actor=stream.user)
    client = client_of(stream.user)

    for act in ("go-live", "end", "cancel", "rotate-key"):
        answer = client.post(f"{page_of(stream)}{act}/", {})
        assert (answer.status_code, answer.data["current"]) == (409, "ended")
