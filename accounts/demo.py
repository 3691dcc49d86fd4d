"""The people, homes and organizations of the demo community: this app's part of the seed.

The first block of fifty people is written by hand (``accounts/demo_data``): two or more of every
kind, in every state, and all those whom one can sign in as. Further blocks are put together by
chance in ``accounts.demo_blocks``.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from accounts.choices import MembershipRole, Role, UserStatus
from accounts.credentials.models import Credential
from accounts.demo_blocks import generated_block, neighbours
from accounts.demo_messages import codes_and_messages
from accounts.demo_papers import papers, verifications
from accounts.demo_pictures import add_pictures
from accounts.demo_rows import (
    AUDITED,
    act,
    building,
    connection,
    decided_residency,
    membership,
    organization,
    person,
    session,
)
from accounts.groups import GRANTS, grant
from accounts.models import Profile, User
from config.shared.seeding import DemoAccount, Seed, chunks

DATA = Path(__file__).resolve().parent / "demo_data"
PASSWORD = "courtyard-demo-2026"  # noqa: S105 - printed beside every account of the demo
BLOCKS_AT_ONCE = 200
DEVICES = ("Chrome on Windows", "Safari on iPhone")
# How long ago people signed in at most: a session ends after a month.
SIGNED_IN = timedelta(days=29)


@cache
def table(name: str) -> dict[str, Any]:
    """One of the tables in ``demo_data``."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def build(seed: Seed) -> None:
    """Add people, organizations, buildings and what links them."""
    seed.step("the people one can sign in as", 0.0)
    named = named_people(seed)
    seed.add([*named.values(), *organizations(seed, named), *homes(seed, named)])
    seed.add(further_rows(seed, named))
    add_credentials(seed, named)
    seed.add(codes_and_messages(seed, named))
    join_groups(named)
    seed.step("pictures", 0.0)
    add_pictures(seed, named, table("people"))
    seed.accounts += accounts_of(named)
    generated = seed.blocks[1:]
    for blocks in chunks(generated, BLOCKS_AT_ONCE):
        seed.step("neighbours", blocks.start / len(seed.blocks))
        seed.add(row for block in blocks for row in generated_block(seed, block, table("names")))
    seed.step("neighbours", 1.0)


def named_people(seed: Seed) -> dict[str, User]:
    """Everybody in ``people.toml``, by handle."""
    found: dict[str, User] = {}
    for index, (handle, words) in enumerate(table("people").items()):
        roles = [Role(role) for role in words["roles"]]
        status = UserStatus(words.get("status", UserStatus.ACTIVE))
        proved = status != UserStatus.PENDING
        where = words.get("neighborhood") or words.get("city")
        found[handle] = person(
            seed,
            handle,
            name=words["name"],
            phone_number=words.get("phone", f"+97150100{index + 1:04d}"),
            email=f"{handle}@{settings.DEMO_EMAIL_DOMAIN}",
            username=f"{handle}.demo",
            roles=roles,
            status=status,
            phone_verified=proved,
            email_verified=proved,
            is_staff=bool(words.get("group")) or words.get("superuser", False),
            is_superuser=words.get("superuser", False),
            city=words.get("city", "Dubai"),
            neighborhood=words.get("neighborhood", ""),
            area=table("places")["areas"][where] if where else None,
            bio=words.get("bio", ""),
            external_subject=f"demo:{seed.number}:{handle}",
            created_at=seed.ago(days=words.get("joined", 420 - 5 * index)),
        )
    return found


def organizations(seed: Seed, named: dict[str, User]) -> Iterator[Any]:
    """Every organization of ``places.toml`` with its members, past, present and invited."""
    for handle, words in table("places")["organizations"].items():
        founder = named[next(iter(words["members"]))]
        firm = organization(seed, handle, founder=founder, words=words)
        yield firm
        for member, role in words["members"].items():
            yield membership(seed, firm, named[member], role=role, inviter=founder)
        for member in words.get("ended", ()):
            yield membership(seed, firm, named[member], inviter=founder, ended=True)
        for member in words.get("invited", ()):
            yield membership(seed, firm, named[member], inviter=founder, invited=True)
        yield from papers(seed, words.get("papers", {}), holder=firm)


def homes(seed: Seed, named: dict[str, User]) -> Iterator[Any]:
    """Every building of ``places.toml`` with its residents, and their unnamed neighbours."""
    houses = table("places")["buildings"]
    built = {}
    for handle, words in houses.items():
        society = words.get("society")
        built[handle] = building(seed, handle, society=society, words=words)
        yield built[handle]
        decider = named[owner_of(society)] if society else None
        for resident in words["residents"]:
            yield from decided_residency(seed, built[handle], named, resident, decider)
    lived_in = [house for handle, house in built.items() if houses[handle]["residents"]]
    yield from neighbours(seed, lived_in, already=len(named), names=table("names"))


def owner_of(society: str) -> str:
    """The handle of a society's owner."""
    members = table("places")["organizations"][society]["members"]
    return next(handle for handle, role in members.items() if role == MembershipRole.OWNER)


def further_rows(seed: Seed, named: dict[str, User]) -> Iterator[Any]:
    """Profiles, papers, identity papers, connections, and what staff did about people."""
    for handle, words in table("people").items():
        user = named[handle]
        if "profile" in words:
            yield Profile(
                id=seed.key("profile", handle),
                user=user,
                created_at=user.created_at,
                **words["profile"],
            )
        yield from papers(seed, words.get("papers", {}), holder=user)
        if user.status in AUDITED:
            yield act(seed, user, actor=named[AUDITED[user.status] or handle])
    yield from verifications(seed, named, table("people"))
    for kind, pairs in table("connections").items():
        for subject, objects in pairs.items():
            for other in objects:
                yield connection(seed, kind, named[subject], named[other])


def add_credentials(seed: Seed, named: dict[str, User]) -> None:
    """Passwords and sessions, in the database of secrets; passwords that are there stay."""
    keys = [user.pk for user in named.values()]
    there = set(Credential.objects.filter(pk__in=keys).values_list("pk", flat=True))
    seed.add(
        Credential(
            user_id=user.pk,
            password_hash=make_password(PASSWORD),
            created_at=user.created_at,
            password_changed_at=user.created_at,
        )
        for user in named.values()
        if user.pk not in there
    )
    seed.add(
        session(seed, user, device, ago=SIGNED_IN * seed.random(device, user.pk).random())
        for user in named.values()
        if user.is_active
        for device in DEVICES
    )


def join_groups(named: dict[str, User]) -> None:
    """Put members of staff into their groups, which are made again where somebody emptied all."""
    if not Group.objects.exists():
        for grants in (GRANTS, *granted_above()):
            grant(apps, grants)
    groups = dict(Group.objects.values_list("name", "pk"))
    User.groups.through.objects.bulk_create(
        [
            User.groups.through(user_id=named[handle].pk, group_id=groups[words["group"]])
            for handle, words in table("people").items()
            if words.get("group")
        ],
        ignore_conflicts=True,
    )


def granted_above() -> Iterator[Mapping[str, Iterable[str]]]:
    """What the apps above this one let the groups do: the ``GRANTS`` of their ``groups``."""
    for config in apps.get_app_configs():
        name = f"{config.name}.groups"
        if config.name != "accounts" and find_spec(name) is not None:
            yield getattr(import_module(name), "GRANTS", {})


def accounts_of(named: dict[str, User]) -> list[DemoAccount]:
    """Whom one can sign in as, with which words."""
    firms = table("places")["organizations"].values()
    return [
        DemoAccount(
            identifier=str(user.email),
            password=PASSWORD,
            name=user.full_name,
            roles=list(user.roles),
            organization=next((firm["name"] for firm in firms if handle in firm["members"]), ""),
            phone_number=str(user.phone_number),
            staff_groups=[words["group"]] if words.get("group") else [],
            note=words["note"],
        )
        for (handle, words), user in zip(table("people").items(), named.values(), strict=True)
    ]
