"""Who acts for the two sides of an appointment."""

from accounts.models import Organization, User
from bookings.models import Appointment
from catalog.services.teams import SELLING_ROLES, is_on_team
from config.shared.errors import NotAllowedError

PERMISSION = "bookings.manage_appointment"


def is_staff_for_appointments(*, actor: User) -> bool:
    """Whether ``actor`` is staff who may act for any host."""
    return bool(actor.is_active and actor.is_staff and actor.has_perm(PERMISSION))


def acts_for(*, actor: User, organization: Organization | None) -> bool:
    """Whether ``actor`` makes appointments for the hosts of ``organization``."""
    if organization is None:
        return is_staff_for_appointments(actor=actor)
    return is_on_team(actor=actor, builder=organization, roles=SELLING_ROLES, permission=PERMISSION)


def is_host_side(*, appointment: Appointment, actor: User) -> bool:
    """Whether ``actor`` is the host, of the host's team, or staff for appointments."""
    return appointment.host_id == actor.pk or acts_for(
        actor=actor, organization=appointment.organization
    )


def require_host_side(*, appointment: Appointment, actor: User) -> None:
    """Raise ``NotAllowedError`` unless ``is_host_side``."""
    if not is_host_side(appointment=appointment, actor=actor):
        raise NotAllowedError("Only the host and the host's team may do this.")


def require_either_side(*, appointment: Appointment, actor: User) -> None:
    """Raise ``NotAllowedError`` unless ``actor`` is the guest or on the host's side."""
    if appointment.guest_id != actor.pk:
        require_host_side(appointment=appointment, actor=actor)
