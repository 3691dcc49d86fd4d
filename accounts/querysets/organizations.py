"""Which organizations and memberships somebody may see."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import CharField, Count, Exists, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.choices import MembershipRole, MembershipStatus, OrganizationStatus, UserStatus
from config.shared.geo import PlaceQuerySetMixin
from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from accounts.models import Membership, Organization

LEADING_ROLES = (MembershipRole.OWNER, MembershipRole.ADMIN)
DECIDING_ROLES = (*LEADING_ROLES, MembershipRole.COMMITTEE)


class OrganizationQuerySet(PlaceQuerySetMixin["Organization"], VisibleQuerySet["Organization"]):
    """Organizations."""

    def active(self) -> Self:
        return self.filter(status=OrganizationStatus.ACTIVE)

    def verified(self) -> Self:
        return self.filter(verified_at__isnull=False)

    def visible_to(self, user: Any) -> Self:
        """Active organizations; a suspended one is left to its own members and to staff."""
        if getattr(user, "is_staff", False) and user.has_perm("accounts.view_organization"):
            return self.all()
        if not getattr(user, "is_authenticated", False):
            return self.active()
        return self.filter(Q(status=OrganizationStatus.ACTIVE) | Exists(seats(user)))

    def of_member(self, user: Any) -> Self:
        """Those that ``user`` is a live member of."""
        return self.filter(Exists(seats(user))) if user.is_authenticated else self.none()

    def led_by(self, user: Any) -> Self:
        """Active ones that ``user`` owns or administers."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.active().filter(Exists(seats(user, roles=LEADING_ROLES)))

    def with_public_page(self, user: Any = None) -> Self:
        """Logo and number of members, as the public page shows them, and the role of ``user``."""
        counted = (
            _memberships()
            .filter(organization=OuterRef("pk"), status=MembershipStatus.LIVE)
            .order_by()
            .values("organization")
            .annotate(number=Count("pk"))
            .values("number")
        )
        number = Subquery(counted, output_field=IntegerField())
        role: Any = Value(None, output_field=CharField())
        if getattr(user, "is_authenticated", False):
            role = Subquery(seats(user).values("role")[:1])
        return self.select_related("logo").annotate(members_count=Coalesce(number, 0), my_role=role)


class MembershipQuerySet(VisibleQuerySet["Membership"]):
    """Memberships."""

    def live(self) -> Self:
        return self.filter(status=MembershipStatus.LIVE)

    def current(self) -> Self:
        """Those that are live or offered."""
        return self.filter(status__in=[MembershipStatus.INVITED, MembershipStatus.LIVE])

    def invitations_of(self, user: Any) -> Self:
        """Those that ``user`` has yet to answer."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(user=user, status=MembershipStatus.INVITED)

    def owners(self) -> Self:
        """Live owners who can act: a suspended person owns nothing for the time being."""
        return self.live().filter(role=MembershipRole.OWNER, user__status=UserStatus.ACTIVE)

    def visible_to(self, user: Any) -> Self:
        """One's own, and those of an organization that one is a live member of.

        An invitation that went to a phone number or an e-mail address is seen by the invited
        alone: whether somebody answers to an address is not for the organization to learn.
        """
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_staff and user.has_perm("accounts.view_membership"):
            return self.all()
        colleague = seats(user, organization="organization")
        return self.filter(Q(user=user) | (Q(by_address=False) & Exists(colleague)))

    def with_people(self) -> Self:
        """The person and the organization of each."""
        return self.select_related("user__avatar", "organization")


def seats(
    user: Any, *, organization: str = "pk", roles: Iterable[MembershipRole] | None = None
) -> MembershipQuerySet:
    """The live memberships of ``user`` in the outer query's ``organization``, for ``Exists``."""
    found = _memberships().filter(
        organization=OuterRef(organization), user=user, status=MembershipStatus.LIVE
    )
    return found if roles is None else found.filter(role__in=list(roles))


def _memberships() -> Any:
    return apps.get_model("accounts.Membership").objects
