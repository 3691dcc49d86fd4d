"""The benchmark measures a real server over real databases, and leaves nothing behind."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from config.benchmark.load import Answers
from config.management.commands.bench import CASES

SHORT = ["--seconds", "0.5", "--rounds", "1", "--connections", "4", "--workers", "1"]
SHORT += ["--units", "20", "--sockets", "40"]
LEFT = """
from accounts.models import User
from accounts.credentials.models import Credential, Session
from bookings.models import Booking, ClaimLog
from catalog.models import Development, Product, Unit
from messaging.models import Conversation, Message
print(*(model.objects.count() for model in (User, Credential, Session, Booking, ClaimLog)))
print(Development.objects.count(), Unit.objects.count())
print(Product.objects.count(), Conversation.objects.count(), Message.objects.count())
"""


def manage(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "CREDS_DATABASE_URL"}
    }
    environment |= {"DATA_DIR": str(home), "DJANGO_SETTINGS_MODULE": "config.settings.local"}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=settings.BASE_DIR,
        env=environment,
        timeout=180,
    )


def test_the_benchmark_measures_and_leaves_nobody_behind(tmp_path: Path) -> None:
    written = tmp_path / "figures.json"
    assert manage(tmp_path, "migrate", "--verbosity", "0").returncode == 0

    ran = manage(tmp_path, "bench", *SHORT, "--json", str(written))

    assert ran.returncode == 0, ran.stderr
    rows: list[dict[str, Any]] = json.loads(written.read_text())
    assert tuple(row["case"] for row in rows) == CASES
    *reads, holds, sockets = rows
    assert [row["refused"] for row in reads] == [0] * len(reads)
    assert all(row["requests_per_second"] > 0 for row in reads)
    assert all(row["server_cpu_ms"] > 0 and row["memory_mb"] > 0 for row in reads)
    assert (holds["held"], holds["doubled"], holds["failed"]) == (20, 0, 0)
    assert (sockets["sockets"], sockets["dropped"]) == (40, 0)
    assert sockets["fan_out_p95"] > 0
    me = rows[1]
    assert me["queries_credentials"] == 0
    assert 0 < me["share_of_limit"] < 1
    assert manage(tmp_path, "shell", "-v0", "-c", LEFT).stdout.split() == ["0"] * 10


@pytest.mark.parametrize(
    "wrong",
    [
        ("--seconds", "0"),
        ("--rounds", "0"),
        ("--workers", "65"),
        ("--units", "0"),
        ("--sockets", "0"),
    ],
)
def test_the_benchmark_is_bounded(wrong: tuple[str, str]) -> None:
    with pytest.raises(CommandError, match="Choose"):
        call_command("bench", *wrong)


def test_a_dry_run_says_how_long_it_would_take_and_starts_nothing() -> None:
    said = StringIO()

    call_command("bench", "--dry-run", "--case", "auth/me", "--rounds", "2", stdout=said)

    assert said.getvalue() == "auth/me: 8 seconds of load.\nNothing was started.\n"


def test_percentiles_are_of_the_answers() -> None:
    answers = Answers(seconds=2.0, latencies=[0.001 * number for number in range(1, 101)])

    assert answers.per_second == 50
    assert round(answers.percentile(0.5)) == 51
    assert round(answers.percentile(0.99)) == 100
    assert Answers().percentile(0.5) == 0.0
