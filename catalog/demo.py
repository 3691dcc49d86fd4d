"""The developments, products and shows of the demo community: this app's part of the seed.

Those of ``catalog/demo_data`` are written by hand, with homes, phases, news, photographs and 3D
models; a larger community has more of them, put together by chance in ``catalog.demo_blocks``.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from accounts.choices import MembershipRole
from accounts.models import Building, Organization, User
from catalog.demo_blocks import add_generated
from catalog.demo_market import add_products
from catalog.demo_market_blocks import add_generated_products
from catalog.demo_pictures import add_pictures
from catalog.demo_rows import development, follow, hours, phases, team_of, units, updates
from catalog.demo_streams import add_streams
from catalog.models import Development
from config.shared.seeding import Seed

DATA = Path(__file__).resolve().parent / "demo_data"


@cache
def table() -> dict[str, Any]:
    """What ``developments.toml`` says."""
    return tomllib.loads((DATA / "developments.toml").read_text(encoding="utf-8"))


def build(seed: Seed) -> None:
    """Add developments with everything in them, and the hours of those who show them."""
    seed.step("developments", 0.0)
    for handle, words in table()["developments"].items():
        add_development(seed, handle, words)
    for handle, words in table()["hosts"].items():
        seed.add(hours(seed, person(seed, handle), words))
    people = people_of(seed)
    add_products(seed, people)
    add_streams(seed, people)
    add_generated(seed)
    add_generated_products(seed)


def add_development(seed: Seed, handle: str, words: Mapping[str, Any]) -> None:
    """Add one development of ``developments.toml``."""
    builder = Organization.objects.get(pk=seed.key("organization", words["builder"]))
    owner, site = team_of(builder, MembershipRole.OWNER), team_of(builder, MembershipRole.SITE)
    if owner is None or site is None:
        raise LookupError(f"Nobody is left of {builder}.")
    made = development(seed, handle, words, owner)
    house = house_of(seed, words)
    seed.add(
        [
            made,
            *units(seed, handle, words, made, house),
            *phases(seed, handle, words, made),
            *updates(seed, handle, words, made, site),
            *(follow(seed, made, person(seed, name)) for name in words.get("follows", ())),
        ]
    )
    found = Development.objects.get(pk=made.pk)
    if house and not found.buildings.exists():
        found.buildings.add(house)
    seed.step(f"pictures of {words['name']}", 0.0)
    add_pictures(seed, handle, words, found, owner=owner, site=site)


def house_of(seed: Seed, words: Mapping[str, Any]) -> Building | None:
    """The building that a finished development has become."""
    if "building" not in words:
        return None
    return Building.objects.get(pk=seed.key("building", words["building"]))


def person(seed: Seed, handle: str) -> User:
    """Somebody of ``accounts/demo_data/people.toml``."""
    return User.objects.get(pk=seed.key("person", handle))


def people_of(seed: Seed) -> dict[str, User]:
    """Everybody of ``accounts/demo_data/people.toml``, by their handles."""
    found = User.objects.filter(external_subject__startswith=f"demo:{seed.number}:")
    return {str(user.external_subject).split(":")[2]: user for user in found}
