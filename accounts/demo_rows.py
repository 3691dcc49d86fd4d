"""Rows of the demo, one at a time, each in a state that the services could have left it in."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db.models import Model

from accounts.choices import (
    MembershipRole,
    MembershipStatus,
    ResidencyRelation,
    ResidencyStatus,
    Role,
    UserStatus,
)
from accounts.credentials.models import Credential, Session
from accounts.models import (
    AuditEvent,
    Block,
    Building,
    Follow,
    Membership,
    Organization,
    Residency,
    User,
)
from accounts.services.names import split_name
from config.shared.seeding import Seed

INDIAN_CITIES = frozenset({"Pune", "Mumbai", "Bengaluru", "Kochi"})
# Who moved a person to such a state: a member of staff, or themselves.
AUDITED: dict[str, str] = {UserStatus.SUSPENDED: "moderation", UserStatus.INACTIVE: ""}
REASONS: dict[str, str] = {
    UserStatus.SUSPENDED: "Sold the same lamp four times",
    ResidencyStatus.REJECTED: "The title deed names another home",
}
UNDECIDED = {"", ResidencyStatus.CLAIMED}
SESSION_DAYS = 30
# How far from the middle of an area people live at most, in degrees.
SCATTER = 0.006


def person(
    seed: Seed,
    *topic: Any,
    name: str,
    roles: Sequence[Role],
    created_at: datetime,
    area: Sequence[float] | None = None,
    **columns: Any,
) -> User:
    """Somebody; the first of ``roles`` that says more than resident is the primary one.

    They live somewhere around the middle of ``area``, given by latitude and longitude.
    """
    primary = next((role for role in roles if role != Role.RESIDENT), Role.RESIDENT)
    status = columns.setdefault("status", UserStatus.ACTIVE)
    indian = columns.get("city") in INDIAN_CITIES
    lat, lng = around(area, seed.random("place", *topic)) if area else (None, None)
    return User(
        id=seed.key("person", *topic),
        full_name=name,
        roles=[role.value for role in roles],
        primary_role=primary,
        is_active=status == UserStatus.ACTIVE,
        time_zone="Asia/Kolkata" if indian else "Asia/Dubai",
        created_at=created_at,
        lat=lat,
        lng=lng,
        **split_name(name),
        **columns,
    )


def no_password(user: User) -> Credential:
    """The row of secrets of somebody who signs in with codes."""
    return Credential(user_id=user.pk, created_at=user.created_at)


def around(middle: Sequence[float], chance: Random) -> tuple[float, float]:
    """A place not far from ``middle``."""
    lat, lng = (round(degrees + chance.uniform(-SCATTER, SCATTER), 6) for degrees in middle)
    return lat, lng


def organization(seed: Seed, *topic: Any, founder: User, words: Mapping[str, Any]) -> Organization:
    """An organization; ``words`` are those of a table in ``places.toml``."""
    founded = seed.after(founder.created_at, days=3)
    lat, lng = words["place"]
    return Organization(
        id=seed.key("organization", *topic),
        kind=words["kind"],
        name=words["name"],
        legal_name=f"{words['name']} Ltd" if words["kind"] != "society" else words["name"],
        registration_no=words["registration_no"],
        license_no=words.get("license_no", ""),
        description=words["description"],
        city=words["city"],
        country=words.get("country", "AE"),
        lat=lat,
        lng=lng,
        established_year=words["established"],
        verified_at=seed.after(founded, days=2) if words["verified"] else None,
        created_by=founder,
        created_at=founded,
    )


def membership(
    seed: Seed,
    firm: Organization,
    member: User,
    *,
    inviter: User,
    role: str = MembershipRole.MEMBER,
    invited: bool = False,
    ended: bool = False,
) -> Membership:
    """A place in ``firm``: live, or merely invited, or over."""
    since = seed.after(max(firm.created_at, member.created_at), days=1)
    status = MembershipStatus.LIVE
    if invited or ended:
        status = MembershipStatus.INVITED if invited else MembershipStatus.ENDED
    return Membership(
        id=seed.key("membership", firm.pk, member.pk),
        organization=firm,
        user=member,
        role=role,
        status=status,
        invited_by=None if member == inviter else inviter,
        since=None if invited else since,
        until=seed.after(since, days=60) if ended else None,
        created_at=since,
    )


def building(seed: Seed, *topic: Any, society: str | None, words: Mapping[str, Any]) -> Building:
    """A building; ``society`` is the handle of the organization that cares for it."""
    lat, lng = words["place"]
    return Building(
        id=seed.key("building", *topic),
        name=words["name"],
        society_id=seed.key("organization", society) if society else None,
        address=words.get("address", ""),
        neighborhood=words["neighborhood"],
        city=words["city"],
        country=words.get("country", "AE"),
        lat=lat,
        lng=lng,
        floors=words["floors"],
        units_count=words["homes"],
        created_at=seed.ago(days=500),
    )


def residency(
    seed: Seed,
    home: Building,
    resident: User,
    *,
    unit: str,
    relation: str = ResidencyRelation.OWNER,
    status: str = ResidencyStatus.VERIFIED,
    method: str = "committee",
    decider: User | None = None,
) -> Residency:
    """A person's home, in any state."""
    claimed = seed.after(resident.created_at, days=10)
    decided = status not in UNDECIDED
    accepted = decided and status != ResidencyStatus.REJECTED
    return Residency(
        id=seed.key("residency", home.pk, resident.pk, unit),
        user=resident,
        building=home,
        unit_label=unit,
        relation=relation,
        status=status,
        method=method,
        verified_by=decider if decided and decider != resident else None,
        verified_at=seed.after(claimed, days=2) if accepted else None,
        decision_note=REASONS.get(status, ""),
        since=claimed.date(),
        until=seed.after(claimed, days=90).date() if status == ResidencyStatus.ENDED else None,
        created_at=claimed,
    )


def decided_residency(
    seed: Seed,
    home: Building,
    named: Mapping[str, User],
    words: Sequence[str],
    decider: User | None,
) -> Iterator[Model]:
    """A home of ``places.toml`` and, once somebody decided on it, the record of that."""
    handle, unit, relation, status, method = words
    resident = named[handle]
    row = residency(
        seed,
        home,
        resident,
        unit=unit,
        relation=relation,
        status=status,
        method=method,
        decider=decider,
    )
    yield row
    if status not in UNDECIDED:
        before = {"status": ResidencyStatus.CLAIMED.value}
        yield act(seed, row, actor=row.verified_by, before=before)


def act(
    seed: Seed, thing: Any, *, actor: User | None, before: Mapping[str, Any] | None = None
) -> AuditEvent:
    """The record that ``actor`` moved ``thing`` to the state it is in."""
    label = type(thing)._meta.label_lower
    return AuditEvent(
        id=seed.key("act", thing.pk, thing.status),
        at=seed.after(thing.created_at, days=2),
        actor=actor,
        action=f"{label}.{thing.status}",
        object_type=label,
        object_id=str(thing.pk),
        before=dict(before or {"status": UserStatus.ACTIVE.value}),
        after={"status": str(thing.status)},
        reason=getattr(thing, "rejection_reason", "") or REASONS.get(thing.status, ""),
    )


def connection(seed: Seed, kind: str, subject: User, other: User) -> Follow | Block:
    """One person follows or blocks another."""
    key = seed.key(kind, subject.pk, other.pk)
    acquainted = max(subject.created_at, other.created_at)
    at = seed.after(acquainted, days=1 + seed.random(kind, key).random() * 300)
    if kind == "follow":
        return Follow(id=key, follower=subject, followed=other, created_at=at)
    return Block(id=key, blocker=subject, blocked=other, created_at=at)


def session(seed: Seed, user: User, device: str, *, ago: timedelta) -> Session:
    """A device on which ``user`` is signed in; nobody holds the token that goes with it."""
    at = max(seed.now - ago, seed.after(user.created_at, days=1))
    return Session(
        id=seed.key("session", user.pk, device),
        user_id=user.pk,
        refresh_hash=seed.random("session", user.pk, device).randbytes(32).hex(),
        token_version=user.token_version,
        amr=["pwd"],
        device_label=device,
        ip_prefix="192.0.2.0/24",
        authenticated_at=at,
        created_at=at,
        rotated_at=at,
        last_used_at=at,
        expires_at=at + timedelta(days=SESSION_DAYS),
        absolute_expires_at=at + timedelta(days=6 * SESSION_DAYS),
    )
