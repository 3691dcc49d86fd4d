"""Which buildings and residencies somebody may see."""

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from accounts.choices import MembershipStatus, ResidencyStatus
from accounts.querysets.organizations import DECIDING_ROLES
from config.shared.geo import PlaceQuerySetMixin
from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from accounts.models import Building, Residency


class BuildingQuerySet(PlaceQuerySetMixin["Building"], VisibleQuerySet["Building"]):
    """Buildings."""

    def visible_to(self, user: Any) -> Self:
        """Everybody may know that a building stands there."""
        return self.all()

    def lived_in_by(self, user: Any) -> Self:
        """Those where ``user`` is a verified resident."""
        lives = apps.get_model("accounts.Residency").objects.filter(
            building=OuterRef("pk"), user=user, status=ResidencyStatus.VERIFIED
        )
        return self.filter(Exists(lives))

    def with_society(self) -> Self:
        return self.select_related("society")


class ResidencyQuerySet(VisibleQuerySet["Residency"]):
    """Residencies."""

    def verified(self) -> Self:
        return self.filter(status=ResidencyStatus.VERIFIED)

    def live(self) -> Self:
        return self.filter(status__in=[ResidencyStatus.CLAIMED, ResidencyStatus.VERIFIED])

    def visible_to(self, user: Any) -> Self:
        """One's own, and those of a building whose society one leads or sits in committee for."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_staff and user.has_perm("accounts.view_residency"):
            return self.all()
        return self.filter(Q(user=user) | Exists(_committee_seat(user)))

    def decidable_by(self, user: Any) -> Self:
        """Those that ``user`` may decide on: of their society's buildings, never their own."""
        return self.filter(Exists(_committee_seat(user))).exclude(user=user)

    def with_home(self) -> Self:
        """The person and the building of each."""
        return self.select_related("user__avatar", "building__society")


def _committee_seat(user: Any) -> Any:
    return apps.get_model("accounts.Membership").objects.filter(
        organization=OuterRef("building__society"),
        user=user,
        status=MembershipStatus.LIVE,
        role__in=DECIDING_ROLES,
    )
