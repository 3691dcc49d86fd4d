"""``demo``: a whole Courtyard with people in it, on a machine that has nothing but Python."""

import os
import signal
import socket
import sys
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from rich.console import Console
from rich.table import Table

from config.embedded_postgres.base import DatabaseWrapper, server_for
from config.management.community import build_community
from config.shared.seeding import SCALES, DemoAccount
from config.shared.supervisor import GivenUpError, Program, Supervisor

HOST = "127.0.0.1"
LINGER_SECONDS = 0
GONE_SECONDS = 30
WIDTH = 160
LINKS = (
    ("API, to try out", "docs/"),
    ("API, to read", "redoc/"),
    ("API, as OpenAPI", "api/v1/schema/"),
    ("Back office", settings.ADMIN_PATH),
    ("Health", "api/v1/health/"),
)


class StoppedError(Exception):
    """Ctrl-C or SIGTERM while things are being prepared."""


class Command(BaseCommand):
    """Starts database, web and worker, fills in a community, and says whom to sign in as."""

    help = "Start everything, with a community in it. Ctrl-C stops it; its data stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="Where the web is served.")
        parser.add_argument("--no-seed", action="store_true", help="Add no people.")
        parser.add_argument("--seed", type=int, default=1, metavar="N", help="See `seed`.")
        parser.add_argument("--scale", choices=SCALES, default="small", help="See `seed`.")

    def handle(self, *args: Any, **options: Any) -> None:
        width = None if sys.stdout.isatty() else WIDTH
        self.console = Console(file=sys.stdout, highlight=False, soft_wrap=True, width=width)
        refuse_taken_port(options["port"])
        on_stop(interrupt)
        try:
            accounts = self.prepare(options)
            self.serve(options["port"], accounts)
        except StoppedError:
            self.say("Stopped before everything was ready.")
        finally:
            leave_databases()

    def prepare(self, options: dict[str, Any]) -> list[DemoAccount]:
        """Bring both databases up to date and fill them; gives the accounts to sign in as."""
        for connection in connections.all():
            connection.settings_dict["EMBEDDED_LINGER"] = LINGER_SECONDS
        self.say("Bringing both databases up to date …")
        call_command("migrate", verbosity=0, interactive=False)
        if options["no_seed"]:
            return []
        self.say(f"Filling in {SCALES[options['scale']]:,} people …")
        seed = build_community(
            number=options["seed"], scale=options["scale"], console=Console(stderr=True)
        )
        connections.close_all()
        return seed.accounts

    def serve(self, port: int, accounts: Sequence[DemoAccount]) -> None:
        """Run web and worker until asked to stop."""
        supervisor = Supervisor(programs(port), say=self.say)
        on_stop(supervisor.stop)
        try:
            supervisor.start()
            if supervisor.run(until=lambda: answers(port)):
                self.welcome(port, accounts)
                supervisor.run()
        except GivenUpError as error:
            raise CommandError(f"{error} The end of its log:\n{error.tail}") from error
        finally:
            supervisor.stop_all()
        self.say("Stopped. The data stays for the next time.")

    def welcome(self, port: int, accounts: Sequence[DemoAccount]) -> None:
        """Print whom to sign in as, and where."""
        if accounts:
            table = Table(box=None)
            table.add_column("sign in as", no_wrap=True)
            table.add_column("or by a code to", no_wrap=True)
            table.add_column("who this is")
            for account in accounts:
                roles = ", ".join(account.staff_groups or account.roles)
                about = f"{account.name} ({roles}): {account.note}"
                table.add_row(account.identifier, account.phone_number, about)
            self.console.print(table, soft_wrap=False)
            self.say(f"Everybody's password: {accounts[0].password}")
        address = f"http://{HOST}:{port}/"
        self.say(f"Courtyard is ready at {address}")
        for name, path in LINKS:
            self.say(f"  {name}: {address}{path}")
        self.say(f"  Codes, SMS and e-mails: {outbox()}")
        self.say(f"  Logs: {logs()}")
        self.say("Ctrl-C stops it; the data stays for the next time.")

    def say(self, sentence: str) -> None:
        """A sentence for people, at once."""
        self.console.print(sentence, markup=False)


def outbox() -> Path:
    """Where what is sent to people is written instead."""
    return settings.DATA_DIR / "outbox"


def logs() -> Path:
    """Where web and worker write what they do."""
    return settings.DATA_DIR / "logs"


def programs(port: int) -> list[Program]:
    """The web server and the worker."""
    for folder in (outbox(), logs()):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    web = [sys.executable, "-m", "granian", "--interface", "asginl", "--host", HOST]
    web += ["--port", str(port), "--workers", "1", "--respawn-failed-workers"]
    web += ["--workers-kill-timeout", "5", "--log-level", "warning", "config.asgi:application"]
    worker = [sys.executable, "manage.py", "worker"]
    return [
        Program(
            name=name,
            command=command,
            log=logs() / f"{name}.log",
            environment=environment(port),
            folder=settings.BASE_DIR,
        )
        for name, command in (("worker", worker), ("web", web))
    ]


def environment(port: int) -> dict[str, str]:
    """What the programs find in their environment; what the operator has set there wins."""
    ours = {
        "DEBUG": "false",
        "PUBLIC_BASE_URL": f"http://{HOST}:{port}",
        "EMAIL_URL": f"filemail://{outbox()}",
        "SMS_BACKEND": "file",
    }
    fixed = {
        "DATA_DIR": str(settings.DATA_DIR),
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
    }
    return ours | os.environ | fixed


def refuse_taken_port(port: int) -> None:
    """Raise ``CommandError`` unless this process could serve at ``port``."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Port {port} cannot be used ({getattr(error, 'strerror', None) or error}): "
                "end the program that has it, or choose another with --port."
            ) from error


def answers(port: int) -> bool:
    """Whether the web serves."""
    try:
        address = f"http://{HOST}:{port}/api/v1/health/ready/"
        with urllib.request.urlopen(address, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def on_stop(act: Callable[[], Any]) -> None:
    """Let Ctrl-C and SIGTERM call ``act``."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: act())


def interrupt() -> NoReturn:
    """End what is being prepared."""
    raise StoppedError


def leave_databases() -> None:
    """Close connections, and wait until an embedded server that nobody else uses is gone."""
    connections.close_all()
    for connection in connections.all():
        if isinstance(connection, DatabaseWrapper):
            server_for(connection.settings_dict).leave(seconds=GONE_SECONDS)
