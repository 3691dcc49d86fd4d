"""Developments of a larger demo, put together by chance: the same ones for the same number.

What a development holds depends on the seed's number and its own alone, so a larger community
contains the smaller ones. They have neither pictures nor 3D models.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

from django.db.models import Model
from django.utils.text import slugify

from accounts.choices import MembershipRole, OrganizationKind
from accounts.demo import table as accounts_table
from accounts.demo_rows import membership, organization
from accounts.models import Organization, User
from catalog.choices import DevelopmentStatus, PhaseStatus, UnitStatus
from catalog.demo_rows import plan_template
from catalog.models import Development, ProgressPhase, Unit
from config.shared.seeding import BLOCK, Seed

PEOPLE_PER_DEVELOPMENT = 1250
DEVELOPMENTS_PER_BUILDER = 4
BLOCKS, FLOORS, ROW = ("A", "B"), 25, ("1", "2", "1", "S", "3", "3", "S", "1", "2", "2")
# Type, bedrooms, bathrooms, square metres, price in thousands.
TYPES: Mapping[str, tuple[str, int, int, int, int]] = {
    "S": ("studio", 0, 1, 44, 780),
    "1": ("apartment", 1, 1, 70, 1240),
    "2": ("apartment", 2, 2, 112, 1960),
    "3": ("apartment", 3, 3, 158, 2880),
}
STATES = (
    DevelopmentStatus.SELLING,
    DevelopmentStatus.UNDER_CONSTRUCTION,
    DevelopmentStatus.UNDER_CONSTRUCTION,
    DevelopmentStatus.READY,
)
# Of a hundred units, so many are in each state; the others are free.
FATES = ((18, UnitStatus.SOLD), (30, UnitStatus.RESERVED), (31, UnitStatus.BLOCKED))
LAUNCHED_DAYS = 200
PHASES = ("Foundations", "Structure", "Facade", "Handover")
PLAN = (
    {"label": "Deposit", "percent": "10", "due": {"rule": "deposit"}},
    {"label": "After 60 days", "percent": "20", "due": {"rule": "days", "days": 60}},
    {"label": "Structure", "percent": "30", "due": {"rule": "phase", "phase": "Structure"}},
    {"label": "Handover", "balance": True, "due": {"rule": "handover"}},
)
AMENITIES = ("Pool", "Gym", "Garden", "Concierge", "Play area", "Charging points", "Library")
RATES = {"AED": 1, "INR": 12}


class Team(NamedTuple):
    """A builder with its founder, its seller and its bookkeeper."""

    firm: Organization
    owner: User
    seller: User
    finance: User


def generated(seed: Seed) -> range:
    """The numbers of the developments that chance puts together."""
    return range(0 if seed.people <= BLOCK else seed.people // PEOPLE_PER_DEVELOPMENT)


def add_generated(seed: Seed) -> None:
    """Add the generated developments that are not there yet, each in a transaction of its own."""
    numbers = generated(seed)
    keys = {number: development_key(seed, number) for number in numbers}
    there = set(Development.objects.filter(pk__in=keys.values()).values_list("pk", flat=True))
    for number in numbers:
        seed.step("developments", number / len(numbers))
        if keys[number] not in there:
            seed.add(rows_of(seed, number))


def development_key(seed: Seed, number: int) -> Any:
    """The key of a generated development."""
    return seed.key("development", number)


def people_of(seed: Seed, number: int, places: Sequence[int]) -> list[User]:
    """The people at these places of the block that a development belongs to, in their order."""
    first = (1 + number * PEOPLE_PER_DEVELOPMENT // BLOCK) * BLOCK
    keys = [seed.key("person", first + place) for place in places]
    found = User.objects.in_bulk(keys)
    return [found[key] for key in keys if key in found]


def team_for(seed: Seed, number: int) -> Team:
    """The builder of a development; several in a row have the same one."""
    first = number - number % DEVELOPMENTS_PER_BUILDER
    owner, seller, finance = people_of(seed, first, (0, 1, 2))
    chance = seed.random("builder", first)
    words = {
        **_district(first),
        "kind": OrganizationKind.BUILDER,
        "name": f"{owner.last_name} & {seller.last_name} Homes {first}",
        "registration_no": f"DEV-{first:06d}",
        "description": "",
        "established": chance.randrange(1970, 2024),
        "verified": True,
    }
    return Team(
        organization(seed, "builder", first, founder=owner, words=words), owner, seller, finance
    )


def rows_of(seed: Seed, number: int) -> Iterator[Model]:
    """A development with its builder, phases and units."""
    chance = seed.random("development", number)
    team = team_for(seed, number)
    roles = (MembershipRole.OWNER, MembershipRole.SALES, MembershipRole.FINANCE)
    yield team.firm
    for person, role in zip(team[1:], roles, strict=True):
        yield membership(seed, team.firm, person, role=role, inviter=team.owner)
    made = _development(seed, number, team, chance)
    yield made
    yield from _phases(seed, number, made)
    yield from _units(seed, number, made, chance)


def _district(number: int) -> dict[str, Any]:
    districts: list[dict[str, Any]] = accounts_table("names")["districts"]
    return districts[number % len(districts)]


def _development(seed: Seed, number: int, team: Team, chance: Random) -> Development:
    district, names = _district(number), accounts_table("names")
    lat, lng = (round(degrees + chance.uniform(-0.05, 0.05), 6) for degrees in district["place"])
    indian = district["country"] == "IN"
    name = f"{chance.choice(names['houses'])} {chance.choice(names['forms'])} {number + 1}"
    status = STATES[number % len(STATES)]
    done = status == DevelopmentStatus.READY
    return Development(
        id=development_key(seed, number),
        builder=team.firm,
        name=name,
        slug=f"{slugify(name)}-{seed.number}",
        status=status,
        is_selling=True,
        description=f"{len(BLOCKS) * FLOORS * len(ROW)} homes in {district['neighborhood']}.",
        address=f"Plot {chance.randrange(1, 900)}, {district['neighborhood']}",
        city=district["city"],
        country=district["country"],
        lat=lat,
        lng=lng,
        amenities=chance.sample(AMENITIES, 4),
        launch_date=seed.today - timedelta(days=LAUNCHED_DAYS),
        expected_completion=seed.today + timedelta(days=-10 if done else 400),
        actual_completion=seed.today - timedelta(days=10) if done else None,
        permit_no=f"PRJ-{number:06d}",
        time_zone="Asia/Kolkata" if indian else "Asia/Dubai",
        currency="INR" if indian else "AED",
        plan_template=plan_template(seed, str(number), PLAN),
        created_by=team.owner,
        created_at=seed.ago(days=LAUNCHED_DAYS + 5),
    )


def _phases(seed: Seed, number: int, of: Development) -> Iterator[ProgressPhase]:
    """Four phases: as many are completed as the state of the development says."""
    order = (
        DevelopmentStatus.SELLING,
        DevelopmentStatus.UNDER_CONSTRUCTION,
        DevelopmentStatus.READY,
    )
    completed = (0, 2, len(PHASES))[order.index(DevelopmentStatus(of.status))]
    for place, name in enumerate(PHASES):
        done = place < completed
        begin = seed.today - timedelta(days=180 - 40 * place)
        yield ProgressPhase(
            id=seed.key("phase", number, name),
            development=of,
            name=name,
            order=place + 1,
            weight=Decimal(25),
            planned_start=begin,
            planned_end=begin + timedelta(days=40),
            actual_start=begin if done else None,
            actual_end=begin + timedelta(days=40) if done else None,
            percent=Decimal(100 if done else 0),
            status=PhaseStatus.COMPLETED if done else PhaseStatus.PLANNED,
            created_at=of.created_at,
        )


def _units(seed: Seed, number: int, of: Development, chance: Random) -> Iterator[Unit]:
    for block in BLOCKS:
        for floor in range(1, FLOORS + 1):
            for place, code in enumerate(ROW, 1):
                kind, bedrooms, bathrooms, area, price = TYPES[code]
                drawn = chance.randrange(100)
                fate = next((state for below, state in FATES if drawn < below), "")
                yield Unit(
                    id=seed.key("unit", number, block, floor, place),
                    development=of,
                    block=block,
                    floor=floor,
                    number=f"{floor}{place:02d}",
                    unit_type=kind,
                    bedrooms=bedrooms,
                    bathrooms=bathrooms,
                    area=Decimal(area),
                    price=Decimal((price + 9 * floor) * 1000 * RATES[of.currency]),
                    currency=of.currency,
                    status=fate or UnitStatus.AVAILABLE,
                    features={"type": code},
                    created_at=of.created_at,
                )
