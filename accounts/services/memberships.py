"""Who acts for an organization: invitations, roles and leaving."""

from collections.abc import Callable
from typing import Any

from accounts.choices import (
    MembershipRole,
    MembershipStatus,
    OrganizationKind,
    OrganizationStatus,
    UserStatus,
)
from accounts.exceptions import AlreadyMemberError, LastOwnerError, OrganizationSuspendedError
from accounts.flows import MEMBERSHIP_FLOW
from accounts.models import Membership, Organization, User
from accounts.querysets.organizations import LEADING_ROLES
from config.shared import audit
from config.shared.clock import database_now
from config.shared.errors import (
    InvalidInputError,
    InvalidTransitionError,
    NotAllowedError,
)
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.retries import retry_transaction


def seat_of(*, user: Any, organization: Organization | None) -> Membership | None:
    """The live membership of ``user`` in ``organization``, or None."""
    if organization is None or not getattr(user, "is_active", False):
        return None
    return Membership.objects.live().filter(organization=organization, user=user).first()


def require_seat(
    *, actor: Any, organization: Organization, roles: tuple[MembershipRole, ...] = LEADING_ROLES
) -> Membership:
    """The live membership that lets ``actor`` act for ``organization`` in one of ``roles``.

    Raises ``NotAllowedError`` for everybody else, and ``OrganizationSuspendedError`` while staff
    have suspended the organization.
    """
    seat = seat_of(user=actor, organization=organization)
    if seat is None or seat.role not in roles:
        raise NotAllowedError("Only certain members of the organization may do this.")
    if organization.status == OrganizationStatus.SUSPENDED:
        raise OrganizationSuspendedError
    return seat


def require_member(*, actor: Any, organization: Organization) -> None:
    """Refuse everybody but the organization's members, and staff who may see memberships."""
    if actor.is_staff and actor.has_perm("accounts.view_membership"):
        return
    if seat_of(user=actor, organization=organization) is None:
        raise NotAllowedError("Only members see who the members are.")


def offer_place(
    *,
    organization: Organization,
    inviter: User,
    user: User,
    role: str,
    title: str = "",
    by_address: bool = False,
) -> Membership:
    """Write an invitation; the caller has locked the organization and checked who invites.

    An invitation that had gone to the person's address becomes one that colleagues see, so that
    inviting somebody by name never tells whether an address is theirs.
    """
    found = Membership.objects.current().filter(organization=organization, user=user).first()
    if found is not None and (by_address or not found.by_address):
        raise AlreadyMemberError
    offered = found or Membership(organization=organization, user=user)
    offered.role, offered.title, offered.invited_by = role, title, inviter
    offered.by_address = by_address
    offered.save()
    audit.record(
        "accounts.membership.invited",
        target=offered,
        actor=inviter,
        after={"organization": organization.pk, "user": user.pk, "role": role},
    )
    return offered


@retry_transaction
def accept_invitation(*, membership: Membership, user: User) -> Membership:
    """Let the invited ``user`` take the place; only they can."""
    organization, offered = lock(membership.organization, membership)
    if offered.user_id != user.pk:
        raise NotAllowedError("Only the invited person can accept.")
    if organization.status == OrganizationStatus.SUSPENDED:
        raise OrganizationSuspendedError
    move(
        offered,
        MembershipStatus.LIVE,
        flow=MEMBERSHIP_FLOW,
        actor=user,
        since=database_now(),
        by_address=False,
    )
    return offered


@retry_transaction
def decline_invitation(*, membership: Membership, user: User) -> Membership:
    """Let the invited ``user`` turn the place down; only they can, and only while it is offered."""
    _, offered = lock(membership.organization, membership)
    if offered.user_id != user.pk:
        raise NotAllowedError("Only the invited person can decline.")
    if offered.status != MembershipStatus.INVITED:
        raise InvalidTransitionError(offered.status, MEMBERSHIP_FLOW.allowed(offered.status))
    move(offered, MembershipStatus.ENDED, flow=MEMBERSHIP_FLOW, actor=user, until=database_now())
    return offered


@retry_transaction
def change_member(
    *,
    membership: Membership,
    actor: User,
    role: str | None = None,
    title: str | None = None,
    check: Callable[[Membership], None] | None = None,
) -> Membership:
    """Give a member, or somebody invited, another ``role`` or ``title``.

    Owners change everybody, administrators everybody but owners and administrators. ``check``
    sees the locked row before anything changes, and may raise. Raises ``LastOwnerError`` where
    nobody would own the organization.
    """
    organization, member = lock(membership.organization, membership)
    if check is not None:
        check(member)
    if member.status == MembershipStatus.ENDED:
        raise InvalidTransitionError(member.status, MEMBERSHIP_FLOW.allowed(member.status))
    check_over(actor=actor, organization=organization, member=member)
    before = {"role": member.role, "title": member.title}
    if role is not None and role != member.role:
        check_grant(actor=actor, organization=organization, role=role)
        if member.role == MembershipRole.OWNER:
            refuse_headless(organization=organization, leaving=member)
        member.role = role
    if title is not None:
        member.title = title
    member.save(update_fields=["role", "title", "updated_at"])
    audit.record(
        "accounts.membership.changed",
        target=member,
        actor=actor,
        before=before,
        after={"role": member.role, "title": member.title},
    )
    return member


@retry_transaction
def end_membership(*, membership: Membership, actor: User, reason: str = "") -> Membership:
    """End a membership or withdraw an invitation: one's own, or a member's one may decide about.

    The organization is locked first, so of two owners who leave at once exactly one goes and the
    other gets ``LastOwnerError``.
    """
    organization, member = lock(membership.organization, membership)
    if member.user_id != actor.pk:
        check_over(actor=actor, organization=organization, member=member)
    if member.status == MembershipStatus.LIVE:
        refuse_headless(organization=organization, leaving=member)
    move(
        member,
        MembershipStatus.ENDED,
        flow=MEMBERSHIP_FLOW,
        actor=actor,
        reason=reason,
        until=database_now(),
    )
    return member


@retry_transaction
def appoint_owner(
    *, organization: Organization, user: User, staff: User, reason: str
) -> Membership:
    """Make ``user`` an owner, by staff, where an organization's own owners cannot.

    ``staff`` need the permission to change organizations, and do not appoint themselves.
    """
    organization, user = lock(organization, user)
    if not staff.has_perm("accounts.change_organization") or staff.pk == user.pk:
        raise NotAllowedError
    if user.status != UserStatus.ACTIVE:
        raise InvalidInputError.at("/user", "user_not_active", "Only active people own anything.")
    member = Membership.objects.current().filter(organization=organization, user=user).first()
    before = {"role": member.role, "status": member.status} if member else {}
    member = member or Membership(organization=organization, user=user, invited_by=staff)
    member.role, member.status = MembershipRole.OWNER, MembershipStatus.LIVE
    member.since, member.by_address = member.since or database_now(), False
    member.save()
    audit.record(
        "accounts.membership.appointed",
        target=member,
        actor=staff,
        before=before,
        after={"role": member.role, "status": member.status},
        reason=reason,
    )
    return member


def found_membership(*, organization: Organization, owner: User) -> Membership:
    """The first owner's place, written in the transaction that creates the organization."""
    member = Membership.objects.create(
        organization=organization,
        user=owner,
        role=MembershipRole.OWNER,
        status=MembershipStatus.LIVE,
        since=database_now(),
    )
    audit.record(
        "accounts.membership.founded",
        target=member,
        actor=owner,
        after={"organization": organization.pk, "role": member.role},
    )
    return member


def check_grant(*, actor: User, organization: Organization, role: str) -> None:
    """Refuse a ``role`` that ``actor`` cannot give, or that this kind of organization has not."""
    seat = require_seat(actor=actor, organization=organization)
    if role in LEADING_ROLES and seat.role != MembershipRole.OWNER:
        raise NotAllowedError("Only owners make owners and administrators.")
    if role == MembershipRole.COMMITTEE and organization.kind != OrganizationKind.SOCIETY:
        raise InvalidInputError.at("/role", "role_of_society", "Only societies have a committee.")


def check_over(*, actor: User, organization: Organization, member: Membership) -> None:
    """Refuse an ``actor`` who may not decide about ``member``."""
    seat = require_seat(actor=actor, organization=organization)
    if member.role in LEADING_ROLES and seat.role != MembershipRole.OWNER:
        raise NotAllowedError("Only owners decide about owners and administrators.")


def refuse_headless(*, organization: Organization, leaving: Membership) -> None:
    """Refuse that ``leaving``, an owner, goes while nobody else owns the organization.

    The caller has locked the organization. Owners who are suspended or inactive do not count.
    """
    if leaving.role != MembershipRole.OWNER:
        return
    others = Membership.objects.owners().filter(organization=organization)
    if not others.exclude(pk=leaving.pk).exists():
        raise LastOwnerError("Make somebody else an owner first.")
