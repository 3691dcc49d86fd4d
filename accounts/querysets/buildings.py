"""Which buildings and residencies somebody may see."""

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef

from accounts.choices import (
    OrganizationStatus,
    ResidencyMethod,
    ResidencyRelation,
    ResidencyStatus,
)
from accounts.querysets.organizations import DECIDING_ROLES, seats
from config.shared.geo import PlaceQuerySetMixin
from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from accounts.models import Building, Residency

# A join code is known to everybody in the house: it shows that somebody lives there, not that
# they own the flat.
PROOFS_OF_OWNERSHIP = (
    ResidencyMethod.BOOKING,
    ResidencyMethod.COMMITTEE,
    ResidencyMethod.DOCUMENT,
)


class BuildingQuerySet(PlaceQuerySetMixin["Building"], VisibleQuerySet["Building"]):
    """Buildings."""

    def visible_to(self, user: Any) -> Self:
        """Everybody may know that a building stands there."""
        return self.all()

    def lived_in_by(self, user: Any) -> Self:
        """Those where ``user`` is a verified resident; none for somebody who is not signed in."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        lives = apps.get_model("accounts.Residency").objects.filter(
            building=OuterRef("pk"), user=user, status=ResidencyStatus.VERIFIED
        )
        return self.filter(Exists(lives))

    def in_care_of(self, user: Any) -> Self:
        """Those whose active society ``user`` sits in committee for, or leads."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        seat = seats(user, organization="society", roles=DECIDING_ROLES)
        return self.filter(Exists(seat), society__status=OrganizationStatus.ACTIVE)

    def with_society(self) -> Self:
        return self.select_related("society")


class ResidencyQuerySet(VisibleQuerySet["Residency"]):
    """Residencies."""

    def verified(self) -> Self:
        return self.filter(status=ResidencyStatus.VERIFIED)

    def live(self) -> Self:
        return self.filter(status__in=[ResidencyStatus.CLAIMED, ResidencyStatus.VERIFIED])

    def owning(self) -> Self:
        """Verified ownership that was proved by more than the building's join code."""
        return self.verified().filter(
            relation=ResidencyRelation.OWNER, method__in=PROOFS_OF_OWNERSHIP
        )

    def visible_to(self, user: Any) -> Self:
        """One's own, those of buildings in one's care, and tenants of the homes one owns."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_staff and user.has_perm("accounts.view_residency"):
            return self.all()
        # Three searches by index: joined with OR, they would read the whole table.
        everybody = self.model._default_manager.order_by()
        seen = everybody.filter(user=user).values("pk")
        for others in (_in_care_of(everybody, user), _let_by(everybody, user)):
            seen = seen.union(others.values("pk"), all=True)
        return self.filter(pk__in=seen)

    def decidable_by(self, user: Any) -> Self:
        """Those that ``user`` may decide on: of buildings in their care, never their own."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return _in_care_of(self, user).exclude(user=user)

    def let_by(self, user: Any) -> Self:
        """Tenants in the homes that ``user`` owns."""
        return _let_by(self, user)

    def with_home(self) -> Self:
        """The person and the building of each."""
        return self.select_related("user__avatar", "building__society")


def residencies_to_judge(user: Any) -> Any:
    """Those whose documents ``user`` may open: an owner sees their tenants, not their papers."""
    residencies = apps.get_model("accounts.Residency").objects
    if user.is_staff and user.has_perm("accounts.change_residency"):
        return residencies.all()
    return residencies.decidable_by(user)


def _in_care_of(residencies: Any, user: Any) -> Any:
    buildings = apps.get_model("accounts.Building").objects.in_care_of(user)
    return residencies.filter(building__in=buildings.values("pk"))


def _let_by(residencies: Any, user: Any) -> Any:
    owned = residencies.model._default_manager.owning().filter(user=user)
    same_home = owned.filter(building=OuterRef("building"), unit_label=OuterRef("unit_label"))
    return residencies.filter(
        Exists(same_home),
        building__in=owned.values("building"),
        relation=ResidencyRelation.TENANT,
        status__in=[ResidencyStatus.VERIFIED, ResidencyStatus.ENDED],
    )
