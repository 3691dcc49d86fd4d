"""Cancellations and transfers that are being decided on: one at a time per booking."""

from accounts.models import User
from bookings.choices import BookingStatus, RequestStatus
from bookings.deal_exceptions import RequestOpenError
from bookings.flows import BOOKING_FLOW
from bookings.models import Booking, CancellationRequest, TransferRequest
from config.shared.errors import InvalidInputError, InvalidTransitionError, NotAllowedError

OPEN_REQUESTS = (RequestStatus.ASKED, RequestStatus.ACCEPTED, RequestStatus.SECOND_NEEDED)
# The states of a booking that one leaves by asking, not by oneself.
BINDING = (BookingStatus.CONFIRMED, BookingStatus.CONTRACTED)


def refuse_while_asked(booking: Booking) -> None:
    """Raise ``RequestOpenError`` while a cancellation or transfer of ``booking`` is undecided.

    The booking is locked, so that no other is asked for meanwhile.
    """
    for model in (CancellationRequest, TransferRequest):
        if model.objects.filter(booking=booking, status__in=OPEN_REQUESTS).exists():
            raise RequestOpenError


def check_binding(booking: Booking) -> None:
    """Raise ``InvalidTransitionError`` unless ``booking`` is confirmed or contracted."""
    if booking.status not in BINDING:
        raise InvalidTransitionError(booking.status, BOOKING_FLOW.allowed(booking.status))


def check_customer(booking: Booking, actor: User) -> None:
    """Raise ``NotAllowedError`` unless ``booking`` is the actor's own."""
    if booking.customer_id != actor.pk:
        raise NotAllowedError("Only the customer of the booking may ask for this.")


def check_reason(text: str) -> str:
    """``text`` without the space around it; a refusal or wish without one is none."""
    if not text.strip():
        raise InvalidInputError.at("/reason", "required", "Say why.")
    return text.strip()
