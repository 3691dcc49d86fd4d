"""Who is told about change requests: the builder of what awaits them, the customer of the rest."""

from typing import Any

from accounts.choices import UserStatus
from accounts.models import Membership
from bookings.models import ChangeRequest
from bookings.services.instalment_notices import shown
from catalog.services.teams import SITE_ROLES
from messaging.services.notifications import notify


def tell_builder(change: ChangeRequest, template: str) -> None:
    """Tell those of the builder's people who answer change requests, in the open transaction."""
    seats = Membership.objects.live().filter(
        organization=change.booking.builder_id,
        role__in=SITE_ROLES,
        user__status=UserStatus.ACTIVE,
    )
    for seat in seats.exclude(user=change.customer_id).select_related("user").order_by("pk"):
        notify(
            user=seat.user,
            template=template,
            context=_facts(change),
            dedupe_key=f"{change.pk.hex}:{seat.user.pk.hex}",
            link=_link(change),
        )


def tell_customer(change: ChangeRequest, template: str, **more: Any) -> None:
    """Tell the customer what became of their request, in the open transaction."""
    notify(
        user=change.customer,
        template=template,
        context={**_facts(change), **more},
        dedupe_key=change.pk.hex,
        link=_link(change),
    )


def tell_of_quote(change: ChangeRequest) -> None:
    """Tell the customer what the change would cost, and until when they can have it for that."""
    price = change.quoted_price
    tell_customer(
        change,
        "change_quoted",
        amount=shown(price, change.currency) if price else "",
        days=change.extra_days,
        until=change.quote_valid_until,
    )


def _facts(change: ChangeRequest) -> dict[str, str]:
    return {
        "reference": change.reference,
        "unit": str(change.unit),
        "development": change.booking.development.name,
    }


def _link(change: ChangeRequest) -> str:
    return f"/api/v1/change-requests/{change.pk}/"
