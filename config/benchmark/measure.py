"""One measurement of one case, and the medians of several."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from django.test import Client

from config.benchmark import database, processes
from config.benchmark.cases import Case
from config.benchmark.load import Answers, Ask, drive
from config.benchmark.server import Running


@dataclass(frozen=True, slots=True)
class Figures:
    """One row of the table; times in milliseconds, memory in megabytes."""

    case: str
    requests_per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    refused: int
    queries_default: int
    queries_credentials: int
    server_cpu_ms: float
    database_cpu_ms: float | None
    memory_mb: float
    database_limit_per_second: float | None
    share_of_limit: float | None
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Round:
    """What one bounded load brought."""

    answers: Answers
    server_cpu: float
    database_cpu: float | None
    limit: float | None

    @property
    def count(self) -> int:
        return max(1, len(self.answers.latencies))


def play(case: Case, server: Running, *, seconds: float, statements: Sequence[str]) -> Round:
    """Drive the server with ``case`` for ``seconds``, then the bare database with its SQL."""
    root = database.postmaster()
    web, base = processes.cpu_seconds(server.pid), processes.cpu_seconds(root) if root else None
    answers = drive(port=server.port, asks=case.asks, seconds=seconds)
    web = processes.cpu_seconds(server.pid) - web
    spent = processes.cpu_seconds(root) - base if root and base is not None else None
    limit = database.limit_of(
        statements, clients=len(case.asks), seconds=max(1, round(seconds / 2))
    )
    return Round(answers, web, spent, limit)


def figures(case: Case, rounds: Sequence[Round], server: Running, queries: Any) -> Figures:
    """The medians of ``rounds`` (Performance: everything is a median of several)."""
    rate = median(one.answers.per_second for one in rounds)
    limits = [one.limit for one in rounds if one.limit is not None]
    spent = [one.database_cpu / one.count for one in rounds if one.database_cpu is not None]
    limit = median(limits) if limits else None
    return Figures(
        case=case.name,
        requests_per_second=round(rate, 1),
        p50_ms=_middle(rounds, 0.50),
        p95_ms=_middle(rounds, 0.95),
        p99_ms=_middle(rounds, 0.99),
        refused=sum(_refused(one.answers) for one in rounds),
        queries_default=len(queries["default"]),
        queries_credentials=len(queries["credentials"]),
        server_cpu_ms=round(median(one.server_cpu / one.count for one in rounds) * 1000, 2),
        database_cpu_ms=round(median(spent) * 1000, 2) if spent else None,
        memory_mb=round(processes.memory_megabytes(server.pid), 1),
        database_limit_per_second=round(limit, 1) if limit else None,
        share_of_limit=round(rate / limit, 3) if limit else None,
        note=case.note,
    )


def queries_of(ask: Ask) -> dict[str, list[str]]:
    """The statements of one request, answered in this process."""
    client = Client(SERVER_NAME="127.0.0.1")
    headers = {name: value for name, value in ask.headers if name != "Content-Type"}

    def call() -> None:
        client.generic(ask.method, ask.path, ask.body, "application/json", headers=headers)

    # The first request fills the caches that live as long as the process.
    call()
    return database.queries_of(call)


def _middle(rounds: Sequence[Round], share: float) -> float:
    return round(median(one.answers.percentile(share) for one in rounds), 2)


def _refused(answers: Answers) -> int:
    return sum(count for status, count in answers.statuses.items() if status >= 400)
