"""Organizations: founding, describing, verifying and suspending them."""

from collections.abc import Mapping
from typing import Any

from accounts.choices import MediaPurpose, OrganizationStatus
from accounts.flows import ORGANIZATION_FLOW
from accounts.models import MediaFile, Organization, User
from accounts.services.attachments import PICTURES, attach_file
from accounts.services.memberships import found_membership, require_seat
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import ConflictError, InvalidInputError, NotAllowedError
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.retries import retry_transaction

PUBLIC_FIELDS = (
    "description",
    "website",
    "email",
    "phone",
    "address",
    "city",
    "state",
    "country",
    "pincode",
    "lat",
    "lng",
    "established_year",
)
# What staff looked at when they verified it: another name or number has to be looked at again.
VERIFIED_FIELDS = ("name", "legal_name", "registration_no", "license_no")
WRITABLE_FIELDS = (*VERIFIED_FIELDS, *PUBLIC_FIELDS)


@retry_transaction
def create_organization(
    *, creator: User, kind: str, logo: MediaFile | None = None, **details: Any
) -> Organization:
    """Found an organization; ``creator`` owns it from the same moment on.

    ``details`` are columns in ``WRITABLE_FIELDS``. Nobody is believed yet: ``verified_at`` is
    staff's to set. Raises ``ValidationError`` or ``IntegrityError`` where a constraint is broken,
    and ``InvalidInputError`` for a logo that will not do.
    """
    written = {name: details[name] for name in WRITABLE_FIELDS if name in details}
    organization = Organization(kind=kind, created_by=creator, **written)
    organization.full_clean(
        validate_unique=False, validate_constraints=False, exclude=["logo", "created_by"]
    )
    organization.save(force_insert=True)
    if logo is not None:
        organization.logo = shown_logo(organization=organization, actor=creator, logo=logo)
        organization.save(update_fields=["logo", "updated_at"])
    audit.record(
        "accounts.organization.created",
        target=organization,
        actor=creator,
        after={"kind": organization.kind, "name": organization.name},
    )
    found_membership(organization=organization, owner=creator)
    return organization


@retry_transaction
def update_organization(
    *, organization: Organization, actor: User, changes: Mapping[str, Any]
) -> Organization:
    """Change what an organization says about itself, by an owner or administrator, or by staff.

    ``changes`` may hold columns in ``WRITABLE_FIELDS`` and ``logo``; the rest is ignored. A
    change of what staff verified ends the verification, unless staff make it.
    """
    (organization,) = lock(organization)
    by_staff = actor.is_staff and actor.has_perm("accounts.change_organization")
    if not by_staff:
        require_seat(actor=actor, organization=organization)
    written = {
        name: changes[name]
        for name in WRITABLE_FIELDS
        if name in changes and getattr(organization, name) != changes[name]
    }
    if "logo" in changes and changes["logo"] != organization.logo:
        written["logo"] = changes["logo"] and shown_logo(
            organization=organization, actor=actor, logo=changes["logo"]
        )
    if not written:
        return organization
    before = {name: getattr(organization, name) for name in VERIFIED_FIELDS if name in written}
    if before and organization.verified_at and not by_staff:
        before["verified_at"], written["verified_at"] = organization.verified_at, None
    for name, value in written.items():
        setattr(organization, name, value)
    organization.full_clean(
        validate_unique=False, validate_constraints=False, exclude=["logo", "created_by"]
    )
    organization.save(update_fields=[*written, "updated_at"])
    audit.record(
        "accounts.organization.changed",
        target=organization,
        actor=actor,
        before=before,
        after={name: written[name] for name in before} | {"fields": sorted(written)},
    )
    return organization


@retry_transaction
def verify_organization(*, organization: Organization, staff: User, note: str = "") -> Organization:
    """Say, as staff, that the organization is what it claims to be; never one's own."""
    (organization,) = lock(organization)
    check_reviewer(staff=staff, organization=organization)
    if organization.status != OrganizationStatus.ACTIVE:
        raise ConflictError("Reinstate the organization first.")
    if organization.verified_at is not None:
        return organization
    _set_verified(organization, staff, verified=True, note=note)
    return organization


@retry_transaction
def unverify_organization(*, organization: Organization, staff: User, reason: str) -> Organization:
    """Take a verification back."""
    (organization,) = lock(organization)
    check_reviewer(staff=staff, organization=organization)
    if organization.verified_at is not None:
        _set_verified(organization, staff, verified=False, note=reason)
    return organization


@retry_transaction
def suspend_organization(*, organization: Organization, staff: User, reason: str) -> Organization:
    """Stop everybody from acting for the organization, and hide it from strangers."""
    return _move(organization, OrganizationStatus.SUSPENDED, staff, reason)


@retry_transaction
def reinstate_organization(*, organization: Organization, staff: User, reason: str) -> Organization:
    """Let a suspended organization go on."""
    return _move(organization, OrganizationStatus.ACTIVE, staff, reason)


def check_reviewer(*, staff: User, organization: Organization) -> None:
    """Refuse everybody but staff who may verify organizations and have no seat in this one."""
    if not (staff.is_staff and staff.has_perm("accounts.verify_organization")):
        raise NotAllowedError
    if organization.memberships.current().filter(user=staff).exists():
        raise NotAllowedError("Nobody decides about an organization of their own.")


def shown_logo(*, organization: Organization, actor: User, logo: MediaFile) -> MediaFile:
    """``logo``, fit to be shown to everybody; it belongs to the organization from now on."""
    return attach_file(
        file=logo,
        owner=actor,
        target=organization,
        pointer="/logo",
        kinds=PICTURES,
        purposes={MediaPurpose.ORGANIZATION},
        public=True,
    )


def _check_columns(organization: Organization) -> None:
    organization.full_clean(
        exclude=["logo", "created_by"], validate_unique=False, validate_constraints=False
    )


def _set_verified(organization: Organization, staff: User, *, verified: bool, note: str) -> None:
    before = organization.verified_at
    organization.verified_at = database_now() if verified else None
    organization.save(update_fields=["verified_at", "updated_at"])
    audit.record(
        f"accounts.organization.{'verified' if verified else 'unverified'}",
        target=organization,
        actor=staff,
        before={"verified_at": before},
        after={"verified_at": organization.verified_at},
        reason=note,
    )


def _move(organization: Organization, target: str, staff: User, reason: str) -> Organization:
    (organization,) = lock(organization)
    check_reviewer(staff=staff, organization=organization)
    if not reason.strip():
        raise InvalidInputError.at("/reason", "required", "Say why.")
    move(organization, target, flow=ORGANIZATION_FLOW, actor=staff, reason=reason)
    return organization
