"""What came of appointments, once they have begun."""

import pytest

from bookings.appointment_exceptions import (
    AlreadyBegunError,
    NotBegunError,
)
from bookings.services.appointment_answers import (
    cancel_appointment,
    complete_appointment,
    confirm_appointment,
    mark_no_show,
)
from bookings.services.appointments import reschedule_appointment
from bookings.tests.factories.appointments import (
    AppointmentFactory,
    begun,
    next_slot,
)
from config.shared.errors import InvalidTransitionError, NotAllowedError

pytestmark = [pytest.mark.django_db, pytest.mark.capability("R21")]


def test_what_came_of_it_is_said_once_it_has_begun():
    first, second = AppointmentFactory(confirmed=True), AppointmentFactory(confirmed=True)
    with pytest.raises(NotBegunError):
        complete_appointment(appointment=first, actor=first.host)

    begun(first), begun(second)
    done = complete_appointment(appointment=first, actor=first.host, note="Likes 12B")
    missed = mark_no_show(appointment=second, actor=second.host)

    assert (done.status, done.outcome_note, missed.status) == ("completed", "Likes 12B", "no_show")
    for visit in (first, second):
        with pytest.raises(InvalidTransitionError):
            complete_appointment(appointment=visit, actor=visit.host)


def test_what_has_begun_is_no_longer_agreed_on():
    asked, visit = begun(AppointmentFactory()), begun(AppointmentFactory(confirmed=True))
    later = next_slot(visit.host)

    for call in (
        lambda: confirm_appointment(appointment=asked, actor=asked.host),
        lambda: cancel_appointment(appointment=visit, actor=visit.guest),
        lambda: reschedule_appointment(appointment=visit, actor=visit.host, starts_at=later),
    ):
        with pytest.raises(AlreadyBegunError):
            call()

    assert {asked.status, visit.status} == {"requested", "confirmed"}
    with pytest.raises(NotAllowedError):
        mark_no_show(appointment=visit, actor=visit.guest)
