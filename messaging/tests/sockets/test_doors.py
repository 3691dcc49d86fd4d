"""Who is let in, who is let go, and why."""

import json
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from accounts.choices import SessionEnd
from accounts.models import User
from accounts.services import sessions
from accounts.services.deactivation import deactivate
from accounts.services.passwords import replace_password
from accounts.services.standing import suspend
from accounts.tests.factories.people import UserFactory, open_session
from config.shared import realtime
from config.tests.racing import race
from config.tests.server_process import ServerProcess, SocketServer
from messaging.services.tickets import issue_ticket
from messaging.tests.sockets.clients import PATIENCE, LiveClient, address, live, ticket_of

# Well before the round in which all sockets are looked at again.
SOON = 10.0


def end_session(user: User, session_id: Any) -> None:
    sessions.end_one(user=user, session_id=session_id)


def sign_out_everywhere(user: User, session_id: Any) -> None:
    sessions.end_all(user=user, reason=SessionEnd.LOGOUT, actor=user)


def change_password(user: User, session_id: Any) -> None:
    replace_password(user=user, new_password="a quite different password", actor=user)


def suspend_them(user: User, session_id: Any) -> None:
    suspend(user=user, actor=UserFactory.create(superuser=True), reason="Fraud")


def go_to_rest(user: User, session_id: Any) -> None:
    deactivate(user=user)


@pytest.mark.capability("M06")
@pytest.mark.parametrize(
    "act", [end_session, sign_out_everywhere, change_password, suspend_them, go_to_rest]
)
def test_a_socket_ends_with_its_session(
    server: ServerProcess, act: Callable[[User, Any], None]
) -> None:
    user, bystander = UserFactory.create_batch(2)
    session_id = open_session(user).session.pk
    ticket = issue_ticket(user=user, session_id=session_id).ticket

    with live(server, bystander) as other, live(server, user, ticket=ticket) as client:
        act(user, session_id)

        assert client.closed(SOON) == 4401
        other.send("ping")
        other.next("pong")


def test_only_the_sockets_of_an_ended_session_end(server: ServerProcess) -> None:
    user = UserFactory.create()
    session_id = open_session(user).session.pk
    ticket = issue_ticket(user=user, session_id=session_id).ticket

    with live(server, user) as staying, live(server, user, ticket=ticket) as client:
        end_session(user, session_id)

        assert client.closed(SOON) == 4401
        staying.send("ping")
        staying.next("pong")


def test_a_ticket_of_an_ended_session_opens_nothing(server: ServerProcess) -> None:
    user = UserFactory.create()
    ticket = ticket_of(user)
    sign_out_everywhere(user, None)

    assert opened(server, ticket) == 4401


@pytest.mark.parametrize("ticket", ["", "x" * 43, "%00", "x" * 5000, "%ED%A0%80"])
def test_junk_is_no_ticket(server: ServerProcess, ticket: str) -> None:
    assert opened(server, ticket) == 4401


@pytest.mark.capability("M06")
def test_a_ticket_is_good_once_however_many_try(server: ServerProcess) -> None:
    ticket = ticket_of(UserFactory.create())

    results = race(*[lambda: opened(server, ticket)] * 20)

    assert sorted(results) == [0] + [4401] * 19


def opened(server: ServerProcess, ticket: str) -> int:
    """0 when the socket was let in, else the code that it was closed with."""
    with connect(address(server, ticket), open_timeout=PATIENCE) as connection:
        client = LiveClient(connection)
        try:
            client.next("welcome")
        except ConnectionClosed:
            return client.closed()
    return 0


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "x:y:z"])
def test_pages_of_others_open_nothing(server: ServerProcess, origin: str) -> None:
    ticket = ticket_of(UserFactory.create())

    assert refusal(address(server, ticket), origin=origin) == 403
    assert opened(server, ticket) == 0


def refusal(url: str, **options: Any) -> int:
    """The status of the answer to a socket that is not opened."""
    try:
        with connect(url, open_timeout=PATIENCE, **options):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


def test_the_sites_own_pages_and_the_allow_list_may(transactional_db: None, tmp_path: Path) -> None:
    app = "https://app.courtyard.example"
    with SocketServer(tmp_path, CORS_ALLOWED_ORIGINS=app) as server:
        for origin in (settings.PUBLIC_BASE_URL, app):
            with live(server, UserFactory.create(), origin=origin) as client:
                client.send("ping")
                client.next("pong")


def test_other_addresses_lead_nowhere(server: ServerProcess) -> None:
    for path in ("/", "/ws", "/ws/x/", "/api/v1/"):
        assert refusal(f"ws://127.0.0.1:{server.port}{path}") == 403


@pytest.mark.parametrize(
    ("frame", "code", "close_code"),
    [
        ("{", "not_json", 4400),
        ("[]", "not_an_object", 4400),
        ("[" * 5000, "not_json", 4400),
        ('{"type": "dance"}', "unknown_type", 4400),
        ('{"type": ["ping"]}', "unknown_type", 4400),
        ('{"type": "follow", "topic": "secrets"}', "invalid_topic", 4400),
        ('{"type": "resume", "position": 5}', "invalid_position", 4400),
        ('{"type": "typing", "conversation": "\\u0000"}', "invalid_topic", 4400),
        (b"\x00\xff", "not_text", 4400),
        (json.dumps({"type": "ping", "more": "x" * 20_000}), "too_large", 1009),
    ],
)
def test_junk_is_answered_and_ends_the_socket(
    server: ServerProcess, frame: str | bytes, code: str, close_code: int
) -> None:
    with live(server, UserFactory.create()) as client:
        client.connection.send(frame)

        assert client.next("error")["code"] == code
        assert client.closed() == close_code


def test_whoever_speaks_too_fast_is_let_go(server: ServerProcess) -> None:
    with live(server, UserFactory.create()) as client:
        for _ in range(200):
            client.send("pong")

        assert client.next("error")["code"] == "too_many_frames"
        assert client.closed() == 4429


def test_a_junk_position_opens_nothing(server: ServerProcess) -> None:
    with connect(address(server, ticket_of(UserFactory.create()), "junk")) as connection:
        assert LiveClient(connection).closed() == 4400


def test_one_person_has_so_many_sockets(server: ServerProcess) -> None:
    user = UserFactory.create()

    with ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(live(server, user))

        assert opened(server, ticket_of(user)) == 4429


@pytest.mark.capability("M06")
def test_a_client_that_does_not_read_is_let_go(server: ServerProcess) -> None:
    user = UserFactory.create()
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.connect(("127.0.0.1", server.port))
    url = address(server, ticket_of(user))

    with (
        connect(url, sock=deaf, max_queue=1, close_timeout=1) as slow,
        live(server, user) as reader,
    ):
        for number in range(250):
            realtime.publish(
                users=[user.pk], event="booking.changed", data={"number": number, "x": "y" * 90_000}
            )
            reader.next("event")
        received = count_until_closed(slow)

    assert len(reader.events) == 250
    assert received < 250


def count_until_closed(connection: ClientConnection) -> int:
    received = 0
    try:
        while True:
            connection.recv(timeout=PATIENCE)
            received += 1
    except ConnectionClosed:
        return received


def test_no_ticket_stands_in_any_log(transactional_db: None, tmp_path: Path) -> None:
    with SocketServer(tmp_path, LOG_LEVEL="DEBUG") as server:
        tickets = [ticket_of(UserFactory.create()) for _ in range(3)]
        assert opened(server, tickets[0]) == 0
        assert opened(server, tickets[0]) == 4401
        with live(server, UserFactory.create(), ticket=tickets[1]) as client:
            client.send("dance")
            assert client.closed() == 4400
        time.sleep(0.2)

    output = server.output()
    assert "socket closed" in output
    assert not [ticket for ticket in tickets if ticket in output]
