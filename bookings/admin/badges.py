"""The numbers beside the lines of the side bar."""

from django.http import HttpRequest

from bookings.admin.dashboard import WAITING_CANCELLATIONS, WAITING_CHANGES
from bookings.choices import RefundStatus, TransactionStatus
from bookings.models import CancellationRequest, ChangeRequest, Instalment, Refund, Transaction


def objections_open(request: HttpRequest) -> str:
    """How many objections nobody has answered."""
    return str(Instalment.objects.objected().count())


def changes_waiting(request: HttpRequest) -> str:
    """How many change requests wait for the builder."""
    return str(ChangeRequest.objects.filter(status__in=WAITING_CHANGES).count())


def cancellations_waiting(request: HttpRequest) -> str:
    """How many cancellations wait for a decision."""
    return str(CancellationRequest.objects.filter(status__in=WAITING_CANCELLATIONS).count())


def refunds_waiting(request: HttpRequest) -> str:
    """How many refunds wait for a second person."""
    return str(Refund.objects.filter(status=RefundStatus.REQUESTED).count())


def disputes_open(request: HttpRequest) -> str:
    """How many disputes about sales nobody has decided."""
    return str(Transaction.objects.filter(status=TransactionStatus.DISPUTED).count())
