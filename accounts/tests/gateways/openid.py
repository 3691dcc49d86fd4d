"""An OpenID provider in a process of its own, and a browser that signs in to it."""

import json
import subprocess
import sys
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import httpx2
from rest_framework.test import APIClient

START = "/api/v1/auth/google/start/"
GOOGLE = "/api/v1/auth/google/"
HERE = "http://127.0.0.1:8000/signed-in"
EMAIL = "priya@example.com"
SUBJECT = "priya"
CLIENT = "courtyard-tests"
PROGRAM = """
import os
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
from oidc_provider_mock import app
from werkzeug.serving import make_server
server = make_server("127.0.0.1", 0, app(require_nonce=True), threaded=True)
print(server.server_port, flush=True)
server.serve_forever()
"""


class OpenIDProvider:
    """Signs in whoever it is told to; its tokens name no key, as it has but one."""

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", PROGRAM],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        self.issuer = f"http://127.0.0.1:{int(self.process.stdout.readline())}"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.process.terminate()
        self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def has(self, subject: str, **claims: Any) -> None:
        """Let there be somebody with these claims."""
        answer = httpx2.put(
            f"{self.issuer}/users/{subject}",
            content=json.dumps(claims),
            headers={"Content-Type": "application/json"},
        )
        assert answer.status_code == 204, answer.text

    def sign_in(self, authorization_url: str, subject: str) -> dict[str, str]:
        """What the browser of ``subject`` comes back with: ``code`` and ``state``."""
        answer = httpx2.post(authorization_url, data={"sub": subject}, follow_redirects=False)
        assert answer.status_code == 302, answer.text
        query = parse_qs(urlsplit(answer.headers["Location"]).query)
        return {name: values[0] for name, values in query.items()}


def come_back(
    client: APIClient, provider: OpenIDProvider, subject: str = SUBJECT
) -> dict[str, Any]:
    """Start with ``client``, sign in at the provider, and return what to post here."""
    started = client.post(START, {"redirect_uri": HERE})
    assert started.status_code == 200, started.content
    back = provider.sign_in(started.json()["authorization_url"], subject)
    assert back["state"] == started.json()["state"]
    return {"challenge_id": started.json()["challenge_id"], "code": back["code"]}


def google_sign_in(provider: OpenIDProvider, subject: str = SUBJECT) -> Any:
    """The answer to somebody who comes back from the provider and is not signed in here."""
    client = APIClient()
    return client.post(GOOGLE, come_back(client, provider, subject))
