"""The demo, started for real: what it shows, what it survives, and that nothing of it stays."""

import json
import os
import signal
import socket

import pytest

from config.tests.demo_process import Demo, wait_for
from config.tests.embedded import fresh_folder

PASSWORD = "courtyard-demo-2026"
LIVE = "/api/v1/health/ready/"
LOGIN = "/api/v1/auth/login/"
WEB, WORKER, POSTGRES = r"granian", r"manage\.py worker", r"/postgres .*-D"

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def folder():
    with fresh_folder() as made:
        yield made


@pytest.fixture(scope="module")
def other_folder():
    """For tests that stop what they start."""
    with fresh_folder() as made:
        yield made


@pytest.fixture(scope="module")
def demo(folder):
    running = Demo(folder).wait_until_ready()
    yield running
    running.stop()


def test_it_says_whom_to_sign_in_as_and_where(demo):
    said = demo.output

    assert "layla@demo.courtyard.example" in said
    assert PASSWORD in said
    for place in ("docs/", "redoc/", "admin/", "api/v1/schema/"):
        assert f"http://127.0.0.1:{demo.port}/{place}" in said
    assert f"{demo.folder}/outbox" in said


@pytest.mark.parametrize(
    "path",
    ["/", "/docs/", "/redoc/", "/api/v1/schema/", "/admin/login/", "/api/v1/settings/", LIVE],
)
def test_what_it_names_is_served(demo, path):
    assert demo.ask(path)[0] == 200


def test_the_back_office_has_its_styles(demo):
    page = demo.ask("/admin/login/")[1].decode()
    sheet = next(part for part in page.split('"') if part.endswith(".css"))

    assert demo.ask(sheet)[0] == 200


def test_the_accounts_it_names_sign_in(demo):
    status, tokens = demo.ask(
        LOGIN, {"identifier": "layla@demo.courtyard.example", "password": PASSWORD}
    )
    authorization = f"Bearer {tokens['access_token']}"

    assert status == 200
    assert demo.ask("/api/v1/auth/me/", Authorization=authorization)[1]["name"] == "Layla Haddad"


@pytest.mark.parametrize("handle", ["viktor", "peter"])
def test_suspended_and_deactivated_people_do_not_sign_in(demo, handle):
    body = {"identifier": f"{handle}@demo.courtyard.example", "password": PASSWORD}

    assert demo.ask(LOGIN, body)[0] == 403


@pytest.mark.capability("A15")
def test_a_code_is_found_in_the_outbox_and_signs_in(demo):
    demo.ask("/api/v1/auth/send-otp/", {"phone_number": "+971501000012", "purpose": "login"})

    message = wait_for(lambda: [*(demo.folder / "outbox").glob("sms-*.json")], seconds=30)[0]

    assert json.loads(message.read_text())["to"] == "+971501000012"


@pytest.mark.parametrize(("pattern", "name"), [(WEB, "web"), (WORKER, "worker")])
def test_a_program_that_is_killed_is_started_again(demo, pattern, name):
    before = demo.program(pattern)

    os.kill(before, signal.SIGKILL)

    wait_for(lambda: before not in demo.processes())
    wait_for(lambda: any(name in line for line in demo.output.splitlines()[-3:]))
    wait_for(lambda: demo.program(pattern) not in {0, before})
    wait_for(lambda: demo.ask(LIVE)[0] == 200)


def test_a_database_that_is_killed_comes_back(demo):
    os.kill(demo.program(POSTGRES), signal.SIGKILL)

    wait_for(lambda: demo.ask(LIVE)[0] == 200)
    wait_for(lambda: demo.ask("/api/v1/settings/")[0] == 200)


def test_a_taken_port_is_one_sentence(folder):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        second = Demo(folder, port=holder.getsockname()[1])

        assert second.process.wait(timeout=60) == 1

    said = second.output.strip().splitlines()
    assert len(said) == 1
    assert "--port" in said[0]
    assert str(second.port) in said[0]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_when_asked_leaves_no_process_and_starts_over_its_data(other_folder, number):
    first = Demo(other_folder).wait_until_ready()
    status = first.stop(number)
    left = first.processes()

    second = Demo(other_folder, "--no-seed").wait_until_ready()
    known = second.ask(LOGIN, {"identifier": "+971501000011", "password": PASSWORD})[0]

    assert (status, left, known) == (0, {}, 200)
    assert "Stopped." in first.output
    assert second.stop(number) == 0
    assert second.processes() == {}


def test_nothing_of_it_outlives_a_kill(other_folder):
    running = Demo(other_folder).wait_until_ready()

    running.process.kill()
    running.process.wait()

    wait_for(lambda: running.processes() == {}, seconds=60)


def test_it_can_be_stopped_while_it_prepares(other_folder):
    early = Demo(other_folder).wait_until_it_says("Bringing both databases")

    assert early.stop() == 0
    # Whoever watches over the database leaves some seconds after its last user.
    wait_for(lambda: early.processes() == {}, seconds=30)
