"""Blocks of fifty neighbours, put together by chance: the same ones for the same number.

What a block holds depends on the seed's number and its own alone, so a larger community contains
the smaller ones.
"""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from django.db.models import Model

from accounts.choices import (
    MembershipRole,
    OrganizationKind,
    ResidencyRelation,
    ResidencyStatus,
    Role,
    UserStatus,
    VerificationStatus,
)
from accounts.demo_papers import papers, verification
from accounts.demo_rows import (
    building,
    connection,
    membership,
    no_password,
    organization,
    person,
    residency,
)
from accounts.models import Building, Profile, User
from config.shared.seeding import BLOCK, Seed

RELATIONS = (ResidencyRelation.OWNER, ResidencyRelation.TENANT, ResidencyRelation.FAMILY)
# Of a hundred homes, so many are in each state; the others have no home yet.
STATES = (
    (70, ResidencyStatus.VERIFIED),
    (80, ResidencyStatus.CLAIMED),
    (84, ResidencyStatus.REJECTED),
    (90, ResidencyStatus.ENDED),
)
METHODS = ("committee", "code", "document")
CONTRACTORS = range(3, 8)
FOLLOWED = 3


def neighbours(
    seed: Seed, houses: Sequence[Building], *, already: int, names: Mapping[str, Any]
) -> Iterator[Model]:
    """The unnamed people of the first block, at home in the buildings written by hand."""
    for index in range(already, BLOCK):
        chance = seed.random("neighbour", index)
        house = houses[index % len(houses)]
        user = somebody(seed, chance, index, names=names, **whereabouts(vars(house)))
        yield from (user, no_password(user))
        unit = f"{1 + index % 6}{'EFGH'[index % 4]}"
        yield residency(seed, house, user, unit=unit, method=chance.choice(METHODS))


def generated_block(seed: Seed, block: int, names: Mapping[str, Any]) -> Iterator[Model]:
    """A building, its society, sometimes a firm, and the fifty people in and around them."""
    chance = seed.random("block", block)
    district = names["districts"][block % len(names["districts"])]
    area = whereabouts(district)
    people = [
        somebody(
            seed,
            seed.random("neighbour", index),
            index,
            roles=roles_of(index % BLOCK, chance),
            names=names,
            **area,
        )
        for index in range(block * BLOCK, (block + 1) * BLOCK)
    ]
    yield from people
    yield from map(no_password, people)
    yield from house_of(seed, block, people, chance, names)
    yield from trade_of(seed, block, people, chance, names)
    for index, user in enumerate(people):
        for step in chance.sample(range(1, BLOCK), FOLLOWED):
            yield connection(seed, "follow", user, people[(index + step) % BLOCK])
    yield connection(seed, "block", people[10], people[20])


def roles_of(place: int, chance: Random) -> list[Role]:
    """What the person at this place of a block does in the community."""
    if place < CONTRACTORS.start:
        return [Role.RESIDENT, Role.SOCIETY]
    if place in CONTRACTORS:
        return [Role.CONTRACTOR]
    return [Role.RESIDENT, *chance.choices([Role.BUYER, Role.SELLER, Role.CUSTOMER], k=1)]


def somebody(
    seed: Seed,
    chance: Random,
    index: int,
    *,
    city: str,
    neighborhood: str,
    area: Sequence[float],
    names: Mapping[str, Any],
    roles: Sequence[Role] = (Role.RESIDENT,),
) -> User:
    """A person without a password: they sign in with a code.

    Founders and contractors came long ago; of the others, more every month.
    """
    prefix = "+9715200" if index < 100_000 else "+97154"
    digits = 5 if index < 100_000 else 7
    days = 220 + 480 * chance.random() if index % BLOCK < CONTRACTORS.stop else 1
    days += 0 if days > 1 else 680 * chance.random() ** 3
    return person(
        seed,
        index,
        name=f"{chance.choice(names['first'])} {chance.choice(names['last'])}",
        phone_number=f"{prefix}{index:0{digits}d}",
        roles=roles,
        status=UserStatus.ACTIVE,
        phone_verified=True,
        city=city,
        neighborhood=neighborhood,
        area=area,
        created_at=seed.ago(days=days),
    )


def whereabouts(words: Mapping[str, Any]) -> dict[str, Any]:
    """The city and the neighbourhood of a building or district, and the middle of it."""
    place = words["place"] if "place" in words else [words["lat"], words["lng"]]
    return {"city": words["city"], "neighborhood": words["neighborhood"], "area": place}


def unit_label(index: int) -> str:
    """A home's number: floor and letter."""
    return f"{1 + index % BLOCK // 4}{'ABCD'[index % 4]}"


def house_of(
    seed: Seed, block: int, people: Sequence[User], chance: Random, names: Mapping[str, Any]
) -> Iterator[Model]:
    """The building of a block, the society that cares for it, and who lives there."""
    district = names["districts"][block % len(names["districts"])]
    place = [round(degrees + chance.uniform(-0.03, 0.03), 6) for degrees in district["place"]]
    name = f"{chance.choice(names['houses'])} {chance.choice(names['forms'])} {block}"
    words = {
        **district,
        "place": place,
        "name": name,
        "address": f"Street {chance.randrange(1, 90)}, plot {block}",
        "floors": 13,
        "homes": BLOCK,
    }
    words_of_society = society_of(block, words, chance)
    firm = organization(seed, "society", block, founder=people[0], words=words_of_society)
    house = building(seed, block, society=None, words=words)
    house.society = firm
    yield from (firm, house)
    for index, role in enumerate((MembershipRole.OWNER, *[MembershipRole.COMMITTEE] * 2)):
        yield membership(seed, firm, people[index], role=role, inviter=people[0])
    for index, user in enumerate(people):
        if status := state_of(index, chance):
            yield residency(
                seed,
                house,
                user,
                unit=unit_label(index),
                relation=RELATIONS[index % 3],
                status=status,
                method="" if status == ResidencyStatus.CLAIMED else chance.choice(METHODS),
                decider=people[0],
            )


def society_of(block: int, house: Mapping[str, Any], chance: Random) -> dict[str, Any]:
    """The words for the society of a block's building."""
    return {
        **house,
        "kind": OrganizationKind.SOCIETY,
        "name": f"{house['name']} Residents' Association",
        "registration_no": f"OA-{block:06d}",
        "description": "",
        "established": chance.randrange(1995, 2024),
        "verified": block % 4 != 0,
    }


def state_of(index: int, chance: Random) -> str:
    """The state of a person's residency; empty for those who have none."""
    if index < CONTRACTORS.start:
        return ResidencyStatus.VERIFIED
    drawn = chance.randrange(100)
    return next((state for below, state in STATES if drawn < below), "")


def trade_of(
    seed: Seed, block: int, people: Sequence[User], chance: Random, names: Mapping[str, Any]
) -> Iterator[Model]:
    """The contractors of a block, their papers and, in every fifth block, a firm of theirs."""
    for place in CONTRACTORS:
        user = people[place]
        trade = chance.choice(names["trades"])
        yield Profile(
            id=seed.key("profile", user.pk),
            user=user,
            headline=trade.capitalize(),
            location=user.city,
            trades=[trade],
            skills=[{"name": trade.capitalize(), "years": chance.randrange(1, 30)}],
            service_radius_km=chance.choice([10, 25, 50]),
            years_experience=chance.randrange(1, 30),
            created_at=user.created_at,
        )
        yield from papers(seed, {"license": chance.randrange(-30, 700)}, holder=user)
        yield verification(seed, user, decided_state(chance), reviewer=None, purged=True)
    if block % 5 == 0:
        yield from firm_of(seed, block, people[CONTRACTORS.start : CONTRACTORS.stop], chance)


def decided_state(chance: Random) -> str:
    """Mostly approved."""
    outcomes = [VerificationStatus.APPROVED, VerificationStatus.REJECTED]
    return chance.choices(outcomes, weights=[4, 1])[0]


def firm_of(seed: Seed, block: int, members: Sequence[User], chance: Random) -> Iterator[Model]:
    """A contractors' firm; the first of ``members`` owns it."""
    words = {
        "kind": OrganizationKind.CONTRACTOR,
        "name": f"{members[0].last_name} Works {block}",
        "city": members[0].city,
        "place": [25.0 + chance.random() / 5, 55.2 + chance.random() / 5],
        "registration_no": f"CW-{block:06d}",
        "description": "",
        "established": chance.randrange(1990, 2025),
        "verified": True,
    }
    firm = organization(seed, "firm", block, founder=members[0], words=words)
    yield firm
    yield membership(seed, firm, members[0], role=MembershipRole.OWNER, inviter=members[0])
    for member in members[1:3]:
        yield membership(seed, firm, member, inviter=members[0])
