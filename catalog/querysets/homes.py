"""Which developments and units somebody may see, and how they are loaded."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import (
    Case,
    CharField,
    Count,
    DecimalField,
    Exists,
    F,
    Func,
    IntegerField,
    Min,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Now

from accounts.choices import MembershipRole, OrganizationStatus, UserStatus
from accounts.querysets.organizations import LEADING_ROLES, seats
from catalog.choices import PUBLIC_DEVELOPMENTS, UnitStatus
from config.shared.geo import PlaceQuerySetMixin
from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from catalog.models import Development, DevelopmentFollow, Unit

PERCENT = DecimalField(max_digits=5, decimal_places=2)
PRICE = DecimalField(max_digits=14, decimal_places=3)
SELLING_ROLES = (*LEADING_ROLES, MembershipRole.SALES)
SITE_ROLES = (*LEADING_ROLES, MembershipRole.SITE)
FINANCE_ROLES = (*LEADING_ROLES, MembershipRole.FINANCE)


class DevelopmentQuerySet(PlaceQuerySetMixin["Development"], VisibleQuerySet["Development"]):
    """Developments."""

    def alive(self) -> Self:
        """Those that were not deleted."""
        return self.filter(deleted_at__isnull=True)

    def public(self) -> Self:
        """What everybody may know of: launched, of a builder who is active."""
        return self.alive().filter(
            status__in=PUBLIC_DEVELOPMENTS, builder__status=OrganizationStatus.ACTIVE
        )

    def of_team(self, user: Any, roles: Any = None) -> Self:
        """Those of builders for whom ``user`` acts, in one of ``roles`` where they are given."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.alive().filter(Exists(seats(user, organization="builder", roles=roles)))

    def visible_to(self, user: Any) -> Self:
        """The public ones, those of one's own builder, and for staff all that were not deleted."""
        if not getattr(user, "is_authenticated", False):
            return self.public()
        if user.is_staff and user.has_perm("catalog.view_development"):
            return self.alive()
        public = Q(status__in=PUBLIC_DEVELOPMENTS, builder__status=OrganizationStatus.ACTIVE)
        return self.alive().filter(public | Exists(seats(user, organization="builder")))

    def with_figures(self) -> Self:
        """What is counted of each: units, those available, their lowest price, per cent built."""
        return self.with_percent_built().annotate(
            total_units=_counted(_units()),
            available_units=_counted(_units().available()),
            price_from=_lowest_price(),
        )

    def with_card(self) -> Self:
        """What a list shows of each."""
        return self.with_figures().select_related("builder", "cover")

    def with_page(self) -> Self:
        """What the page of one shows."""
        images = apps.get_model("accounts.MediaFile").objects.order_by("created_at", "pk")
        return (
            self.with_figures()
            .select_related("builder", "cover", "brochure")
            .prefetch_related("buildings", Prefetch("images", images))
        )

    def with_percent_built(self) -> Self:
        """``percent_built``: the weighted mean over all phases, also those not begun; else 0.

        It is rounded down, so that 100 means that nothing is left to be done.
        """
        mean = Sum(F("weight") * F("percent")) / Sum("weight")
        built = (
            apps.get_model("catalog.ProgressPhase")
            .objects.order_by()
            .filter(development=OuterRef("pk"))
            .values("development")
            .annotate(built=Func(mean, Value(2), function="trunc", output_field=PERCENT))
            .values("built")
        )
        return self.annotate(
            percent_built=Coalesce(
                Subquery(built, output_field=PERCENT), Value(Decimal(0)), output_field=PERCENT
            )
        )

    def with_progress(self) -> Self:
        """``percent_built``, and the phases as the API shows them."""
        phases = apps.get_model("catalog.ProgressPhase").objects.with_site()
        return self.with_percent_built().prefetch_related(Prefetch("phases", phases))

    def with_follows(self, user: Any) -> Self:
        """``followers_count``, and ``is_followed``: whether ``user`` is one of them."""
        follows = apps.get_model("catalog.DevelopmentFollow").objects.order_by()
        followers = follows.filter(development=OuterRef("pk"), user__status=UserStatus.ACTIVE)
        signed_in = getattr(user, "is_authenticated", False)
        return self.annotate(
            followers_count=_counted(followers),
            is_followed=Exists(follows.filter(development=OuterRef("pk"), user=user))
            if signed_in
            else Value(False),
        )


class UnitQuerySet(VisibleQuerySet["Unit"]):
    """Units."""

    def visible_to(self, user: Any) -> Self:
        """Those of developments that ``user`` may see."""
        seen = apps.get_model("catalog.Development").objects.visible_to(user)
        return self.filter(development__in=seen.order_by().values("pk"))

    def with_live_status(self) -> Self:
        """``live_status``: the state as it is now, also where a claim lapsed and no job has run.

        A lapsed claim frees the unit, unless somebody waits for it: then it is theirs next.
        """
        lapsed = Q(status=UnitStatus.HELD, claimed_until__lte=Now(), waiting_count=0)
        return self.annotate(
            live_status=Case(
                When(lapsed, then=Value(UnitStatus.AVAILABLE)),
                default=F("status"),
                output_field=CharField(),
            )
        )

    def with_free_at(self) -> Self:
        """``free_at``: when the present hold or offer of a unit lapses; null where none does."""
        running = Q(status=UnitStatus.HELD, claimed_until__gt=Now())
        return self.annotate(free_at=Case(When(running, then=F("claimed_until"))))

    def with_page(self) -> Self:
        """What a list and the page of one show: the live state, and where the unit is."""
        return (
            self.with_live_status()
            .with_free_at()
            .select_related("development", "building", "floor_plan")
        )

    def standing(self, *statuses: str) -> Self:
        """Those that are in one of these states now."""
        return self.with_live_status().filter(live_status__in=statuses)

    def available(self) -> Self:
        """Those that anybody could claim now."""
        return self.standing(UnitStatus.AVAILABLE)


class DevelopmentFollowQuerySet(VisibleQuerySet["DevelopmentFollow"]):
    """Who follows which development."""

    def visible_to(self, user: Any) -> Self:
        """One's own, as long as ``user`` may see the development."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        mine: Self = of_visible_developments(self.filter(user=user), user)
        return mine

    def with_developments(self, user: Any) -> Self:
        """The development of each, as a card."""
        model = apps.get_model("catalog.Development")
        cards = model.objects.with_percent_built().with_follows(user).select_related("cover")
        return self.prefetch_related(Prefetch("development", cards))


def _units() -> "UnitQuerySet":
    units: UnitQuerySet = apps.get_model("catalog.Unit").objects.filter(development=OuterRef("pk"))
    return units.order_by()


def _counted(rows: Any) -> Coalesce:
    number = rows.values("development").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)


def _lowest_price() -> Subquery:
    lowest = _units().available().values("development").annotate(price_from=Min("price"))
    return Subquery(lowest.values("price_from"), output_field=PRICE)


def of_visible_developments(queryset: Any, user: Any, path: str = "development") -> Any:
    """The rows of ``queryset`` that belong to developments which ``user`` may see."""
    seen = apps.get_model("catalog.Development").objects.visible_to(user)
    return queryset.filter(**{f"{path}__in": seen.order_by().values("pk")})


def of_builder_team(queryset: Any, user: Any, path: str = "development__builder") -> Any:
    """The rows of ``queryset`` that belong to a builder for whom ``user`` acts."""
    if not getattr(user, "is_authenticated", False):
        return queryset.none()
    return queryset.filter(Exists(seats(user, organization=path)))
