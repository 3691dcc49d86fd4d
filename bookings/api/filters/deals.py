"""Filters of cancellations and transfers."""

from bookings.choices import RequestStatus
from bookings.models import CancellationRequest, TransferRequest
from config.shared.filter_fields import ChoiceFilter, UUIDFilter
from config.shared.filters import FilterSet

CANCELLATION_STATES = [
    (status.value, status.label)
    for status in RequestStatus
    if status not in {RequestStatus.ACCEPTED, RequestStatus.DECLINED}
]
TRANSFER_STATES = [
    (status.value, status.label)
    for status in RequestStatus
    if status != RequestStatus.SECOND_NEEDED
]


class CancellationFilter(FilterSet):
    """Cancellations by booking, development and state."""

    booking = UUIDFilter(field_name="booking")
    development = UUIDFilter(field_name="booking__development")
    status = ChoiceFilter(choices=CANCELLATION_STATES)

    class Meta:
        model = CancellationRequest
        fields: list[str] = []


class TransferFilter(FilterSet):
    """Transfers by booking, development and state."""

    booking = UUIDFilter(field_name="booking")
    development = UUIDFilter(field_name="booking__development")
    status = ChoiceFilter(choices=TRANSFER_STATES)

    class Meta:
        model = TransferRequest
        fields: list[str] = []
