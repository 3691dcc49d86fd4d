"""Which identity papers and contractor papers somebody may see."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from accounts.choices import MembershipStatus, VerificationStatus
from accounts.querysets.organizations import LEADING_ROLES
from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from accounts.models import ContractorPaper, Verification


class VerificationQuerySet(VisibleQuerySet["Verification"]):
    """Requests to be recognised."""

    def waiting(self) -> Self:
        return self.filter(status=VerificationStatus.PENDING)

    def visible_to(self, user: Any) -> Self:
        """One's own; reviewers see all."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_staff and user.has_perm("accounts.review_verification"):
            return self.all()
        return self.filter(user=user)


class ContractorPaperQuerySet(VisibleQuerySet["ContractorPaper"]):
    """Licences and insurances."""

    def current(self) -> Self:
        return self.filter(replaced_at__isnull=True)

    def expired_on(self, day: date) -> Self:
        """Those whose last valid day lies before ``day``."""
        return self.current().filter(valid_until__lt=day)

    def visible_to(self, user: Any) -> Self:
        """One's own, and those of an organization that one owns or administers."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_staff and user.has_perm("accounts.view_contractorpaper"):
            return self.all()
        leads = apps.get_model("accounts.Membership").objects.filter(
            organization=OuterRef("organization"),
            user=user,
            status=MembershipStatus.LIVE,
            role__in=LEADING_ROLES,
        )
        return self.filter(Q(user=user) | Exists(leads))
