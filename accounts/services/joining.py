"""Places in a society that residents get by what the platform itself knows."""

from accounts.choices import MembershipRole, MembershipStatus, OrganizationStatus, UserStatus
from accounts.flows import MEMBERSHIP_FLOW
from accounts.models import Membership, Organization, User
from config.shared import audit
from config.shared.clock import database_now
from config.shared.flows import move
from config.shared.locks import lock
from config.shared.retries import retry_transaction


@retry_transaction
def join_society(*, society: Organization, user: User, actor: User | None = None) -> bool:
    """Make ``user`` a member of ``society``, as after the handover of a home in its care.

    May be repeated: whoever has a place keeps it. An invitation to be a member is taken up; one
    to more than that is left for them to answer. A society that is not active, or a person who is
    not, changes nothing. Returns whether they joined now. ``actor`` is None for the system.
    """
    user, society = lock(user, society)
    if society.status != OrganizationStatus.ACTIVE or user.status != UserStatus.ACTIVE:
        return False
    found = Membership.objects.current().filter(organization=society, user=user).first()
    if found is None:
        _seat(society, user, actor)
        return True
    (offered,) = lock(found)
    if (offered.status, offered.role) != (MembershipStatus.INVITED, MembershipRole.MEMBER):
        return False
    move(
        offered,
        MembershipStatus.LIVE,
        flow=MEMBERSHIP_FLOW,
        actor=actor,
        since=database_now(),
        by_address=False,
    )
    return True


def _seat(society: Organization, user: User, actor: User | None) -> None:
    member = Membership.objects.create(
        organization=society,
        user=user,
        role=MembershipRole.MEMBER,
        status=MembershipStatus.LIVE,
        since=database_now(),
    )
    audit.record(
        "accounts.membership.joined",
        target=member,
        actor=actor,
        after={"organization": society.pk, "user": user.pk, "role": member.role},
    )
