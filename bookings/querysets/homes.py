"""Which bookings somebody may see, and what is true of them now."""

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Case, CharField, DateTimeField, F, Q, Value, When
from django.db.models.functions import Now

from accounts.choices import MembershipRole
from accounts.querysets.organizations import LEADING_ROLES
from bookings.choices import (
    LAPSING_BOOKINGS,
    LIVE_BOOKINGS,
    BookingStatus,
)
from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from bookings.models import Booking, CancellationRequest, TransferRequest

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
        """What a representation shows besides the row itself, with the time it was read."""
        ends = Case(
            When(live_status=BookingStatus.HELD, then=F("held_until")),
            When(live_status=BookingStatus.PENDING_PAYMENT, then=F("pay_until")),
            default=None,
            output_field=DateTimeField(),
        )
        return (
            self.with_live_status()
            .annotate(expires_at=ends, server_time=Now())
            .select_related(
                "unit", "development", "builder", "customer__avatar", "sales_agent__avatar"
            )
        )

    def of_builders(self, user: Any) -> Self:
        """Those with a builder for whom ``user`` acts with customers."""
        return self.filter(builder__in=led_builders(user)) if is_signed_in(user) else self.none()

    def visible_to(self, user: Any) -> Self:
        """One's own, and those with a builder for whom one acts with customers."""
        if not is_signed_in(user):
            return self.none()
        if is_staff_with(user, "bookings.view_booking"):
            return self.all()
        found: Self = of_either(self, Q(customer=user), Q(builder__in=led_builders(user)))
        return found


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
