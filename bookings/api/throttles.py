"""Limits on what people ask of others."""

from accounts.api.throttles import PersonThrottle


class AppointmentThrottle(PersonThrottle):
    """One person asks for so many appointments an hour, new times for old ones included."""

    purpose = "appointments"
    limit = 60


class PaymentThrottle(PersonThrottle):
    """One person begins so many payments an hour, attempts at the test gateway included."""

    purpose = "payments"
    limit = 120


class OfferThrottle(PersonThrottle):
    """One person makes so many offers and counter-offers an hour."""

    purpose = "offers"
    limit = 120


class ReviewThrottle(PersonThrottle):
    """One person writes so many reviews an hour."""

    purpose = "reviews"
    limit = 60
