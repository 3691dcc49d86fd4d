"""The contract: a booking that is paid for becomes a sale by the signed paper."""

from accounts.choices import MediaKind, MediaPurpose
from accounts.models import MediaFile, User
from accounts.services.attachments import attach_file
from bookings.choices import BookingStatus
from bookings.flows import BOOKING_FLOW
from bookings.models import Booking
from bookings.services.deal_notices import tell_of_contract
from bookings.services.moving import move_booking
from bookings.services.open_requests import refuse_while_asked
from catalog.choices import UnitStatus
from catalog.services.teams import SELLING_ROLES, require_team
from catalog.services.unit_claims import shadow_unit
from config.shared.clock import database_now
from config.shared.errors import NotAllowedError
from config.shared.locks import lock
from config.shared.retries import retry_transaction

PERMISSION = "bookings.manage_booking"


@retry_transaction
def sign_contract(*, booking: Booking, actor: User, document: MediaFile) -> Booking:
    """Make a confirmed booking contracted by the signed paper, for the builder who sells.

    ``document`` is a checked document that ``actor`` uploaded as a contract; from now on whoever
    sees the booking may open it, and nobody else. Nobody signs for the builder what they buy. The
    unit is sold. Raises ``RequestOpenError`` while the customer's cancellation or transfer is
    undecided.
    """
    document, unit, booking = lock(document, booking.unit, booking)
    if booking.customer_id == actor.pk:
        raise NotAllowedError("Nobody signs a contract of their own for the builder.")
    require_team(actor=actor, builder=booking.builder, roles=SELLING_ROLES, permission=PERMISSION)
    BOOKING_FLOW.check(booking.status, BookingStatus.CONTRACTED)
    refuse_while_asked(booking)
    paper = attach_file(
        file=document,
        owner=actor,
        target=booking,
        pointer="/document",
        kinds={MediaKind.DOCUMENT},
        purposes={MediaPurpose.CONTRACT},
    )
    move_booking(
        booking,
        BookingStatus.CONTRACTED,
        actor=actor,
        contract=paper,
        contracted_at=database_now(),
    )
    shadow_unit(unit=unit, status=UnitStatus.SOLD)
    tell_of_contract(booking)
    return booking
