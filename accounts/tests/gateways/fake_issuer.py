"""An OpenID issuer on the loopback that signs whatever a test wants, and fails when told to."""

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT = "courtyard-tests"
KID = "current"
POLL_SECONDS = 0.02


@cache
def private_key(name: str = KID) -> rsa.RSAPrivateKey:
    """A key pair of this name, made once."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def published(name: str = KID) -> dict[str, Any]:
    """A public key as the issuer publishes it."""
    key = json.loads(RSAAlgorithm.to_jwk(private_key(name).public_key()))
    return {**key, "kid": name, "use": "sig", "alg": "RS256"}


@dataclass
class FakeIssuer:
    """Publishes ``keys``; gives ``id_token`` for any code. ``failing`` paths answer 503."""

    keys: list[dict[str, Any]] = field(default_factory=lambda: [published()])
    id_token: str = ""
    failing: set[str] = field(default_factory=set)
    changes: dict[str, Any] = field(default_factory=dict)
    raw: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    exchanged: list[dict[str, str]] = field(default_factory=list)

    def __enter__(self) -> Self:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.reply(*fake.answer(self.path))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                fake.exchanged.append(form)
                self.reply(*fake.answer(self.path))

            def reply(self, status: int, content: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(
            target=self.server.serve_forever, args=(POLL_SECONDS,), daemon=True
        )
        self.thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, path: str) -> tuple[int, bytes]:
        """What is found at ``path``."""
        self.asked.append(path)
        documents: Mapping[str, Any] = {
            "/.well-known/openid-configuration": self.discovery(),
            "/keys": {"keys": self.keys},
            "/token": {"id_token": self.id_token, "token_type": "Bearer"},
        }
        if path in self.failing:
            return 503, b"{}"
        if path in self.raw:
            return 200, self.raw[path]
        if path not in documents:
            return 404, b"{}"
        return 200, json.dumps(documents[path]).encode()

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            **self.changes,
        }

    def claims(self, **changes: Any) -> dict[str, Any]:
        """The claims of a good token, changed; a claim that is None is left out."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "azp": CLIENT,
            "sub": "110248495921238986420",
            "email": "priya@example.com",
            "email_verified": True,
            "name": "Priya Nair",
            "iat": now,
            "exp": now + 3600,
            **changes,
        }
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, *, kid: str | None = KID, key: str = KID, **changes: Any) -> str:
        """A token with these claims, signed with the private key of this name."""
        headers = {"kid": kid} if kid else None
        claims = self.claims(**changes)
        return jwt.encode(claims, private_key(key), algorithm="RS256", headers=headers)
