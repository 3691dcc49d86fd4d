"""The models of bookings and payments. Code outside the app imports them from here."""

from bookings.models.appointments import Appointment
from bookings.models.changes import ChangeRequest
from bookings.models.homes import Booking, ClaimLog, WaitlistEntry
from bookings.models.instalments import Instalment
from bookings.models.ledger import LedgerEntry, NumberSeries, PaymentFact, WebhookEvent
from bookings.models.offers import Offer
from bookings.models.payments import Payment, Refund
from bookings.models.requests import CancellationRequest, TransferRequest
from bookings.models.reviews import Review
from bookings.models.sales import Transaction

__all__ = [
    "Appointment",
    "Booking",
    "CancellationRequest",
    "ChangeRequest",
    "ClaimLog",
    "Instalment",
    "LedgerEntry",
    "NumberSeries",
    "Offer",
    "Payment",
    "PaymentFact",
    "Refund",
    "Review",
    "Transaction",
    "TransferRequest",
    "WaitlistEntry",
    "WebhookEvent",
]
