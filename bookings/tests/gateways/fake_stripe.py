"""Stripe's API on the loopback, as far as payments for homes use it.

It is stricter than it is complete: bodies are checked with the SDK's own types, idempotency keys
are kept, a key with another body is refused, and messages are signed as Stripe signs them.
"""

import base64
import hashlib
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from bookings.gateways.signatures import sign
from bookings.tests.gateways.stripe_books import Books, StripeRefusalError
from bookings.tests.gateways.stripe_forms import FormError

KEY = "sk_test_of_the_fake"
SECRET = "whsec_of_the_fake"
PUBLISHABLE = "pk_test_of_the_fake"


@dataclass
class FakeStripe:
    """A Stripe of one test; while it is ``down`` all is answered with 503.

    Answers to what is sent to the path ``cut`` are lost on the way.
    """

    down: bool = False
    cut: str = ""
    books: Books = field(default_factory=Books)
    requests: list[tuple[str, str]] = field(default_factory=list)
    _kept: dict[str, tuple[str, int, Any]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.serve("")

            def do_POST(self) -> None:
                self.serve(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())

            def serve(self, body: str) -> None:
                with fake._lock:
                    status, document, replayed = fake.answer(self, body)
                if fake.cut and urlsplit(self.path).path == fake.cut:
                    self.close_connection = True
                    return
                content = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.send_header("Request-Id", "req_fake")
                # The SDK repeats what it thinks may succeed, unless it is told not to.
                self.send_header("Stripe-Should-Retry", "false")
                if replayed:
                    self.send_header("Idempotent-Replayed", "true")
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
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
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, request: BaseHTTPRequestHandler, body: str) -> tuple[int, Any, bool]:
        """What Stripe would say, and whether it said so before."""
        address = urlsplit(request.path)
        self.requests.append((request.command, address.path))
        if self.down:
            return 503, {"error": {"type": "api_error", "message": "Down."}}, False
        if not _is_signed_in(request.headers.get("Authorization", "")):
            return 401, {"error": {"type": "invalid_request_error", "message": "Key?"}}, False
        if request.command == "GET":
            return *self._carried_out("GET", address.path, address.query), False
        name = request.headers.get("Idempotency-Key", "")
        digest = hashlib.sha256(f"{address.path}\n{body}".encode()).hexdigest()
        if name in self._kept:
            kept, status, document = self._kept[name]
            if kept != digest:
                return 400, {"error": {"type": "idempotency_error", "message": "Other."}}, False
            return status, document, True
        status, document = self._carried_out("POST", address.path, body)
        if name:
            self._kept[name] = (digest, status, document)
        return status, document, False

    def _carried_out(self, method: str, path: str, body: str) -> tuple[int, Any]:
        try:
            return 200, self.books.call(method, path, body)
        except FormError as error:
            return 400, _error("invalid_request_error", error.code, param=error.param)
        except StripeRefusalError as refusal:
            return refusal.status, _error(refusal.kind, refusal.code, decline=refusal.decline)

    def messages(self) -> list[tuple[bytes, str]]:
        """What has happened since this was last asked, as signed messages."""
        with self._lock:
            happened, self.books.happened = self.books.happened, []
        return [_signed(event) for event in happened]


def _signed(event: dict[str, Any]) -> tuple[bytes, str]:
    body = json.dumps(event).encode()
    return body, sign(body, secret=SECRET, at=int(time.time()))


def _is_signed_in(header: str) -> bool:
    scheme, _, value = header.partition(" ")
    if scheme == "Basic":
        return base64.b64decode(value).decode().rstrip(":") == KEY
    return (scheme, value) == ("Bearer", KEY)


def _error(kind: str, code: str, *, param: str = "", decline: str = "") -> dict[str, Any]:
    found = {"type": kind, "code": code, "message": code, "param": param or None}
    return {"error": {**found, "decline_code": decline} if decline else found}
