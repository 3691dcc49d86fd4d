from django.apps import AppConfig


class BookingsConfig(AppConfig):
    """What people agree on: holds, offers, payments, appointments."""

    name = "bookings"
    verbose_name = "Bookings"
