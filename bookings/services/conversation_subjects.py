"""Who talks about bookings and appointments, and whether those who talk have a deal."""

from collections.abc import Mapping

from accounts.choices import UserStatus
from accounts.models import Membership, User
from bookings.choices import TransactionStatus
from bookings.models import Appointment, Booking, Transaction
from bookings.querysets.homes import TEAM_ROLES
from messaging.choices import ConversationKind, ParticipantRole
from messaging.models import Conversation

# Money has been paid, or cash handed over.
PAID = (TransactionStatus.COMPLETED, TransactionStatus.DISPUTED, TransactionStatus.REFUNDED)


def people_of_booking(booking: Booking) -> Mapping[User, ParticipantRole]:
    """The customer, and those who act with customers for the builder."""
    seats = Membership.objects.live().filter(
        organization=booking.builder_id, role__in=TEAM_ROLES, user__status=UserStatus.ACTIVE
    )
    people = {seat.user: ParticipantRole.TEAM for seat in seats.select_related("user")}
    return {**people, booking.customer: ParticipantRole.CUSTOMER}


def people_of_appointment(visit: Appointment) -> Mapping[User, ParticipantRole]:
    """The host and the guest."""
    return {visit.host: ParticipantRole.HOST, visit.guest: ParticipantRole.MEMBER}


def have_deal(conversation: Conversation) -> bool:
    """Whether a sale was paid: of the product, or between two people who talk directly."""
    sales = Transaction.objects.filter(status__in=PAID)
    if conversation.kind == ConversationKind.PRODUCT:
        return sales.filter(product=conversation.product_id, buyer=conversation.buyer_id).exists()
    if conversation.kind != ConversationKind.DIRECT:
        return False
    two = conversation.participants.order_by().values("user")
    return sales.filter(buyer__in=two, seller__in=two).exists()
