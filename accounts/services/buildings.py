"""Buildings: listing them, describing them, and the code that lets neighbours in."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any

from accounts.choices import OrganizationKind
from accounts.models import Building, Membership, Organization, User
from accounts.querysets.organizations import DECIDING_ROLES
from accounts.services.memberships import require_seat
from config.shared import audit
from config.shared.errors import InvalidInputError, NotAllowedError
from config.shared.locks import lock
from config.shared.retries import retry_transaction

WRITABLE_FIELDS = (
    "name",
    "address",
    "neighborhood",
    "city",
    "country",
    "lat",
    "lng",
    "floors",
    "units_count",
)
# Crockford's base 32: no letter that is read as a digit. Twelve of them are 60 random bits.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MISREAD = str.maketrans("OIL", "011", " -")
CODE_LENGTH = 12
SALT_BYTES = 16


@retry_transaction
def create_building(
    *, actor: User, society: Organization | None = None, **details: Any
) -> Building:
    """List a building, in the care of ``society`` where one is named.

    Leaders of the society list its buildings, leaders of a builder those that have no society
    yet, staff any. Raises ``NotAllowedError`` for everybody else, ``InvalidInputError`` for an
    organization of another kind, and ``IntegrityError`` for a building that is listed already.
    """
    if society is not None and society.kind != OrganizationKind.SOCIETY:
        raise InvalidInputError.at("/society", "not_a_society", "This is not a society.")
    if not (actor.is_staff and actor.has_perm("accounts.add_building")):
        _check_founder(actor, society)
    written = {name: details[name] for name in WRITABLE_FIELDS if name in details}
    building = Building(society=society, created_by=actor, **written)
    _check_columns(building)
    building.save(force_insert=True)
    audit.record(
        "accounts.building.created",
        target=building,
        actor=actor,
        after={"name": building.name, "society": society and society.pk},
    )
    return building


@retry_transaction
def update_building(*, building: Building, actor: User, changes: Mapping[str, Any]) -> Building:
    """Change what is said of a building; its society is staff's to change.

    Leaders of its society do, whoever listed it while it has none, and staff. ``changes`` may
    hold columns in ``WRITABLE_FIELDS``; the rest is ignored.
    """
    (building,) = lock(building)
    check_describer(actor=actor, building=building)
    written = {
        name: changes[name]
        for name in WRITABLE_FIELDS
        if name in changes and getattr(building, name) != changes[name]
    }
    if not written:
        return building
    before = {name: getattr(building, name) for name in written}
    for name, value in written.items():
        setattr(building, name, value)
    _check_columns(building)
    building.save(update_fields=[*written, "updated_at"])
    audit.record(
        "accounts.building.changed", target=building, actor=actor, before=before, after=written
    )
    return building


@retry_transaction
def assign_society(
    *, building: Building, society: Organization | None, staff: User, reason: str
) -> Building:
    """Put a building into the care of ``society``, by staff; its join code ends with the old one.

    A member of the society does not do it for themselves.
    """
    organizations = [society] if society is not None else []
    *found, building = lock(*organizations, building)
    society = found[0] if found else None
    if not (staff.is_staff and staff.has_perm("accounts.change_building")):
        raise NotAllowedError
    if society is not None and society.kind != OrganizationKind.SOCIETY:
        raise InvalidInputError.at("/society", "not_a_society", "This is not a society.")
    if Membership.objects.current().filter(organization=society, user=staff).exists():
        raise NotAllowedError("Nobody decides for a society of their own.")
    before = building.society_id
    building.society, building.join_code_hash = society, ""
    building.save(update_fields=["society", "join_code_hash", "updated_at"])
    audit.record(
        "accounts.building.assigned",
        target=building,
        actor=staff,
        before={"society": before},
        after={"society": building.society_id},
        reason=reason,
    )
    return building


@retry_transaction
def rotate_join_code(*, building: Building, actor: User) -> str:
    """Give the building a new join code and return it; it is shown this once and kept hashed.

    The old code ends at once. Only the committee of the building's society does this.
    """
    (building,) = lock(building)
    check_in_care(actor=actor, building=building)
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    salt = secrets.token_bytes(SALT_BYTES)
    building.join_code_hash = f"{salt.hex()}${_digest(salt, code)}"
    building.save(update_fields=["join_code_hash", "updated_at"])
    audit.record("accounts.building.join_code_rotated", target=building, actor=actor)
    return "-".join(code[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def is_join_code(*, building: Building, code: str) -> bool:
    """Whether ``code`` is the building's present join code, however it is spelt."""
    salt, _, digest = building.join_code_hash.partition("$")
    plain = code.upper().translate(MISREAD)
    found = _digest(bytes.fromhex(salt), plain)
    return bool(digest) and hmac.compare_digest(found, digest)


def check_in_care(*, actor: User, building: Building) -> None:
    """Refuse everybody but the committee of the building's society."""
    if building.society is None:
        raise NotAllowedError("This building has no society.")
    require_seat(actor=actor, organization=building.society, roles=DECIDING_ROLES)


def check_describer(*, actor: User, building: Building) -> None:
    """Refuse everybody who may not change what is said of the building."""
    if actor.is_staff and actor.has_perm("accounts.change_building"):
        return
    if building.society is not None:
        require_seat(actor=actor, organization=building.society)
    elif building.created_by_id is None or building.created_by_id != actor.pk:
        raise NotAllowedError("Only whoever listed this building may change it.")


def _check_founder(actor: User, society: Organization | None) -> None:
    if society is not None:
        require_seat(actor=actor, organization=society)
        return
    builders = Organization.objects.led_by(actor).filter(kind=OrganizationKind.BUILDER)
    if not builders.exists():
        raise NotAllowedError("Builders and societies list buildings.")


def _check_columns(building: Building) -> None:
    building.full_clean(
        exclude=["society", "created_by"], validate_unique=False, validate_constraints=False
    )


def _digest(salt: bytes, code: str) -> str:
    return hashlib.sha256(salt + code.encode()).hexdigest()
