"""``bench``: how fast Courtyard is on this machine, measured and not guessed."""

import json
import os
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from accounts.models import User
from config.benchmark.cases import bench_people, cases
from config.benchmark.homes import WANTED_UNITS, Contention, analyse, bench_homes, contend
from config.benchmark.market import bench_market, remove_bench_market
from config.benchmark.measure import Figures, figures, play, queries_of
from config.benchmark.server import Running, serve
from config.benchmark.sockets import Live, measure_sockets
from config.shared.version import VERSION

READS = (
    *("sign-in", "auth/me", "contractors", "developments", "units", "stacking"),
    *("products", "product search", "products near", "product", "conversations", "message"),
)
HOLDS = "holds"
SOCKETS = "sockets"
CASES = (*READS, HOLDS, SOCKETS)
COLUMNS = (
    ("case", "case"),
    ("requests/s", "requests_per_second"),
    ("p50 ms", "p50_ms"),
    ("p95 ms", "p95_ms"),
    ("p99 ms", "p99_ms"),
    ("refused", "refused"),
    ("queries", "queries_default"),
    ("on credentials", "queries_credentials"),
    ("CPU ms, server", "server_cpu_ms"),
    ("CPU ms, database", "database_cpu_ms"),
    ("MB a process", "memory_mb"),
    ("bare SQL/s", "database_limit_per_second"),
    ("share of it", "share_of_limit"),
)


class Command(BaseCommand):
    """Starts a real server, drives it, and prints the table of ``docs/performance.md``."""

    help = "Measure requests per second, latency, queries, processor time and memory."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seconds", type=float, default=4.0, help="Of load, per round.")
        parser.add_argument("--rounds", type=int, default=3, help="The table shows medians.")
        parser.add_argument("--connections", type=int, default=16)
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
        parser.add_argument("--case", action="append", choices=CASES, help="Only these.")
        parser.add_argument(
            "--units", type=int, default=WANTED_UNITS, help="That everybody wants, for holds."
        )
        parser.add_argument("--sockets", type=int, default=1000, help="Opened at once.")
        parser.add_argument("--json", type=Path, metavar="FILE", help="Also write it here.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would be measured, and start nothing."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._refuse(options)
        wanted = options["case"] or CASES
        if options["dry_run"]:
            seconds = options["seconds"] * options["rounds"] * len(wanted)
            self.stdout.write(f"{', '.join(wanted)}: {seconds:g} seconds of load.")
            self.stdout.write("Nothing was started.")
            return
        reads = [name for name in READS if name in wanted]
        rush, live = None, None
        # Nobody can be removed before what a killed run let them sell and say.
        remove_bench_market()
        with ExitStack() as stack:
            people = stack.enter_context(bench_people())
            homes = stack.enter_context(bench_homes(wanted=options["units"]))
            market = stack.enter_context(bench_market(people))
            analyse()
            server = stack.enter_context(serve(workers=options["workers"]))
            made = cases(people, homes, market, connections=options["connections"])
            rows = [self._measure(made[name](), server, options) for name in self._told(reads)]
            if HOLDS in wanted:
                rush = contend(people, homes, server)
        if SOCKETS in wanted:
            live = measure_sockets(options["sockets"])
        self._show(rows)
        self._show_one("Holds: everybody wants every unit at once", rush)
        self._show_one("Sockets of one process", live)
        if options["json"]:
            document = [row.as_dict() for row in rows]
            document += [{"case": HOLDS, **asdict(rush)}] if rush else []
            document += [{"case": SOCKETS, **asdict(live)}] if live else []
            options["json"].write_text(json.dumps(document, indent=2) + "\n")
        if rush and not rush.is_exact:
            raise CommandError("Units were held twice or not at all, or requests failed.")

    def _told(self, wanted: Sequence[str]) -> Iterator[str]:
        """The cases one by one, with a bar of progress on a terminal."""
        hidden = not self.stderr.isatty()
        with Progress(console=Console(stderr=True), transient=True, disable=hidden) as bar:
            yield from bar.track(wanted, description="Measuring")

    def _refuse(self, options: dict[str, Any]) -> None:
        if not 0.2 <= options["seconds"] <= 60 or not 1 <= options["rounds"] <= 20:
            raise CommandError("Choose 0.2 to 60 seconds and 1 to 20 rounds.")
        if not 1 <= options["connections"] <= 64 or not 1 <= options["workers"] <= 64:
            raise CommandError("Choose 1 to 64 connections and 1 to 64 workers.")
        if not 1 <= options["units"] <= 1_000:
            raise CommandError("Choose 1 to 1,000 units.")
        if not 1 <= options["sockets"] <= 10_000:
            raise CommandError("Choose 1 to 10,000 sockets.")
        if os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith("production"):
            raise CommandError("The benchmark adds people and load: not on a site in use.")

    def _measure(self, case: Any, server: Running, options: dict[str, Any]) -> Figures:
        queries = queries_of(case.asks[0][0])
        statements = [] if queries["credentials"] or case.writes else queries["default"]
        rounds = [
            play(case, server, seconds=options["seconds"], statements=statements)
            for _ in range(options["rounds"])
        ]
        return figures(case, rounds, server, queries)

    def _show_one(self, title: str, found: Contention | Live | None) -> None:
        if found is None:
            return
        table = Table(title=title)
        values = asdict(found)
        for name in values:
            table.add_column(name.replace("_", " "), justify="right")
        table.add_row(*("–" if value is None else str(value) for value in values.values()))
        Console(width=170, highlight=False).print(table)

    def _show(self, rows: list[Figures]) -> None:
        if not rows:
            return
        table = Table(title=f"{User.objects.count():,} people, {VERSION}")
        for heading, _ in COLUMNS:
            table.add_column(heading, justify="left" if heading == "case" else "right")
        for row in rows:
            values = row.as_dict()
            shown = (values[name] for _, name in COLUMNS)
            table.add_row(*("–" if value is None else str(value) for value in shown))
        console = Console(width=170, highlight=False)
        console.print(table)
        for row in rows:
            if row.note:
                console.print(f"{row.case}: {row.note}")
