"""Appointments for tests, made by the services that make the real ones."""

from datetime import datetime, timedelta
from typing import Any

import factory
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from accounts.models import User
from accounts.tests.factories.people import UserFactory
from bookings.choices import AppointmentStatus
from bookings.models import Appointment
from bookings.services.appointment_answers import cancel_appointment, confirm_appointment
from bookings.services.appointments import request_appointment
from bookings.services.slots import find_slots
from catalog.tests.factories.homes import DevelopmentFactory
from catalog.tests.factories.hours import host_of, receiving
from config.shared.clock import database_now


class AppointmentFactory(factory.Factory):
    """A site visit that a guest has asked a host of a development for, at the next free time.

    Traits: ``confirmed`` by the host, ``cancelled`` by the guest. Without a ``host`` somebody of
    the builder's sales people is it; without a ``development`` one is made.
    """

    class Meta:
        model = Appointment

    development = factory.SubFactory(DevelopmentFactory)
    host = factory.LazyAttribute(lambda visit: _host(visit.development))
    guest = factory.SubFactory(UserFactory)
    kind = "site_visit"
    starts_at = factory.LazyAttribute(lambda visit: next_slot(visit.host, visit.guest))
    status = AppointmentStatus.REQUESTED

    class Params:
        confirmed = factory.Trait(status=AppointmentStatus.CONFIRMED)
        cancelled = factory.Trait(status=AppointmentStatus.CANCELLED)

    @classmethod
    def _create(cls, model_class: type[Appointment], *args: Any, **kwargs: Any) -> Appointment:
        status, guest = kwargs.pop("status"), kwargs.pop("guest")
        made = request_appointment(actor=guest, **kwargs)
        if status == AppointmentStatus.CONFIRMED:
            return confirm_appointment(appointment=made, actor=made.host)
        if status == AppointmentStatus.CANCELLED:
            return cancel_appointment(appointment=made, actor=guest)
        return made


def _host(development: Any) -> User:
    return receiving(UserFactory()) if development is None else host_of(development)


def slots_of(host: User, guest: User | None = None, **asked: Any) -> list[datetime]:
    """When the free times of ``host`` begin, as ``guest`` sees them."""
    found = find_slots(host=host, guest=guest or UserFactory(), **asked)
    return [slot.starts_at for slot in found.slots]


def next_slot(host: User, guest: User | None = None, *, place: int = 0) -> datetime:
    """When the next free time of ``host`` begins that is not about to, or ``place`` times later."""
    soon = database_now() + timedelta(minutes=10)
    return [time for time in slots_of(host, guest) if time > soon][place]


def begun(appointment: Appointment) -> Appointment:
    """``appointment`` as if its time had come ten minutes ago."""
    start = database_now() - timedelta(minutes=10)
    length = appointment.during.upper - appointment.during.lower
    appointment.during = DateTimeTZRange(start, start + length)
    appointment.save(update_fields=["during"])
    return appointment
