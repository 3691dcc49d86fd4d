"""Who may act for a builder: its members by their role, and staff by their permissions."""

from collections.abc import Iterable

from accounts.choices import MembershipRole, OrganizationStatus
from accounts.models import Membership, Organization, User
from catalog.querysets.homes import FINANCE_ROLES, SELLING_ROLES, SITE_ROLES
from config.shared.errors import NotAllowedError

__all__ = ["FINANCE_ROLES", "SELLING_ROLES", "SITE_ROLES", "is_on_team", "require_team"]


def is_on_team(
    *,
    actor: User,
    builder: Organization,
    roles: Iterable[MembershipRole],
    permission: str = "catalog.manage_development",
) -> bool:
    """Whether ``actor`` has one of ``roles`` at ``builder``, or is staff with ``permission``."""
    if actor.is_active and actor.is_staff and actor.has_perm(permission):
        return True
    if builder.status != OrganizationStatus.ACTIVE:
        return False
    seats = Membership.objects.live().filter(organization=builder, user=actor)
    return seats.filter(role__in=list(roles)).exists()


def require_team(
    *,
    actor: User,
    builder: Organization,
    roles: Iterable[MembershipRole],
    permission: str = "catalog.manage_development",
) -> None:
    """Raise ``NotAllowedError`` unless ``is_on_team``."""
    if not is_on_team(actor=actor, builder=builder, roles=roles, permission=permission):
        raise NotAllowedError("Only the builder's own people with the right role may do this.")
