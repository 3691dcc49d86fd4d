"""Twilio's Messages resource on the loopback, as far as Courtyard uses it."""

import base64
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs

ACCOUNT = "AC00000000000000000000000000000001"
TOKEN = "token-of-the-fake"
SENDER = "+12025550100"


@dataclass
class FakeTwilio:
    """Answers ``answers`` in turn (status, headers, document), then accepts everything.

    Requests with another path, sign-in or kind of body than Twilio's are refused as there.
    """

    answers: list[tuple[int, dict[str, str], Any]] = field(default_factory=list)
    accepted: list[dict[str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                status, headers, document = fake.answer(self, body)
                content = json.dumps(document).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
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

    def answer(self, request: BaseHTTPRequestHandler, body: str) -> tuple[int, dict[str, str], Any]:
        """What Twilio would say."""
        expected = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {expected}":
            self.refused.append("authorization")
            return 401, {}, {"code": 20003, "message": "Authenticate", "status": 401}
        if request.path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
            self.refused.append(request.path)
            return 404, {}, {"code": 20404, "message": "Not found", "status": 404}
        if request.headers.get("Content-Type") != "application/x-www-form-urlencoded":
            self.refused.append("content type")
            return 400, {}, {"code": 20001, "message": "Not a form", "status": 400}
        form = {name: values[0] for name, values in parse_qs(body, strict_parsing=True).items()}
        if missing := {"To", "Body"} - form.keys():
            return 400, {}, {"code": 21604, "message": f"{missing} missing", "status": 400}
        if not {"From", "MessagingServiceSid"} & form.keys():
            return 400, {}, {"code": 21603, "message": "A sender is required", "status": 400}
        if self.answers:
            return self.answers.pop(0)
        self.accepted.append(form)
        return 201, {}, {"sid": f"SM{len(self.accepted):032x}", "status": "queued"}
