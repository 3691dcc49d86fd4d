from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.shared.flows import Flow, flow_docs, flow_docs_path, write_flow_docs


class Command(BaseCommand):
    """Draws the state machines into the docs."""

    help = "Write docs/flows.md from the flows that the services obey."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="Write nothing; fail if the page is out of date."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = flow_docs_path()
        if options["check"]:
            if not path.exists() or path.read_text(encoding="utf-8") != flow_docs():
                raise CommandError(f"{path} is out of date: run python manage.py draw_flows.")
        else:
            write_flow_docs()
        done = "Checked" if options["check"] else "Drew"
        self.stdout.write(f"{done} {len(Flow.registered())} flows in {path}.")
