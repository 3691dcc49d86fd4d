"""A real media server, and real encoders that publish to it."""

import getpass
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from string import Template
from types import TracebackType
from typing import Any, Self

from config.tests.services import PATH, RTMP_MODULE
from config.tests.sources import ROOT

START_SECONDS = 20
STOP_SECONDS = 10
PICTURE = (
    "-re -f lavfi -i testsrc=size=160x120:rate=10 -f lavfi -i sine=frequency=440"
    " -c:v libx264 -preset ultrafast -tune zerolatency -g 10 -pix_fmt yuv420p -c:a aac -f flv"
)


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class MediaServer:
    """nginx as ``deploy/nginx/live.conf.template`` sets it up, on loopback and in a folder."""

    def __init__(self, folder: Path, *, secret: str) -> None:
        self.folder = folder / "live"
        self.secret = secret
        self.rtmp_port, self.http_port, self.question_port = (free_port() for _ in range(3))
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What the site has to know of it."""
        return {
            "MEDIA_SERVER_RTMP_URL": f"rtmp://127.0.0.1:{self.rtmp_port}/live",
            "MEDIA_SERVER_HLS_URL": f"http://127.0.0.1:{self.http_port}/hls",
            "MEDIA_SERVER_SECRET": self.secret,
        }

    def start(self, *, site_port: int) -> Self:
        """Start it beside the site that listens at ``site_port``."""
        (self.folder / "hls").mkdir(parents=True)
        template = Template((ROOT / "deploy/nginx/live.conf.template").read_text(encoding="utf-8"))
        configuration = self.folder / "nginx.conf"
        configuration.write_text(
            template.safe_substitute(
                LIVE_MODULES=str(RTMP_MODULE.parent),
                LIVE_USER=getpass.getuser(),
                LIVE_FOLDER=str(self.folder),
                LIVE_RTMP_PORT=f"127.0.0.1:{self.rtmp_port}",
                LIVE_HTTP_PORT=f"127.0.0.1:{self.http_port}",
                LIVE_QUESTION_PORT=str(self.question_port),
                COURTYARD_ADDRESS=f"127.0.0.1:{site_port}",
                COURTYARD_HOST="localhost",
                MEDIA_SERVER_SECRET=self.secret,
            ),
            encoding="utf-8",
        )
        command = ["nginx", "-p", str(self.folder), "-c", str(configuration), "-e", "stderr"]
        with (self.folder / "start.log").open("wb") as log:
            self.process = subprocess.Popen(
                command, env={**os.environ, "PATH": PATH}, stdout=log, stderr=subprocess.STDOUT
            )
        wait_for(lambda: status_of(f"http://127.0.0.1:{self.http_port}/") == 404, START_SECONDS)
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.process is not None:
            stop(self.process)

    def written(self) -> str:
        """Everything that it has written, and the name of every file."""
        files = [path for path in self.folder.rglob("*") if path.name != "nginx.conf"]
        texts = [path.read_bytes().decode("latin-1") for path in files if path.is_file()]
        return "\n".join([*map(str, files), *texts])


class Encoder:
    """Publishes a test picture and a tone to an address, until it is stopped or dropped."""

    def __init__(self, address: str, *, seconds: int = 60) -> None:
        command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-nostdin", *PICTURE.split()]
        command[-2:-2] = ["-t", str(seconds)]
        self.process = subprocess.Popen(
            [*command, address], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        stop(self.process)

    def is_dropped(self, *, within: float) -> bool:
        """Whether it ends by itself within so many seconds, with an error."""
        try:
            return self.process.wait(within) != 0
        except subprocess.TimeoutExpired:
            return False


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process that a test started."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def status_of(address: str) -> int:
    """What an address answers with; 0 where nobody does."""
    return fetched(address)[0]


def fetched(address: str) -> tuple[int, bytes]:
    """The status and the body at an address."""
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except (urllib.error.URLError, OSError):
        return 0, b""


def wait_for(condition: Callable[[], Any], seconds: float) -> Any:
    """What ``condition`` gives as soon as that is true; fails when it does not become so."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError(f"This has not become true within {seconds} seconds.")
