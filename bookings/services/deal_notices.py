"""Who is told about contracts, cancellations, transfers and handovers, in the open transaction."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from accounts.choices import MembershipRole, OrganizationStatus
from accounts.models import Membership, Organization, User
from accounts.querysets.organizations import DECIDING_ROLES, LEADING_ROLES
from bookings.models import Booking, CancellationRequest, TransferRequest
from bookings.services.instalment_notices import shown
from catalog.services.teams import SITE_ROLES
from messaging.services.notifications import notify


def team_of(organization: Organization, roles: Iterable[MembershipRole]) -> list[User]:
    """The people who act for ``organization`` in one of ``roles``."""
    if organization.status != OrganizationStatus.ACTIVE:
        return []
    seats = Membership.objects.live().filter(organization=organization, role__in=list(roles))
    return [seat.user for seat in seats.select_related("user").order_by("user_id")]


def tell_of_contract(booking: Booking) -> None:
    """Tell the customer that the contract is signed."""
    _tell([booking.customer], "contract_signed", booking, booking.pk)


def tell_of_cancellation_asked(request: CancellationRequest, *, but: User) -> None:
    """Tell those who decide that a cancellation awaits them, or the second of them."""
    booking = request.booking
    _tell(
        [user for user in team_of(booking.builder, LEADING_ROLES) if user != but],
        "cancellation_asked",
        booking,
        request.pk,
        request.status,
        status=request.status,
        kept=shown(request.kept_amount, request.currency),
        refund=shown(request.refund_amount, request.currency),
    )


def tell_of_cancellation_decided(request: CancellationRequest, *, actor: User) -> None:
    """Tell the customer, who sold the unit and who leads the builder what came of it."""
    booking = request.booking
    people = [booking.customer, *team_of(booking.builder, LEADING_ROLES)]
    if booking.sales_agent is not None:
        people.append(booking.sales_agent)
    _tell(
        [user for user in people if user != actor],
        "cancellation_decided",
        booking,
        request.pk,
        request.status,
        status=request.status,
        refund=shown(request.refund_amount, request.currency),
        reason=request.decision_note,
    )


def tell_of_transfer_asked(request: TransferRequest) -> None:
    """Tell the new customer that a booking is offered to them."""
    _tell([request.to_customer], "transfer_asked", request.booking, request.pk, of="transfers")


def tell_of_transfer_accepted(request: TransferRequest) -> None:
    """Tell those who decide that both customers agree."""
    leaders = team_of(request.booking.builder, LEADING_ROLES)
    _tell(leaders, "transfer_accepted", request.booking, request.pk, of="transfers")


def tell_of_transfer_decided(request: TransferRequest, *, actor: User) -> None:
    """Tell both customers, and the builder once it was involved, what came of it."""
    people = [request.from_customer, request.to_customer]
    if request.accepted_at is not None:
        people += team_of(request.booking.builder, LEADING_ROLES)
    _tell(
        [user for user in people if user != actor],
        "transfer_decided",
        request.booking,
        request.pk,
        request.status,
        of="transfers",
        status=request.status,
        reason=request.decision_note,
    )


def tell_of_signature(booking: Booking, *, side: str) -> None:
    """Tell the other side that ``side`` (``customer`` or ``builder``) has signed the handover."""
    by_customer = side == "customer"
    people = team_of(booking.builder, SITE_ROLES) if by_customer else [booking.customer]
    _tell(people, "handover_signed", booking, booking.pk, side=side)


def tell_of_handover(booking: Booking, *, building: str) -> None:
    """Tell the customer that the home is theirs."""
    _tell([booking.customer], "handover_completed", booking, booking.pk, building=building)


def tell_society(society: Organization, *, booking: Booking, building: str) -> None:
    """Tell the society's committee that somebody has moved into the home."""
    for user in team_of(society, DECIDING_ROLES):
        notify(
            user=user,
            template="resident_joined",
            context={"unit": str(booking.unit), "building": building},
            dedupe_key=f"{booking.pk.hex}:{user.pk.hex}",
            link="/api/v1/residencies/",
        )


def _tell(
    people: Iterable[User],
    template: str,
    booking: Booking,
    subject: UUID,
    *happening: str,
    of: str = "",
    **context: Any,
) -> None:
    """Tell each of ``people`` once of this ``happening`` to the row ``subject``."""
    home = {
        "reference": booking.reference,
        "unit": str(booking.unit),
        "development": booking.development.name,
    }
    place = of or ("bookings" if subject == booking.pk else "cancellations")
    for user in dict.fromkeys(people):
        notify(
            user=user,
            template=template,
            context={**home, **context},
            dedupe_key=":".join([subject.hex, *happening, user.pk.hex]),
            link=f"/api/v1/{place}/{subject}/",
        )
