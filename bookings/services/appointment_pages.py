"""Appointments as they are shown."""

from typing import Any
from uuid import UUID

from accounts.models import User
from bookings.models import Appointment
from config.shared.errors import MissingError


def appointments_of_customer(*, reader: User, customer_id: UUID) -> Any:
    """The appointments of one customer that ``reader`` may see.

    For the customer all of them, for a builder's people those with that builder, for staff all.
    Raises ``MissingError`` for everybody else, as if there were no such person.
    """
    found = Appointment.objects.visible_to(reader).filter(guest=customer_id)
    sees_all = reader.is_staff and reader.has_perm("bookings.view_appointment")
    known = reader.pk == customer_id or (sees_all and User.objects.filter(pk=customer_id).exists())
    if not known and not found.exists():
        raise MissingError
    return found.with_people()
