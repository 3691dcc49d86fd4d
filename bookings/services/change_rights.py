"""Who acts on change requests, and until when: what every step of one checks first."""

from datetime import datetime

from accounts.models import User
from bookings.change_exceptions import BookingNotConfirmedError, TooLateError
from bookings.choices import BookingStatus
from bookings.models import Booking, ChangeRequest
from catalog.choices import PhaseStatus
from catalog.models import ProgressPhase
from catalog.services.teams import SITE_ROLES, require_team
from config.shared.clock import database_now
from config.shared.errors import InvalidInputError, NotAllowedError
from config.shared.locks import lock

PERMISSION = "bookings.manage_changerequest"
CHANGEABLE = (BookingStatus.CONFIRMED, BookingStatus.CONTRACTED)


def locked_change(
    change: ChangeRequest, *phases: ProgressPhase | None
) -> tuple[ChangeRequest, datetime]:
    """The request as it is now, and the time.

    The phase that it must precede, ``phases`` and its booking are locked before it: none of them
    moves while one decides.
    """
    concerned = {phase.pk: phase for phase in (change.cutoff_phase, *phases) if phase is not None}
    *_, booking, found = lock(*concerned.values(), change.booking, change)
    found.booking = booking
    return found, database_now()


def require_customer(*, change: ChangeRequest, actor: User) -> None:
    """Raise ``NotAllowedError`` unless it is the request of ``actor``."""
    if change.customer_id != actor.pk:
        raise NotAllowedError("Only the customer may do this.")


def require_builder(*, change: ChangeRequest, actor: User) -> None:
    """Raise ``NotAllowedError`` unless ``actor`` answers for the builder; never one's own."""
    if change.customer_id == actor.pk:
        raise NotAllowedError("Nobody answers a request of their own.")
    require_team(
        actor=actor, builder=change.booking.builder, roles=SITE_ROLES, permission=PERMISSION
    )


def require_changeable(*, booking: Booking) -> None:
    """Raise ``BookingNotConfirmedError`` unless the customer has the unit for certain."""
    if booking.status not in CHANGEABLE:
        raise BookingNotConfirmedError(current=booking.status)


def require_in_time(*, change: ChangeRequest) -> None:
    """Raise ``TooLateError`` once the phase that the change must precede is under way.

    A phase that rests or is late has begun as well: only a planned one has not.
    """
    if change.cutoff_phase_id is None:
        return
    phase = ProgressPhase.objects.get(pk=change.cutoff_phase_id)
    if phase.status != PhaseStatus.PLANNED:
        raise TooLateError(phase={"id": str(phase.pk), "name": phase.name, "status": phase.status})


def check_phase(*, booking: Booking, phase: ProgressPhase | None) -> None:
    """Raise ``InvalidInputError`` for a phase of another development."""
    if phase is not None and phase.development_id != booking.development_id:
        raise InvalidInputError.at(
            "/cutoff_phase", "other_development", "A phase of the booking's development."
        )
