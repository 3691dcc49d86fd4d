"""Which places on waiting lists and which claims somebody may see, and how they stand."""

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

from bookings.choices import ClaimOutcome, ClaimSubject, WaitlistStatus
from bookings.querysets.homes import is_signed_in, is_staff_with, led_builders, of_either
from config.shared.querysets import VisibleQuerySet

if TYPE_CHECKING:
    from bookings.models import ClaimLog, WaitlistEntry


class WaitlistEntryQuerySet(VisibleQuerySet["WaitlistEntry"]):
    """Places on waiting lists."""

    def waiting(self) -> Self:
        return self.filter(status=WaitlistStatus.WAITING)

    def open(self) -> Self:
        return self.filter(status__in=[WaitlistStatus.WAITING, WaitlistStatus.OFFERED])

    def of_customer(self, user: Any) -> Self:
        """One person's own."""
        return self.filter(customer=user) if is_signed_in(user) else self.none()

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

    def of(self, user: Any, unit: Any) -> Self:
        """One person's own claims to one unit, offers from its waiting list included."""
        if not is_signed_in(user):
            return self.none()
        return self.filter(
            who=user,
            object_id=unit.pk,
            subject__in=[ClaimSubject.UNIT, ClaimSubject.WAITLIST_OFFER],
        )

    def of_product(self, user: Any, product: Any) -> Self:
        """One person's own claims to one product."""
        if not is_signed_in(user):
            return self.none()
        return self.filter(who=user, object_id=product.pk, subject=ClaimSubject.PRODUCT)

    def with_place(self) -> Self:
        """``place``: of a lost claim among all who asked while that claim stood in their way.

        Whoever has it is first; the others stand in the order of the first time they asked.
        """
        holder = Coalesce("booking_id", "transaction_id")
        claims = apps.get_model("bookings.ClaimLog").objects.order_by().annotate(holder=holder)
        same = claims.filter(
            outcome=ClaimOutcome.LOST,
            subject=OuterRef("subject"),
            object_id=OuterRef("object_id"),
            holder=OuterRef("holder"),
        )
        first = same.filter(who=OuterRef("who")).values("holder").annotate(at=Min("asked_at"))
        before = (
            same.filter(asked_at__lt=OuterRef("first_asked_at"))
            .exclude(who=OuterRef("who"))
            .values("holder")
            .annotate(number=Count("who", distinct=True))
            .values("number")
        )
        number = Coalesce(Subquery(before, output_field=IntegerField()), 0) + 2
        lost = Q(outcome=ClaimOutcome.LOST, holder__isnull=False) & ~Q(
            Q(booking__customer=F("who")) | Q(transaction__buyer=F("who"))
        )
        return (
            self.annotate(holder=holder)
            .annotate(first_asked_at=Subquery(first.values("at")))
            .annotate(
                place=Case(When(lost, then=number), default=None, output_field=IntegerField())
            )
        )

    def visible_to(self, user: Any) -> Self:
        """One's own: who else asked is nobody's business but the staff's."""
        if not is_signed_in(user):
            return self.none()
        if is_staff_with(user, "bookings.view_claimlog"):
            return self.all()
        return self.filter(who=user)
