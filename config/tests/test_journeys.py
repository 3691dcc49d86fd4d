"""The journeys of ``docs/journeys/``, taken against a demo as a newcomer starts it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.embedded_postgres.server import PROJECT
from config.tests.demo_process import Demo

JOURNEYS = PROJECT / "docs" / "journeys"
SECONDS = 240


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    running = Demo(tmp_path_factory.mktemp("journey") / "data").wait_until_ready()
    yield running
    running.stop()


def take(script: Path, demo: Demo) -> subprocess.CompletedProcess[str]:
    options = {
        "identity": ["--outbox", str(demo.folder / "outbox")],
        "homes": ["--outbox", str(demo.folder / "outbox")],
        "market": ["--outbox", str(demo.folder / "outbox")],
        "back_office": ["--screens", str(demo.folder / "screens")],
    }
    return subprocess.run(
        [
            sys.executable,
            str(script),
            "--base",
            f"http://127.0.0.1:{demo.port}",
            *options[script.stem],
        ],
        check=False,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env={**os.environ, "PYTHONWARNINGS": ""},
    )


@pytest.mark.capability("A01", "A11", "A28")
def test_the_way_to_a_verified_neighbour_ends_as_it_says(demo: Demo) -> None:
    taken = take(JOURNEYS / "identity.py", demo)

    assert taken.returncode == 0, taken.stdout + taken.stderr
    assert taken.stdout.count("\n") >= 5


@pytest.mark.capability("R02", "R04", "R07", "R11", "R12", "R14", "R16", "R18", "R21", "R27", "R37")
def test_the_way_from_a_plot_to_the_keys_ends_as_it_says(demo: Demo) -> None:
    taken = take(JOURNEYS / "homes.py", demo)

    assert taken.returncode == 0, taken.stdout + taken.stderr
    assert taken.stdout.count("\n") >= 11


@pytest.mark.capability(
    "M01", "M03", "M06", "M07", "M08", "K01", "K02", "K03", "K08", "K09", "K11", "K13", "K16", "K17"
)
def test_the_way_of_a_sofa_to_another_home_ends_as_it_says(demo: Demo) -> None:
    taken = take(JOURNEYS / "market.py", demo)

    assert taken.returncode == 0, taken.stdout + taken.stderr
    assert taken.stdout.count("\n") >= 8


@pytest.mark.capability("A24", "A37")
def test_a_morning_in_the_back_office_ends_as_it_says(
    demo: Demo, require_service: Callable[[str], None]
) -> None:
    require_service("chromium")

    taken = take(JOURNEYS / "back_office.py", demo)

    assert taken.returncode == 0, taken.stdout + taken.stderr
    assert len(list((demo.folder / "screens").glob("*.png"))) >= 20


def test_a_journey_that_meets_something_else_stops(demo: Demo, tmp_path: Path) -> None:
    """The control: without the codes the journey cannot go on, and says so."""
    lost = subprocess.run(
        [sys.executable, "-c", LOST, str(JOURNEYS), f"http://127.0.0.1:{demo.port}", str(tmp_path)],
        check=False,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )

    assert lost.returncode == 1
    assert "No code came to" in lost.stderr


LOST = """
import pathlib, sys
sys.path.insert(0, sys.argv[1])
import identity
identity.PATIENCE_SECONDS = 1
identity.travel(sys.argv[2], pathlib.Path(sys.argv[3]))
"""
