"""What is measured: requests of people who are in the databases."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from accounts.choices import Role, UserStatus
from accounts.credentials.models import Credential, Session
from accounts.models import User
from accounts.services.facts import RequestFacts
from accounts.services.sessions import open_session
from accounts.services.tokens import issue_tokens
from config.benchmark.homes import Homes
from config.benchmark.load import Ask
from config.benchmark.market import WRITES, Market, market_asks

PASSWORD = "a benchmark's own password"  # noqa: S105 - of accounts that live for one run
MARK = "bench:"
NUMBER = 16
JSON = (("Content-Type", "application/json"),)
DIRECTORY = "/api/v1/contractors/?page_size=20"
DEVELOPMENTS = "/api/v1/developments/?is_selling=true&page_size=20"
UNITS = "/api/v1/units/?bedrooms=2&status=available&price_max=1200000&page_size=20"


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that is measured.

    Args:
        name: what it is called in the table.
        asks: for each connection, the requests that it repeats.
        note: what the figures have to be read with.
        writes: whether it changes something; its SQL is not played on its own then.
    """

    name: str
    asks: Sequence[Sequence[Ask]]
    note: str = ""
    writes: bool = False


@contextmanager
def bench_people() -> Iterator[list[User]]:
    """People of the benchmark's own, who are gone afterwards."""
    encoded = make_password(PASSWORD)
    people = [
        User(
            external_subject=f"{MARK}{number}",
            username=f"bench-person-{number}",
            full_name=f"Bench {number}",
            phone_number=f"+9715999{number:05d}",
            phone_verified=True,
            status=UserStatus.ACTIVE,
            is_active=True,
            roles=[Role.RESIDENT],
        )
        for number in range(NUMBER)
    ]
    remove_bench_people()
    User.objects.bulk_create(people)
    for person in people:
        Credential.objects.upsert_hash(user_id=person.pk, password_hash=encoded)
    try:
        yield people
    finally:
        remove_bench_people()


def remove_bench_people() -> None:
    """Delete what a run, also one that was killed, has left; the audit stays, as it must."""
    keys = list(User.objects.filter(external_subject__startswith=MARK).values_list("pk", flat=True))
    Session.objects.filter(user_id__in=keys).delete()
    Credential.objects.filter(pk__in=keys).delete()
    User.objects.filter(pk__in=keys).delete()


def cases(
    people: Sequence[User], homes: Homes, market: Market, *, connections: int
) -> dict[str, Callable[[], Case]]:
    """Every case by name; each is made when it is wanted."""
    tower = f"/api/v1/developments/{homes.tower.pk}"
    return {
        "sign-in": lambda: _sign_in(people),
        "auth/me": lambda: _me(people, connections),
        "contractors": lambda: _read("contractors", DIRECTORY, connections),
        "developments": lambda: _read("developments", DEVELOPMENTS, connections),
        "units": lambda: _read("units", UNITS, connections),
        "stacking": lambda: _read(
            "stacking", f"{tower}/stacking/", connections, "a plan of 1,000 units"
        ),
        **{
            name: lambda name=name, asks=asks: Case(  # type: ignore[misc]
                name, asks(), writes=name in WRITES
            )
            for name, asks in market_asks(market, connections=connections).items()
        },
    }


def _sign_in(people: Sequence[User]) -> Case:
    """One connection per hash that a process does at once; each signs another person in."""
    asks = []
    for half in (people[::2], people[1::2]):
        bodies = [{"identifier": person.username, "password": PASSWORD} for person in half]
        asks.append(
            [Ask("POST", "/api/v1/auth/login/", JSON, json.dumps(body).encode()) for body in bodies]
        )
    return Case("sign-in", asks, "Argon2id (19 MiB, t=2) is most of it; 2 connections")


def _me(people: Sequence[User], connections: int) -> Case:
    asks = []
    for number in range(connections):
        person = people[number % len(people)]
        session = open_session(user=person, amr={"pwd"}, facts=RequestFacts())
        token = issue_tokens(user=person, session=session).access_token
        asks.append([Ask("GET", "/api/v1/auth/me/", (("Authorization", f"Bearer {token}"),))])
    return Case("auth/me", asks)


def _read(name: str, path: str, connections: int, note: str = "") -> Case:
    """What everybody may read, without signing in."""
    return Case(name, [[Ask("GET", path)] for _ in range(connections)], note)
