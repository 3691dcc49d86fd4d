"""Live video with the real thing: nginx takes a picture in, asks us, and sends it out."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client

from accounts.tests.factories.buildings import BuildingFactory
from accounts.tests.factories.people import UserFactory
from catalog.models import Stream
from catalog.services.stream_keys import rotate_stream_key
from catalog.services.stream_playback import hls_url_of
from catalog.services.stream_shows import end_stream, go_live, sweep
from catalog.tests.factories.streams import StreamFactory, key_of, neighbour_in, silence_of
from config.tests.browser import chromium, complaints, hosts_asked
from config.tests.media_server import Encoder, MediaServer, fetched, status_of, wait_for
from config.tests.server_process import ServerProcess

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "the media server and the site share this secret"
# A media server asks every five seconds whether a show may go on.
DROPPED_WITHIN = 12


@pytest.fixture
def site(
    require_service: Callable[[str], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    settings: object,
) -> Iterator[tuple[MediaServer, ServerProcess]]:
    """A web server of ours and a media server that asks it."""
    require_service("nginx-rtmp")
    require_service("ffmpeg")
    media_server = MediaServer(tmp_path, secret=SECRET)
    for name, value in media_server.environment.items():
        monkeypatch.setenv(name, value)
        setattr(settings, name, value)
    with ServerProcess(tmp_path, workers=1) as server, media_server:
        media_server.start(site_port=server.port)
        yield media_server, server


def published(media_server: MediaServer, stream: Stream, key: str) -> str:
    return f"rtmp://127.0.0.1:{media_server.rtmp_port}/live/{stream.pk}?key={key}"


def is_on_air(stream: Stream) -> bool:
    stream.refresh_from_db()
    return stream.last_signal_at is not None and stream.signal_lost_at is None


def pieces_of(playlist: bytes) -> list[str]:
    return [line for line in playlist.decode().splitlines() if line.endswith(".ts")]


def kinds_at(address: str) -> set[str]:
    """What a player finds there."""
    command = ["ffprobe", "-v", "error", "-show_entries", "stream=codec_name,width"]
    found = subprocess.run(
        [*command, "-of", "json", address], capture_output=True, check=True, timeout=30
    )
    return {entry["codec_name"] for entry in json.loads(found.stdout)["streams"]}


@pytest.mark.capability("K19", "K20", "K21")
def test_a_show_from_its_key_to_its_end(site: tuple[MediaServer, ServerProcess]) -> None:
    media_server, server = site
    planned = StreamFactory()
    stream, key = go_live(stream=planned, actor=planned.user)
    assert key is not None
    address = str(hls_url_of(stream, viewer=None))

    with Encoder(published(media_server, stream, "wrong"), seconds=5) as wrong:
        assert wrong.is_dropped(within=DROPPED_WITHIN)
    stream.refresh_from_db()
    assert stream.last_signal_at is None
    assert status_of(address) == 404

    with Encoder(published(media_server, stream, key)) as encoder:
        wait_for(lambda: is_on_air(stream), 15)
        wait_for(lambda: len(pieces_of(fetched(address)[1])) > 1, 20)
        assert kinds_at(address) == {"h264", "aac"}
        piece = pieces_of(fetched(address)[1])[-1]
        assert status_of(address.replace("index.m3u8", piece)) == 200
        with Encoder(published(media_server, stream, key), seconds=5) as second:
            assert second.is_dropped(within=DROPPED_WITHIN)
        assert encoder.process.poll() is None

        _, new = rotate_stream_key(stream=stream, actor=stream.user)
        assert encoder.is_dropped(within=DROPPED_WITHIN)
    wait_for(lambda: not is_on_air(stream), 5)
    began = stream.started_at

    with Encoder(published(media_server, stream, new)) as encoder:
        wait_for(lambda: is_on_air(stream), 15)
        assert (stream.status, stream.started_at) == ("live", began)
        end_stream(stream=stream, actor=stream.user)
        assert encoder.is_dropped(within=DROPPED_WITHIN)
    with Encoder(published(media_server, stream, new), seconds=5) as late:
        assert late.is_dropped(within=DROPPED_WITHIN)
    assert status_of(address) in {403, 404}

    written = media_server.written() + server.output()
    assert [secret for secret in [key, new, SECRET] if secret in written] == []


@pytest.mark.capability("K21", "K24")
def test_a_private_show_is_for_its_neighbours_and_ends_with_silence(
    site: tuple[MediaServer, ServerProcess],
) -> None:
    media_server, _ = site
    building = BuildingFactory()
    person, neighbour = neighbour_in(building), neighbour_in(building)
    stream = StreamFactory(user=person, visibility="building", building=building)
    key = key_of(stream)
    with Encoder(published(media_server, stream, key)):
        wait_for(lambda: is_on_air(stream), 15)
        stream.refresh_from_db()
        address = str(hls_url_of(stream, viewer=neighbour))
        bare = f"http://127.0.0.1:{media_server.http_port}/hls/{stream.pk}/index.m3u8"
        stranger = str(hls_url_of(stream, viewer=UserFactory()))
        wait_for(lambda: pieces_of(fetched(address)[1]), 20)
        piece = pieces_of(fetched(address)[1])[0]

        assert kinds_at(address) == {"h264", "aac"}
        assert status_of(address.replace("index.m3u8", piece)) == 200
        for refused in (bare, stranger):
            assert status_of(refused) == 403
            assert status_of(refused.replace("index.m3u8", piece)) == 403
        shown = address.removeprefix(f"{media_server.environment['MEDIA_SERVER_HLS_URL']}/")
        assert shown.split("/")[0] not in (media_server.folder / "access.log").read_text()

    wait_for(lambda: not is_on_air(stream), 5)
    assert (stream.status, sweep()) == ("live", 0)
    silence_of(stream, 61)
    assert sweep() == 1
    stream.refresh_from_db()
    assert stream.status == "ended"


@pytest.mark.capability("K20")
def test_nobody_publishes_while_the_site_is_away(site: tuple[MediaServer, ServerProcess]) -> None:
    media_server, server = site
    stream = StreamFactory()
    key = key_of(stream)
    server.running.terminate()
    server.running.wait(20)

    with Encoder(published(media_server, stream, key), seconds=5) as encoder:
        assert encoder.is_dropped(within=DROPPED_WITHIN)
    assert status_of(str(hls_url_of(stream, viewer=None))) in {500, 502, 504}


@pytest.mark.capability("K19", "K24")
def test_staff_watch_a_private_show_in_a_real_browser(
    site: tuple[MediaServer, ServerProcess], require_service: Callable[[str], None]
) -> None:
    require_service("chromium")
    media_server, server = site
    building = BuildingFactory()
    person = neighbour_in(building)
    stream = StreamFactory(user=person, visibility="building", building=building)
    office, client = f"http://127.0.0.1:{server.port}/admin", Client()
    client.force_login(UserFactory(superuser=True))
    executable = shutil.which("chromium") or shutil.which("chromium-browser") or ""
    driver = shutil.which("chromedriver") or "/usr/bin/chromedriver"
    width = "return document.querySelector('video[data-playlist]').videoWidth"

    with Encoder(published(media_server, stream, key_of(stream))):
        wait_for(lambda: is_on_air(stream), 15)
        address = str(hls_url_of(stream, viewer=person))
        wait_for(lambda: pieces_of(fetched(address)[1]), 20)
        with chromium(executable, driver) as browser:
            browser.get(f"{office}/login/")
            session = client.cookies["sessionid"].value
            browser.add_cookie({"name": "sessionid", "value": session})
            browser.get(f"{office}/catalog/stream/{stream.pk}/change/")
            assert wait_for(lambda: browser.execute_script(width), 30) == 160
            assert complaints(browser) == []
            ports = {str(server.port), str(media_server.http_port)}
            assert {host.rpartition(":")[2] for host in hosts_asked(browser)} == ports
