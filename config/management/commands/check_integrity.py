from dataclasses import asdict
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import Progress

from accounts.credentials.models import Credential, Passkey, Session
from accounts.models import User
from accounts.services import integrity
from accounts.services.integrity import Report
from bookings.models import Payment
from bookings.services.integrity import UnitReport, check_units
from bookings.services.money_integrity import MoneyReport, check_money
from bookings.services.product_integrity import ProductReport, check_products
from catalog.models import Product, Unit

SENTENCES = {
    "orphan_credentials": "credentials of nobody",
    "orphan_sessions": "sessions of nobody",
    "orphan_passkeys": "passkeys of nobody",
    "people_without_credential": "people without a credential",
    "stuck_registrations": "registrations that are stuck",
}


class Command(BaseCommand):
    """Compares the two databases, units and products with who claims them, payments and ledger."""

    help = (
        "Look for secrets of people who do not exist, people without a credential, registrations "
        "that are stuck, units whose state contradicts their bookings or waiting lists, products "
        "whose state contradicts their sales, and payments that contradict what gateways said or "
        "the ledger. Ends with status 1 while something does not fit."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--fix",
            action="store_true",
            help=(
                "Delete what belongs to nobody, make what is missing, finish what is stuck, and "
                "let the states of units and products follow from bookings and sales. Money is "
                "never repaired here: see reconcile_payments."
            ),
        )

        parser.add_argument(
            "--dry-run", action="store_true", help="Look only, also with --fix; nothing is changed."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        options["fix"] = options["fix"] and not options["dry_run"]
        problems = self._look("Found", repair=options["fix"])
        if options["fix"] and problems:
            problems = self._look("Left after the repair", repair=False)
        if problems:
            advice = "" if options["fix"] else " Run it with --fix to repair them."
            raise CommandError(f"{problems} rows do not fit.{advice}")

    def _look(self, what: str, *, repair: bool) -> int:
        report, units, products, money = self._check(repair=repair)
        self._say(what, report)
        self.stdout.write(
            f"{what}: {units.units} units looked at; {units.problems} whose state contradicts "
            "their bookings or waiting lists."
        )
        self.stdout.write(
            f"{what}: {products.products} products looked at; {products.problems} whose state "
            "contradicts their sales."
        )
        self.stdout.write(
            f"{what}: {money.payments} payments looked at; {money.problems} things that contradict "
            "what gateways said, or the ledger."
        )
        for sentence in money.sentences:
            self.stderr.write(sentence)
        return report.problems + units.problems + products.problems + money.problems

    def _check(self, *, repair: bool) -> tuple[Report, UnitReport, ProductReport, MoneyReport]:
        models = (Credential, Session, Passkey, User, Unit, Product, Payment)
        rows = sum(model._base_manager.count() for model in models)
        hidden = not self.stderr.isatty()
        with Progress(console=Console(stderr=True), transient=True, disable=hidden) as progress:
            bar = progress.add_task("Comparing", total=rows)
            advance = partial(progress.advance, bar)
            report = integrity.check(repair=repair, progress=advance)
            units = check_units(repair=repair, progress=advance)
            products = check_products(repair=repair, progress=advance)
            return report, units, products, check_money(progress=advance)

    def _say(self, what: str, report: Report) -> None:
        figures = asdict(report)
        self.stdout.write(
            f"{what}: {figures['people']} people and {figures['credentials']} credentials looked "
            "at; " + ", ".join(f"{figures[name]} {text}" for name, text in SENTENCES.items()) + "."
        )
