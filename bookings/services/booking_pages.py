"""Bookings as they are shown, and the little that is changed of one beside its state."""

from typing import Any
from uuid import UUID

from accounts.models import User
from bookings.models import Booking
from bookings.services.holds import check_party
from config.shared import audit
from config.shared.errors import MissingError
from config.shared.locks import lock
from config.shared.retries import retry_transaction


def bookings_of_customer(*, reader: User, customer_id: UUID) -> Any:
    """The bookings of one customer that ``reader`` may see.

    For the customer all of them, for a builder's people those with that builder, for staff all.
    Raises ``MissingError`` for everybody else, as if there were no such person.
    """
    found = Booking.objects.visible_to(reader).filter(customer=customer_id)
    sees_all = reader.is_staff and reader.has_perm("bookings.view_booking")
    known = reader.pk == customer_id or (sees_all and User.objects.filter(pk=customer_id).exists())
    if not known and not found.exists():
        raise MissingError
    return found.with_details()


@retry_transaction
def change_notes(*, booking: Booking, actor: User, notes: str) -> Booking:
    """Change the notes of ``booking``, for its customer or the builder's sales."""
    check_party(actor=actor, booking=booking)
    (booking,) = lock(booking)
    notes = notes.strip()
    if notes != booking.notes:
        booking.notes = notes
        booking.save(update_fields=["notes", "updated_at"])
        audit.record("bookings.booking.noted", target=booking, actor=actor)
    return booking
