"""What the media server asks, in the words of nginx and of MediaMTX."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from accounts.models import Residency
from accounts.services.connections import block_user
from accounts.services.standing import suspend
from accounts.tests.clients import client_of
from accounts.tests.factories.buildings import BuildingFactory
from accounts.tests.factories.people import UserFactory
from catalog.models import Stream
from catalog.services.stream_playback import hls_url_of
from catalog.services.stream_shows import end_stream
from catalog.tests.factories.streams import (
    HLS_URL,
    SECRET,
    StreamFactory,
    key_of,
    neighbour_in,
    publish,
    silence_of,
)
from config.shared.clock import database_now
from config.tests.canaries import listening

pytestmark = pytest.mark.django_db

AUTHORIZE = "/api/v1/streams/authorize/"
PLAYBACK = "/api/v1/streams/playback/"
HEADERS = {"HTTP_X_MEDIA_SERVER_SECRET": SECRET}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def ask(live_video, api):
    """Asks as nginx does."""

    def asked(call, name, key="", **more):
        fields = {"call": call, "app": "live", "name": name, "addr": "203.0.113.7", "key": key}
        fields |= {"clientid": "1", "flashver": "LNX 9", "tcurl": "rtmp://localhost/live"}
        return api.post(AUTHORIZE, urlencode(fields | more), content_type=FORM, **HEADERS)

    return asked


def watch(api, address):
    """Asks whether the playlist at ``address`` may be sent, as nginx does."""
    *shown, name, _ = address.removeprefix(f"{HLS_URL}/").split("/")
    query = urlencode({"name": name, "pass": shown[0] if shown else ""})
    return api.get(f"{PLAYBACK}?{query}", **HEADERS).status_code


@pytest.mark.capability("K20")
def test_nginx_asks_about_a_whole_show(ask):
    stream = StreamFactory()
    name, key = str(stream.pk), key_of(stream)

    wrong = ask("publish", name, "wrong")
    begun = ask("publish", name, key)
    second = ask("publish", name, key)
    going_on = ask("update_publish", name, key)
    playing = ask("play", name, key)
    unknown = ask("dance", name, key)
    stopped = ask("publish_done", name, key)
    stream.refresh_from_db()

    assert (wrong.status_code, wrong.json()["code"]) == (403, "publishing_refused")
    assert (begun.status_code, begun.content) == (204, b"")
    assert (second.status_code, second.json()["code"]) == (409, "publisher_there")
    assert (going_on.status_code, playing.status_code, unknown.status_code) == (204, 403, 403)
    assert stopped.status_code == 204
    assert (stream.status, stream.signal_lost_at is not None) == ("live", True)
    assert ask("publish", name, key).status_code == 204
    end_stream(stream=stream, actor=stream.user)
    assert ask("update_publish", name, key).status_code == 403
    assert ask("publish", name, key).status_code == 403


@pytest.mark.capability("K20")
def test_mediamtx_asks_in_json(live_video, api):
    stream = StreamFactory()
    body = {"action": "publish", "path": f"live/{stream.pk}", "protocol": "rtmp", "ip": "10.0.0.1"}
    body |= {"user": "", "password": "", "id": "1"}

    wrong = api.post(AUTHORIZE, {**body, "query": "key=wrong"}, **HEADERS)
    right = api.post(AUTHORIZE, {**body, "query": f"key={key_of(stream)}"}, **HEADERS)
    read = api.post(AUTHORIZE, {**body, "action": "read", "query": ""}, **HEADERS)
    other = api.post(AUTHORIZE, {**body, "action": "metrics"}, **HEADERS)

    assert [answer.status_code for answer in (wrong, right, read, other)] == [403, 204, 204, 403]


@pytest.mark.capability("K20")
def test_nobody_else_asks(live_video, api, settings):
    stream = StreamFactory()
    fields = {"call": "publish", "name": str(stream.pk), "key": key_of(stream)}

    def asked(**headers):
        posted = api.post(AUTHORIZE, urlencode(fields), content_type=FORM, **headers)
        got = api.get(f"{PLAYBACK}?name={stream.pk}", **headers)
        assert posted.status_code == got.status_code
        return posted.status_code

    assert asked() == 403
    assert asked(HTTP_X_MEDIA_SERVER_SECRET="wrong") == 403
    assert asked(HTTP_X_MEDIA_SERVER_SECRET="é") == 403
    assert asked(**HEADERS, REMOTE_ADDR="203.0.113.7") == 403
    settings.MEDIA_SERVER_SECRET = ""
    assert asked(HTTP_X_MEDIA_SERVER_SECRET="") == 403
    stream.refresh_from_db()
    assert stream.status == "scheduled"


@pytest.mark.capability("K20")
def test_the_secret_may_stand_in_the_address(live_video, api):
    stream = StreamFactory(on_air=True)

    answer = api.get(f"{PLAYBACK}?{urlencode({'secret': SECRET, 'name': stream.pk})}")

    assert answer.status_code == 204
    assert api.get(f"{PLAYBACK}?secret={SECRET}&nam=x").status_code in {400, 403}


@pytest.mark.capability("K20")
def test_guesses_are_counted_and_never_shut_the_owner_out(ask):
    stream = StreamFactory()
    key = key_of(stream)

    answers = [ask("publish", str(stream.pk), f"guess {n}").status_code for n in range(12)]

    assert answers == [403] * 10 + [429] * 2
    assert ask("publish", str(stream.pk), key).status_code == 204


@pytest.mark.capability("K20")
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"call": "publish"},
        {"call": "publish", "name": "x" * 201},
        {"call": "publish", "name": "../../etc"},
        {"call": "publish", "name": "{0199c3a4-5b60-7c2e-9f4a-1d2b3c4d5e6f}", "key": "x"},
        {"call": "publish", "name": "0" * 32, "key": "x" * 201},
        {"action": "publish", "path": "live/x", "query": "a=1&" * 50},
        {"action": "read", "path": "live/../x", "query": "pass=x"},
    ],
)
def test_odd_questions_are_refused(live_video, api, fields):
    posted = api.post(AUTHORIZE, urlencode(fields), content_type=FORM, **HEADERS)
    sent = api.post(AUTHORIZE, fields, **HEADERS)

    assert posted.status_code in {400, 403}
    assert sent.status_code == posted.status_code


@pytest.mark.capability("K20")
def test_the_key_is_in_no_log_and_in_no_answer(ask):
    stream = StreamFactory()
    key = key_of(stream)

    with listening() as lines:
        answers = [
            ask(call, str(stream.pk), key)
            for call in ("publish", "publish", "update_publish", "play", "publish_done")
        ]
        answers.append(client_of(stream.user).get(f"/api/v1/streams/{stream.pk}/"))

    assert "streams/authorize" in lines.getvalue()
    assert key not in lines.getvalue()
    assert SECRET not in lines.getvalue()
    assert not [answer for answer in answers if key.encode() in answer.content]


@pytest.mark.capability("K24")
def test_what_everybody_may_watch_needs_no_pass(live_video, api):
    stream = StreamFactory(on_air=True)
    planned = StreamFactory()

    assert watch(api, hls_url_of(stream, viewer=None)) == 204
    assert watch(api, hls_url_of(planned, viewer=None)) == 403
    silence_of(stream, 61)
    assert watch(api, f"{HLS_URL}/{stream.pk}/index.m3u8") == 403
    fresh = StreamFactory(on_air=True)
    suspend(user=fresh.user, actor=UserFactory(superuser=True), reason="Fraud")
    assert watch(api, f"{HLS_URL}/{fresh.pk}/index.m3u8") == 403


@pytest.mark.capability("K24")
def test_a_private_show_is_refused_to_others_at_the_playlist(live_video, api):
    building = BuildingFactory()
    person = neighbour_in(building)
    stream = StreamFactory(user=person, visibility="building", building=building, on_air=True)
    other = StreamFactory(
        user=neighbour_in(building), visibility="building", building=building, on_air=True
    )
    neighbour, stranger = neighbour_in(building), UserFactory()
    address = hls_url_of(stream, viewer=neighbour)
    theirs = address.removeprefix(f"{HLS_URL}/").split("/")[0]

    assert hls_url_of(stream, viewer=None) is None
    assert watch(api, address) == 204
    assert watch(api, hls_url_of(stream, viewer=person)) == 204
    assert watch(api, f"{HLS_URL}/{stream.pk}/index.m3u8") == 403
    assert watch(api, hls_url_of(stream, viewer=stranger)) == 403
    assert watch(api, f"{HLS_URL}/{theirs}/{other.pk}/index.m3u8") == 403
    assert (
        watch(api, address.replace(theirs, theirs[:-1] + ("A" if theirs[-1] != "A" else "B")))
        == 403
    )
    assert watch(api, address.replace(theirs, "x" * 500)) == 403


@pytest.mark.capability("K24")
def test_a_pass_opens_nothing_once_its_holder_may_not_watch(live_video, api):
    building = BuildingFactory()
    person = neighbour_in(building)
    stream = StreamFactory(user=person, visibility="building", building=building, on_air=True)
    moved, shut_out, banned, shutting = (neighbour_in(building) for _ in range(4))
    addresses = [hls_url_of(stream, viewer=one) for one in (moved, shut_out, banned, shutting)]
    assert [watch(api, address) for address in addresses] == [204] * 4

    Residency.objects.filter(user=moved).delete()
    block_user(blocker=person, blocked=shut_out)
    suspend(user=banned, actor=UserFactory(superuser=True), reason="Fraud")
    block_user(blocker=shutting, blocked=person)

    assert [watch(api, address) for address in addresses] == [403] * 4


@pytest.mark.capability("K24")
def test_a_pass_is_for_some_hours(live_video, api, monkeypatch):
    building = BuildingFactory()
    person = neighbour_in(building)
    stream = StreamFactory(user=person, visibility="building", building=building, on_air=True)
    address = hls_url_of(stream, viewer=person)

    monkeypatch.setattr("catalog.services.stream_playback.get_setting", lambda key: -1)

    assert watch(api, address) == 403


@pytest.mark.capability("K21", "K24")
def test_a_permanent_address_shows_only_what_is_on_now(live_video, api):
    building = BuildingFactory()
    person = neighbour_in(building)
    private = StreamFactory(
        user=person, visibility="building", building=building, uses_permanent_key=True
    )
    publish(private)
    address = hls_url_of(private, viewer=person)
    assert watch(api, address) == 204
    assert watch(api, f"{HLS_URL}/{person.pk}/index.m3u8") == 403
    end_stream(stream=private, actor=person)
    assert watch(api, address) == 403

    long_ago = database_now() - timedelta(seconds=100)
    Stream.objects.filter(pk=private.pk).update(started_at=long_ago, ended_at=long_ago)
    public = StreamFactory(user=person, uses_permanent_key=True)
    publish(public)
    assert watch(api, f"{HLS_URL}/{person.pk}/index.m3u8") == 204
