"""Which organizations and memberships somebody may see."""

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Count, Exists, OuterRef, Q

from accounts.choices import MembershipRole, MembershipStatus, OrganizationStatus
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

    def visible_to(self, user: Any) -> Self:
        """Active organizations; a suspended one is left to its own members and to staff."""
        if getattr(user, "is_staff", False) and user.has_perm("accounts.view_organization"):
            return self.all()
        if not getattr(user, "is_authenticated", False):
            return self.active()
        return self.filter(Q(status=OrganizationStatus.ACTIVE) | Exists(_live_membership(user)))

    def of_member(self, user: Any) -> Self:
        """Those that ``user`` is a live member of."""
        return self.filter(Exists(_live_membership(user)))

    def led_by(self, user: Any) -> Self:
        """Those that ``user`` owns or administers."""
        return self.filter(Exists(_live_membership(user).filter(role__in=LEADING_ROLES)))

    def with_public_page(self) -> Self:
        """Logo and number of members, as the public page shows them."""
        live = Q(memberships__status=MembershipStatus.LIVE)
        return self.select_related("logo").annotate(members_count=Count("memberships", filter=live))


class MembershipQuerySet(VisibleQuerySet["Membership"]):
    """Memberships."""

    def live(self) -> Self:
        return self.filter(status=MembershipStatus.LIVE)

    def visible_to(self, user: Any) -> Self:
        """One's own, and all those of an organization that one is a live member of."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_staff and user.has_perm("accounts.view_membership"):
            return self.all()
        colleague = apps.get_model("accounts.Membership").objects.filter(
            organization=OuterRef("organization"), user=user, status=MembershipStatus.LIVE
        )
        return self.filter(Q(user=user) | Exists(colleague))

    def with_people(self) -> Self:
        """The person and the organization of each."""
        return self.select_related("user__avatar", "organization")


def _live_membership(user: Any) -> Any:
    return apps.get_model("accounts.Membership").objects.filter(
        organization=OuterRef("pk"), user=user, status=MembershipStatus.LIVE
    )
