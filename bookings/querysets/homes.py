"""Which bookings, waiting lists and claims somebody may see."""

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Now

from accounts.choices import MembershipRole
from accounts.querysets.organizations import LEADING_ROLES
from bookings.choices import (
    LAPSING_BOOKINGS,
    LIVE_BOOKINGS,
    BookingStatus,
    ClaimOutcome,
    WaitlistStatus,
)
from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from bookings.models import (
        Booking,
        CancellationRequest,
        ClaimLog,
        TransferRequest,
        WaitlistEntry,
    )

# Who of a builder's people sees what customers agreed with it: not a mere member.
TEAM_ROLES = (
    *LEADING_ROLES,
    MembershipRole.SALES,
    MembershipRole.SITE,
    MembershipRole.FINANCE,
)


# The time of a hold, or for a deposit, is over.
_OVER = Q(status=BookingStatus.HELD, held_until__lte=Now()) | Q(
    status=BookingStatus.PENDING_PAYMENT, pay_until__lte=Now()
)


def is_signed_in(user: Any) -> bool:
    """Whether ``user`` is somebody."""
    return bool(getattr(user, "is_authenticated", False))


def is_staff_with(user: Any, permission: str) -> bool:
    """Whether ``user`` is staff and has ``permission``."""
    return bool(getattr(user, "is_staff", False) and user.has_perm(permission))


def led_builders(user: Any) -> Any:
    """Keys of the builders for whom ``user`` acts with customers."""
    return (
        apps.get_model("accounts.Organization")
        .objects.order_by()
        .filter(pk__in=_seats_of(user).values("organization"))
        .values("pk")
    )


def _seats_of(user: Any) -> Any:
    return (
        apps.get_model("accounts.Membership")
        .objects.order_by()
        .live()
        .filter(user=user, role__in=TEAM_ROLES)
    )


def of_either(queryset: Any, *parts: Q) -> Any:
    """The rows that any of ``parts`` finds, each by its own index: an OR would read them all."""
    everybody = queryset.model._default_manager.order_by()
    first, *others = (everybody.filter(part).values("pk") for part in parts)
    return queryset.filter(pk__in=first.union(*others, all=True))


class BookingQuerySet(VisibleQuerySet["Booking"]):
    """Bookings."""

    def live(self) -> Self:
        """Those that claim their unit, as they are stored; a lapsed hold is among them."""
        return self.filter(status__in=LIVE_BOOKINGS)

    def lapsed(self) -> Self:
        """Holds and unpaid deposits whose time is over, by the database's clock."""
        return self.filter(_OVER)

    def claiming(self) -> Self:
        """Those that claim their unit now."""
        return self.live().exclude(_OVER)

    def lapsing(self) -> Self:
        """Those that end by themselves some time."""
        return self.filter(status__in=LAPSING_BOOKINGS)

    def with_live_status(self) -> Self:
        """``live_status``: the state as it is now, also where time ran out and no job has run."""
        return self.annotate(
            live_status=Case(
                When(_OVER, then=Value(BookingStatus.EXPIRED)),
                default=F("status"),
                output_field=CharField(),
            )
        )

    def with_details(self) -> Self:
        """What a representation shows besides the row itself."""
        return self.with_live_status().select_related(
            "unit", "development", "builder", "customer__avatar", "sales_agent__avatar"
        )

    def visible_to(self, user: Any) -> Self:
        """One's own, and those with a builder for whom one acts with customers."""
        if not is_signed_in(user):
            return self.none()
        if is_staff_with(user, "bookings.view_booking"):
            return self.all()
        found: Self = of_either(self, Q(customer=user), Q(builder__in=led_builders(user)))
        return found


class WaitlistEntryQuerySet(VisibleQuerySet["WaitlistEntry"]):
    """Places on waiting lists."""

    def waiting(self) -> Self:
        return self.filter(status=WaitlistStatus.WAITING)

    def open(self) -> Self:
        return self.filter(status__in=[WaitlistStatus.WAITING, WaitlistStatus.OFFERED])

    def on_offer(self) -> Self:
        """Those whose unit is theirs to hold now."""
        return self.filter(status=WaitlistStatus.OFFERED, offer_until__gt=Now())

    def with_place(self) -> Self:
        """``live_status``: the state as it is now; ``ahead``: how many come before, while it is
        open."""
        lapsed = Q(status=WaitlistStatus.OFFERED, offer_until__lte=Now())
        ahead = (
            apps.get_model("bookings.WaitlistEntry")
            .objects.open()
            .order_by()
            .exclude(lapsed)
            .filter(unit=OuterRef("unit"), position__lt=OuterRef("position"))
            .values("unit")
            .annotate(number=Count("pk"))
            .values("number")
        )
        found = Coalesce(Subquery(ahead, output_field=IntegerField()), 0)
        return self.annotate(
            live_status=Case(
                When(lapsed, then=Value(WaitlistStatus.LAPSED)),
                default=F("status"),
                output_field=CharField(),
            )
        ).annotate(
            ahead=Case(
                When(live_status__in=[WaitlistStatus.WAITING, WaitlistStatus.OFFERED], then=found),
                default=None,
                output_field=IntegerField(),
            )
        )

    def with_details(self) -> Self:
        """What a representation shows besides the row itself."""
        return self.with_place().select_related("unit__development", "customer__avatar")

    def visible_to(self, user: Any) -> Self:
        """One's own, and those for units of a builder for whom one acts with customers."""
        if not is_signed_in(user):
            return self.none()
        if is_staff_with(user, "bookings.view_waitlistentry"):
            return self.all()
        found: Self = of_either(
            self,
            Q(customer=user),
            Q(unit__development__builder__in=led_builders(user)),
        )
        return found


class ClaimLogQuerySet(VisibleQuerySet["ClaimLog"]):
    """What came of claims."""

    def with_place(self) -> Self:
        """``place``: of a lost claim among all who asked while that booking had the unit.

        Whoever has it is first; the others stand in the order of the first time they asked.
        """
        claims = apps.get_model("bookings.ClaimLog").objects.order_by()
        same = claims.filter(
            outcome=ClaimOutcome.LOST,
            subject=OuterRef("subject"),
            object_id=OuterRef("object_id"),
            booking=OuterRef("booking"),
        )
        first = same.filter(who=OuterRef("who")).values("booking").annotate(at=Min("asked_at"))
        before = (
            same.filter(asked_at__lt=OuterRef("first_asked_at"))
            .exclude(who=OuterRef("who"))
            .values("booking")
            .annotate(number=Count("who", distinct=True))
            .values("number")
        )
        number = Coalesce(Subquery(before, output_field=IntegerField()), 0) + 2
        lost = Q(outcome=ClaimOutcome.LOST, booking__isnull=False) & ~Q(booking__customer=F("who"))
        return self.annotate(first_asked_at=Subquery(first.values("at"))).annotate(
            place=Case(When(lost, then=number), default=None, output_field=IntegerField())
        )

    def visible_to(self, user: Any) -> Self:
        """One's own: who else asked is nobody's business but the staff's."""
        if not is_signed_in(user):
            return self.none()
        if is_staff_with(user, "bookings.view_claimlog"):
            return self.all()
        return self.filter(who=user)


class CancellationRequestQuerySet(VisibleQuerySet["CancellationRequest"]):
    """Wishes to leave a booking."""

    def visible_to(self, user: Any) -> Self:
        """Those about bookings that ``user`` may see."""
        if is_staff_with(user, "bookings.view_cancellationrequest"):
            return self.all()
        return self.filter(booking__in=_bookings_of(user))

    def with_people(self) -> Self:
        """The booking, and who asked and approved."""
        return self.select_related(
            "booking", "asked_by__avatar", "approved_by__avatar", "second_approved_by__avatar"
        )


class TransferRequestQuerySet(VisibleQuerySet["TransferRequest"]):
    """Wishes to pass a booking on."""

    def visible_to(self, user: Any) -> Self:
        """Those about bookings that ``user`` may see, or that are offered to them."""
        if not is_signed_in(user):
            return self.none()
        if is_staff_with(user, "bookings.view_transferrequest"):
            return self.all()
        found: Self = of_either(self, Q(to_customer=user), Q(booking__in=_bookings_of(user)))
        return found

    def with_people(self) -> Self:
        """The booking, and between whom it passes by whose decision."""
        return self.select_related(
            "booking", "from_customer__avatar", "to_customer__avatar", "decided_by__avatar"
        )


def _bookings_of(user: Any) -> Any:
    return apps.get_model("bookings.Booking").objects.visible_to(user).order_by().values("pk")
