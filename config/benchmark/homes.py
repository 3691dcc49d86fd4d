"""Homes that are measured: a tower of a thousand units, and three hundred that all want at once."""

import json
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from django.db import connection
from django.db.models import Count, Model

from accounts.choices import OrganizationKind
from accounts.models import Organization, User
from accounts.services.facts import RequestFacts
from accounts.services.sessions import open_session
from accounts.services.tokens import issue_tokens
from bookings.choices import LIVE_BOOKINGS, ClaimSubject
from bookings.models import Booking, ClaimLog
from catalog.choices import DevelopmentStatus
from catalog.models import Development, Unit
from config.benchmark import database, processes
from config.benchmark.load import Answers, Ask, race
from config.benchmark.server import Running
from config.shared.clock import database_now
from config.shared.triggers import reset_allowed

MARK = "Bench"
TOWER_UNITS = 1_000
WANTED_UNITS = 300
CLIENTS = 32
DAY_OF_HOLDS = 1_440
JSON = ("Content-Type", "application/json")


@dataclass(frozen=True, slots=True)
class Homes:
    """What there is to be looked at and to be held."""

    tower: Development
    wanted: Development


@dataclass(frozen=True, slots=True)
class Contention:
    """What became of so many clients wanting the same units.

    ``held`` units have exactly one live booking, ``doubled`` ones more; both are counted in the
    database afterwards. Rates are claims per second, won and lost.
    """

    clients: int
    units: int
    asked: int
    held: int
    doubled: int
    lost: int
    failed: int
    claims_per_second: float
    p95_ms: float
    server_cpu_ms: float
    database_cpu_ms: float | None

    @property
    def is_exact(self) -> bool:
        return (self.held, self.doubled, self.failed) == (self.units, 0, 0)


@contextmanager
def bench_homes(*, wanted: int = WANTED_UNITS) -> Iterator[Homes]:
    """Developments of the benchmark's own, which are gone afterwards with all their bookings.

    ``wanted`` is the number of units that everybody will ask for.
    """
    remove_bench_homes()
    firm = Organization.objects.create(
        kind=OrganizationKind.BUILDER, name=f"{MARK} Builders", verified_at=database_now()
    )
    try:
        yield Homes(
            tower=_development(firm, "Tower", TOWER_UNITS),
            wanted=_development(firm, "Rush", wanted),
        )
    finally:
        remove_bench_homes()


def remove_bench_homes() -> None:
    """Delete what a run, also one that was killed, has left."""
    found = Development.objects.filter(builder__name=f"{MARK} Builders", name__startswith=MARK)
    developments = list(found.values_list("pk", flat=True))
    units = Unit.objects.filter(development__in=developments)
    with reset_allowed():
        ClaimLog.objects.filter(
            subject=ClaimSubject.UNIT, object_id__in=units.values("pk")
        ).delete()
        Booking.objects.filter(development__in=developments).delete()
        units.delete()
        Development.objects.filter(pk__in=developments).delete()
        Organization.objects.filter(name=f"{MARK} Builders").delete()


def contend(people: Sequence[User], homes: Homes, server: Running) -> Contention:
    """Let 32 clients ask for each of the wanted units, everybody in an order of their own."""
    units = [str(pk) for pk in homes.wanted.units.values_list("pk", flat=True)]
    asks = [_asks(people[number % len(people)], units, number) for number in range(CLIENTS)]
    root = database.postmaster()
    web, base = processes.cpu_seconds(server.pid), processes.cpu_seconds(root) if root else None
    answers = race(port=server.port, asks=asks)
    web = processes.cpu_seconds(server.pid) - web
    spent = processes.cpu_seconds(root) - base if root and base is not None else None
    return _outcome(homes, answers, web, spent)


def _asks(person: User, units: Sequence[str], number: int) -> list[Ask]:
    session = open_session(user=person, amr={"pwd"}, facts=RequestFacts())
    token = issue_tokens(user=person, session=session).access_token
    mine = list(units)
    random.Random(number).shuffle(mine)
    return [
        Ask(
            "POST",
            "/api/v1/bookings/",
            (JSON, ("Authorization", f"Bearer {token}"), ("Idempotency-Key", uuid4().hex)),
            json.dumps({"unit": unit}).encode(),
        )
        for unit in mine
    ]


def _outcome(homes: Homes, answers: Answers, web: float, spent: float | None) -> Contention:
    live = (
        Booking.objects.filter(development=homes.wanted, status__in=LIVE_BOOKINGS)
        .order_by()
        .values("unit")
        .annotate(number=Count("pk"))
        .values_list("number", flat=True)
    )
    numbers = list(live)
    count = max(1, len(answers.latencies))
    expected = answers.statuses[201] + answers.statuses[409]
    return Contention(
        clients=CLIENTS,
        units=homes.wanted.units.count(),
        asked=len(answers.latencies),
        held=numbers.count(1),
        doubled=len(numbers) - numbers.count(1),
        lost=answers.statuses[409],
        failed=len(answers.latencies) - expected,
        claims_per_second=round(answers.per_second, 1),
        p95_ms=round(answers.percentile(0.95), 2),
        server_cpu_ms=round(web / count * 1000, 2),
        database_cpu_ms=None if spent is None else round(spent / count * 1000, 2),
    )


def _development(firm: Organization, name: str, units: int) -> Development:
    development = Development.objects.create(
        builder=firm,
        name=f"{MARK} {name}",
        slug=f"bench-{name.lower()}",
        city="Dubai",
        lat=25.08,
        lng=55.14,
        status=DevelopmentStatus.SELLING,
        is_selling=True,
        hold_minutes=DAY_OF_HOLDS,
        max_holds_per_user=100,
        launch_date=(database_now() - timedelta(days=30)).date(),
    )
    Unit.objects.bulk_create(_unit(development, number) for number in range(units))
    return development


def _unit(development: Development, number: int) -> Unit:
    floor = 1 + number // 10
    return Unit(
        development=development,
        block="A",
        floor=floor,
        number=f"{floor}{number % 10:02d}",
        bedrooms=1 + number % 4,
        bathrooms=1 + number % 3,
        price=Decimal(800_000 + 5_000 * floor),
        currency="AED",
    )


def analyse() -> None:
    """Let the planner know of the rows that were just made."""
    tables: list[type[Model]] = [Unit, Development]
    with connection.cursor() as cursor:
        for model in tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
