"""The models of bookings and payments. Code outside the app imports them from here."""

from bookings.models.appointments import Appointment
from bookings.models.changes import ChangeRequest
from bookings.models.homes import Booking, ClaimLog, WaitlistEntry
from bookings.models.instalments import Instalment
from bookings.models.ledger import LedgerEntry, NumberSeries, PaymentFact, WebhookEvent
from bookings.models.payments import Payment, Refund
from bookings.models.requests import CancellationRequest, TransferRequest

__all__ = [
    "Appointment",
    "Booking",
    "CancellationRequest",
    "ChangeRequest",
    "ClaimLog",
    "Instalment",
    "LedgerEntry",
    "NumberSeries",
    "Payment",
    "PaymentFact",
    "Refund",
    "TransferRequest",
    "WaitlistEntry",
    "WebhookEvent",
]
