"""Which identity papers and contractor papers somebody may see."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps

from accounts.choices import VerificationStatus
from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from accounts.models import ContractorPaper, Verification


class VerificationQuerySet(VisibleQuerySet["Verification"]):
    """Requests to be recognised."""

    def waiting(self) -> Self:
        return self.filter(status=VerificationStatus.PENDING)

    def to_be_purged(self, now: datetime) -> Self:
        """Decided ones whose papers are to be deleted by ``now``."""
        decided = self.exclude(status=VerificationStatus.PENDING)
        return decided.filter(purge_after__lte=now, purged_at__isnull=True)

    def visible_to(self, user: Any) -> Self:
        """One's own; reviewers see all."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.is_staff and user.has_perm("accounts.review_verification"):
            return self.all()
        return self.filter(user=user)

    def with_decision(self) -> Self:
        """The person and the reviewer; the sealed numbers stay closed."""
        return self.select_related("user__avatar", "reviewed_by").defer(
            "emirates_id_number", "trade_license_number"
        )

    def with_papers(self) -> Self:
        """The person and all files."""
        return self.select_related(
            "user", "emirates_id_front", "emirates_id_back", "trade_license_document"
        )


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
        everybody = self.model._default_manager.order_by()
        led = apps.get_model("accounts.Organization").objects.led_by(user)
        theirs = everybody.filter(organization__in=led.order_by().values("pk"))
        own = everybody.filter(user=user).values("pk")
        return self.filter(pk__in=own.union(theirs.values("pk"), all=True))

    def with_holder(self) -> Self:
        """The person or organization of each."""
        return self.select_related("user", "organization")
